"""Plays the demo's stories through the real services, in the order of time, with the clock told to the past days."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.utils import timezone

from accounts.models import Unit, User
from approvals.models import Request
from approvals.services import decide
from config.demo.meetings import MEETINGS
from config.demo.stories import STORIES, Contact, Handling, Story
from core import clock
from core.verdicts import Refused
from leads.forms.fields import FilingFields
from leads.forms.filing import FilingForm
from leads.forms.lists import filing_words, own_outlet
from leads.models import Assignment, Lead
from leads.services import assignments, audit, filing, settling, work
from policies.dictionaries import Words

MEASURED = 5
NAMED = ("city", "source", "order_type", "decoration_company", "designer", "target_city")
HOUR = timedelta(hours=1)


class Step(NamedTuple):
    """The filing of a story, or what happens to its lead; nothing where that was turned away."""

    at: datetime
    story: Story
    do: Callable[[Lead], None] | None


def play() -> None:
    """Everything of all stories that lies in the past, from filing to decision, and what has run out by now."""
    people = {user.username: user for user in User.objects.select_related("unit")}
    told, of_office = STORIES + MEETINGS, filing_words(people["office1"])
    communities = {story.community for story in told}
    vocabulary = {name: filing_words(people[name], communities=communities) for name in {story.filer for story in told}}
    steps: list[Step] = []
    for place, story in enumerate(told):
        filed_at = moment(story.days_ago, 9 + place % 8, 7 * place % 60)
        steps += [Step(filed_at, story, None), *life(story, place, filed_at, people, of_office)]
    leads: dict[str, Lead | None] = {}
    for step in sorted(steps, key=lambda step: step.at):
        if step.at >= timezone.now():
            continue
        with clock.told(step.at):
            if step.do is None:
                filer = step.story.filer
                leads[step.story.mobile] = file(step.story, people[filer], vocabulary[filer])
            elif lead := leads[step.story.mobile]:
                step.do(lead)
    settling.settle_all(timezone.now())


def life(story: Story, place: int, filed_at: datetime, people: Mapping[str, User], words: Words) -> Iterator[Step]:
    """What follows on a filing."""
    if story.granted_after:
        yield Step(filed_at + timedelta(days=story.granted_after), story, partial(grant, by=people["office1"]))
    for contact in story.contacts:
        at = filed_at + timedelta(days=contact.after, minutes=25)
        yield Step(at, story, partial(tell, contact, by=people[story.filer]))
    for number, handling in enumerate(story.handlings):
        yield from handled(handling, story, people, words, filed_at + (2 + number) * HOUR)
    if place % MEASURED == 0 and story in STORIES:
        at = filed_at + timedelta(days=1)
        yield Step(at, story, partial(dispatch, people=people, at=at))
        yield Step(at + timedelta(days=1, hours=2), story, partial(report, people=people))


def grant(lead: Lead, *, by: User) -> None:
    request = Request.objects.get(subject_id=lead.pk, subject_type=lead._meta.label_lower, state="pending")
    decide(request.pk, "grant", by=by, answer="情况属实，同意报备")


def dispatch(lead: Lead, *, people: Mapping[str, User], at: datetime) -> None:
    """A designer is sent for the day after."""
    designer, by = people["designer1"], people["manager3"]
    work.dispatch(lead, designer_id=designer.pk, scheduled_at=at + timedelta(days=1), note="", by=by)


def report(lead: Lead, *, people: Mapping[str, User]) -> None:
    said = "已量房，厨房 5.2 平方米，水电点位已标"
    work.report(lead.measurements.get(), result=said, by=people["designer1"])


def moment(days_ago: int, hour: int, minute: int) -> datetime:
    today = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today - timedelta(days=days_ago)


class QueuingFields(FilingFields):
    """The fields of a filing that may wait for its customer."""

    queue = FilingForm.base_fields["queue"]


def file(story: Story, filer: User, words: Words) -> Lead | None:
    """The lead of a story; None where it is turned away, as its table says."""
    form = QueuingFields(typed(story, filer, words), words=words, user=filer)
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
    if story.queues:
        fields["queue"] = "1"
    if story.visit_in:
        fields["visit_planned_at"] = f"{clock.likely_today() + timedelta(days=story.visit_in)}T10:00"
    if login := fields.get("referring_employee"):
        fields["referring_employee"] = User.objects.get(username=login).pk
    outlet = own_outlet(filer, words)
    return fields | {"outlet": outlet.pk if outlet else None}


def tell(contact: Contact, lead: Lead, *, by: User) -> None:
    work.follow_up(
        lead,
        kind=contact.kind,
        status=contact.status,
        next_on=clock.likely_today() + timedelta(days=3),
        phone=lead.mobile,
        content=contact.content,
        by=by,
    )


def handled(handling: Handling, story: Story, people: Mapping[str, User], words: Words, at: datetime) -> Iterator[Step]:
    """Assign, correct, take the deposit and decide, an hour apart, as far as the story goes."""
    store = Unit.objects.get(name=handling.store)
    seller = next(user for user in people.values() if user.unit_id == store.pk)
    order_type = words.named("order_type")[handling.order_type].pk

    def case(lead: Lead) -> Assignment:
        return Assignment.objects.with_names().get(lead=lead, order_type=order_type, standing=True)

    def assign(lead: Lead) -> None:
        assignments.assign(lead, store_id=store.pk, order_type_id=order_type, note="", by=people["manager3"])

    def correct(lead: Lead) -> None:
        assignments.correct(case(lead), fields=corrected(case(lead), handling.corrected, words), by=seller)

    def pay(lead: Lead) -> None:
        found, amount, paid_on = case(lead), Decimal(handling.deposit), clock.likely_today()
        assignments.take_deposit(found, amount=amount, paid_on=paid_on, receipt=f"SJ{found.pk:05}", by=seller)

    def decide_case(lead: Lead) -> None:
        audit.decide([case(lead).pk], result=handling.result, remark=handling.remark, by=people["auditor1"])

    yield Step(at, story, assign)
    if handling.corrected:
        yield Step(at + HOUR, story, correct)
    if handling.deposit:
        yield Step(at + 1.5 * HOUR, story, pay)
    if handling.result:
        yield Step(at + 3 * HOUR, story, decide_case)


def corrected(case: Assignment, changes: dict[str, str], words: Words) -> dict[str, Any]:
    """The case's fields with the showroom's changes, names turned into ids."""
    fields: dict[str, Any] = {
        name: getattr(case, f"actual_{assignments.column_of(name)}") for name in assignments.ACTUAL
    }
    for name, value in changes.items():
        fields[name] = words.named(name)[value].pk if name in NAMED else value
    return fields
