"""Plays the demo's stories through the real services, with the clock told to the past days."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Unit, User
from config.demo.meetings import MEETINGS
from config.demo.stories import STORIES, Contact, Handling, Story
from core import clock
from core.verdicts import Refused
from leads.forms.fields import FilingFields
from leads.forms.lists import filing_words, own_outlet
from leads.models import Assignment, Lead
from leads.services import assignments, audit, filing, work
from policies.dictionaries import Words

MEASURED = 5
NAMED = ("city", "source", "order_type", "decoration_company", "designer", "target_city")


def play() -> None:
    """Every story from filing to decision; then what meets them."""
    people = {user.username: user for user in User.objects.select_related("unit")}
    told, of_office = STORIES + MEETINGS, filing_words(people["office1"])
    communities = {story.community for story in told}
    vocabulary = {name: filing_words(people[name], communities=communities) for name in {story.filer for story in told}}
    for place, story in enumerate(told):
        filed_at = moment(story.days_ago, 9 + place % 8, 7 * place % 60)
        with clock.told(filed_at):
            lead = file(story, people[story.filer], vocabulary[story.filer])
        if not lead:
            continue
        for contact in story.contacts:
            tell(contact, lead, people[story.filer], filed_at)
        for step, handling in enumerate(story.handlings):
            handle(handling, lead, people, of_office, filed_at + timedelta(hours=2 + step))
        if place % MEASURED == 0 and story in STORIES:
            measure(lead, people, filed_at + timedelta(days=1))


def measure(lead: Lead, people: dict[str, User], at: datetime) -> None:
    """A designer dispatched for the day after; what lies in the past is reported."""
    designer = people["designer1"]
    with clock.told(at):
        work.dispatch(
            lead, designer_id=designer.pk, scheduled_at=at + timedelta(days=1), note="", by=people["manager3"]
        )
    if at + timedelta(days=2) < timezone.now():
        with clock.told(at + timedelta(days=1, hours=2)):
            work.report(lead.measurements.get(), result="已量房，厨房 5.2 平方米，水电点位已标", by=designer)


def moment(days_ago: int, hour: int, minute: int) -> datetime:
    today = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


def file(story: Story, filer: User, words: Words) -> Lead | None:
    """The lead of a story; None where it is turned away, as its table says."""
    form = FilingFields(typed(story, filer, words), words=words, user=filer)
    if not form.is_valid():
        raise ValueError(f"{story.name}: {form.errors.as_text()}")
    try:
        found: Lead = filing.file_lead(form.claim(), by=filer).lead
    except Refused:
        if story.turned_away:
            return None
        raise
    return found


def typed(story: Story, filer: User, words: Words) -> dict[str, Any]:
    """The story as the form's fields, names turned into ids."""
    fields: dict[str, Any] = {
        "name": story.name,
        "mobile": story.mobile,
        "community": story.community,
        "building_room": story.building_room,
        **{name: getattr(story, name) for name in ("city", "source", "order_type")},
        **story.extra,
    }
    for name in NAMED:
        if fields.get(name):
            fields[name] = words.named("city" if name == "target_city" else name)[fields[name]].pk
    if story.visit_in:
        fields["visit_planned_at"] = f"{clock.likely_today() + timedelta(days=story.visit_in)}T10:00"
    if login := fields.get("referring_employee"):
        fields["referring_employee"] = User.objects.get(username=login).pk
    outlet = own_outlet(filer, words)
    return fields | {"outlet": outlet.pk if outlet else None}


def tell(contact: Contact, lead: Lead, by: User, filed_at: datetime) -> None:
    at = filed_at + timedelta(days=contact.after, minutes=25)
    if at >= timezone.now():
        return
    with clock.told(at):
        work.follow_up(
            lead,
            kind=contact.kind,
            status=contact.status,
            next_on=clock.day_of(at + timedelta(days=3)),
            phone=lead.mobile,
            content=contact.content,
            by=by,
        )


def handle(handling: Handling, lead: Lead, people: dict[str, User], words: Words, at: datetime) -> None:
    """Assign, correct, take the deposit and decide, an hour apart, as far as the story goes and the past reaches."""
    store = Unit.objects.get(name=handling.store)
    seller = next(user for user in people.values() if user.unit_id == store.pk)
    manager, auditor = people["manager3"], people["auditor1"]
    order_type = words.named("order_type")[handling.order_type].pk
    with clock.told(at):
        assignments.assign(lead, store_id=store.pk, order_type_id=order_type, note="", by=manager)
    case = Assignment.objects.with_names().get(lead=lead, order_type=order_type, standing=True)
    if handling.corrected:
        with clock.told(at + timedelta(hours=1)):
            assignments.correct(case, fields=corrected(case, handling.corrected, words), by=seller)
    if handling.deposit:
        with clock.told(at + timedelta(hours=1, minutes=30)):
            paid_on = clock.likely_today()
            assignments.take_deposit(
                case, amount=Decimal(handling.deposit), paid_on=paid_on, receipt=f"SJ{case.pk:05}", by=seller
            )
    if handling.result:
        with clock.told(at + timedelta(hours=3)):
            audit.decide([case.pk], result=handling.result, remark=handling.remark, by=auditor)


def corrected(case: Assignment, changes: dict[str, str], words: Words) -> dict[str, Any]:
    """The case's fields with the showroom's changes, names turned into ids."""
    fields: dict[str, Any] = {
        name: getattr(case, f"actual_{assignments.column_of(name)}") for name in assignments.ACTUAL
    }
    for name, value in changes.items():
        fields[name] = words.named(name)[value].pk if name in NAMED else value
    return fields
