"""File, edit, withdraw, check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import events, once
from core.clock import database_now, day_of, likely_today
from core.serials import next_numbers
from core.text import fold, search_text
from core.verdicts import Refused
from customers.keys import Key
from customers.models import Customer
from leads import quotas, rules
from leads.choices import Door, Hold, Progress
from leads.claims import Claim, Judgement, Outcome
from leads.models import Lead
from leads.services.attempts import note_attempts
from leads.services.fields import changed, column_of, snapshot
from leads.services.ownership import Overtaken, again, hold_keys, let_go, new_customers, stay_holder, take_free
from leads.workflow import Action, demand, perform

PREFIX = "KH"
FOLLOWED = ("follow_up_status", "next_follow_up_on")
CHANGEABLE = (
    "name",
    "mobile",
    "phone",
    "city",
    "community",
    "building_room",
    "source",
    "order_type",
    "member_card",
    "estimated_amount",
    "decoration_company",
    "designer",
    "designer_phone",
    "referrer_name",
    "referrer_mobile",
    "referrer_card",
    "referring_employee",
    "follow_up_status",
    "next_follow_up_on",
    "budget_note",
    "outlet",
)


def file_lead(
    claim: Claim, *, by: User, filer: User | None = None, secret: str = "", door: Door = Door.FORM
) -> Outcome:
    """File one lead. Raises `Refused` with every reason; the try is recorded either way."""
    filer = filer or by
    try:
        return again(lambda: _file_one(claim, by=by, filer=filer, secret=secret, door=door))
    except Refused as refused:
        if outcome := refused.context.get("outcome"):
            with transaction.atomic(durable=True):
                note_attempts([outcome], by=by, door=door, at=database_now())
        raise


def _file_one(claim: Claim, *, by: User, filer: User, secret: str, door: Door) -> Outcome:
    with once.action(by.pk, secret) as answer:
        [outcome] = file_batch([claim], by=by, people={filer.pk: filer}, door=door)
        if outcome.lead is None:
            raise Refused(outcome.problems, outcome=outcome)
        answer.location = outcome.lead.get_absolute_url()
    return outcome


def file_batch(
    claims: Sequence[Claim], *, by: User, people: Mapping[int, User], door: Door, beyond_quota: bool = False
) -> list[Outcome]:
    """File every claim that nothing blocks, inside the caller's transaction. Outcomes come in the order of the claims.

    `people` are the filers by id. The form files a batch of one, the import a batch of many. Raises `Overtaken`.
    """
    day = likely_today()
    states = quotas.quotas_of(people.values(), day)
    wanted = {pk: sum(claim.filer_id == pk for claim in claims) for pk in sorted(people)}
    caps = {pk: None if beyond_quota else states[pk].cap for pk in people}
    granted = {pk: quotas.take(pk, day, caps[pk], count) for pk, count in wanted.items() if count}
    plan = judge_batch(claims, granted)
    customers = plan.take_customers()
    for filer_id, units in plan.unused.items():
        quotas.give_back(filer_id, day, units)
    at = _write(plan, customers, by=by, day=day) if customers else database_now()
    accepted = [outcome for outcome in plan.outcomes if outcome.lead is not None]
    note_attempts(accepted if door != Door.IMPORT else plan.outcomes, by=by, door=door, at=at)
    return plan.outcomes


@dataclass
class Plan:
    """What a batch will do: outcomes in order, and for each accepted claim the customer it goes to.

    A customer that is still to be made has a negative placeholder.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    customers: dict[int, int] = field(default_factory=dict)
    fresh: dict[int, Claim] = field(default_factory=dict)
    freed: dict[int, set[int]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)
    unused: dict[int, int] = field(default_factory=dict)

    def accept(self, index: int, claim: Claim, judgement: Judgement, known: rules.Known) -> int:
        customer_id = judgement.customer_id
        if customer_id is None:
            customer_id = -index - 1
            self.fresh[customer_id] = claim
        elif customer_id > 0:
            group = self.joined if judgement.matches else self.freed
            group.setdefault(claim.filer_id, set()).add(customer_id)
        self.customers[index] = customer_id
        for key in claim.keys:
            if key not in known.holders:
                self.keys[key] = customer_id
        return customer_id

    def take_customers(self) -> dict[int, int]:
        """Make, take and join the customers and hold the keys; the customer's id by the place of the claim."""
        made = new_customers(self.fresh) if self.fresh else {}
        if self.keys:
            hold_keys({key: made.get(pk, pk) for key, pk in self.keys.items()})
        for filer_id, ids in sorted(self.freed.items()):
            take_free(ids, filer_id)
        for filer_id, ids in sorted(self.joined.items()):
            stay_holder(ids, filer_id)
        return {index: made.get(pk, pk) for index, pk in self.customers.items()}


def judge_batch(claims: Sequence[Claim], left: Mapping[int, int | None]) -> Plan:
    """Judge a batch in order, each claim seeing the accepted ones before it. Writes nothing: the preview asks it too.

    `left` is what each filer may still file; None is unlimited.
    """
    plan = Plan()
    known = rules.known_of(claims)
    remaining = dict(left)
    for index, claim in enumerate(claims):
        outcome = Outcome(claim, rules.judge(claim, known), problems=list(rules.information(claim)))
        outcome.problems += rules.refusal(claim, outcome.judgement)
        units = remaining.get(claim.filer_id)
        if not outcome.blocked and units == 0:
            outcome.problems.append(rules.quota_problem())
        if not outcome.blocked:
            if units is not None:
                remaining[claim.filer_id] = units - 1
            customer_id = plan.accept(index, claim, outcome.judgement, known)
            known.add(claim, customer_id, _("row %s of this file") % claim.row if claim.row else "")
        plan.outcomes.append(outcome)
    plan.unused = {pk: units for pk, units in remaining.items() if units}
    return plan


def _write(plan: Plan, customers: Mapping[int, int], *, by: User, day: date) -> datetime:
    """Number the accepted claims and write leads and events; the moment of filing.

    The serial counter is the last lock taken, and the clock is read under it: whoever waited is later.
    """
    numbers, at = next_numbers(PREFIX, day, len(customers))
    if day_of(at) != day:
        raise Overtaken
    leads = {}
    for number, (index, customer_id) in zip(numbers, customers.items(), strict=True):
        claim = plan.outcomes[index].claim
        leads[index] = Lead(
            number=number,
            customer_id=customer_id,
            filer_id=claim.filer_id,
            filed_by=by,
            filed_at=at,
            filed_on=day,
            **columns(claim, number),
        )
    Lead.objects.bulk_create(leads.values())
    for index, lead in leads.items():
        plan.outcomes[index].lead = lead
    filed = [events.event(lead, "file", by=by, at=at, after=Progress.FILED) for lead in leads.values()]
    events.Event.objects.bulk_create(filed)
    return at


def columns(claim: Claim, number: str) -> dict[str, Any]:
    """The claim's fields as columns of `Lead`, with what searching reads."""
    found = {column_of(name): value for name, value in claim.fields.items() if name in CHANGEABLE and value is not None}
    fields = claim.fields
    found["search_text"] = search_text(fields["name"], claim.city_name + fields["community"], number)
    found["address_text"] = fold(claim.city_name + fields["community"] + (fields.get("building_room") or ""))
    return found


def check(claim: Claim, *, by: User) -> Outcome:
    """The live verdict while somebody types: the answer that filing would obey. Only the try is written."""
    outcome = Outcome(claim, rules.judge(claim, rules.known_of([claim])))
    if claim.filer_id == by.pk and quotas.quota_of(by, likely_today()).left == 0:
        outcome.problems.append(rules.quota_problem())
    if claim.keys:
        with transaction.atomic(durable=True):
            note_attempts([outcome], by=by, door=Door.CHECK, at=database_now())
    return outcome


def edit_lead(lead: Lead, claim: Claim, *, by: User, seen: int | None = None, secret: str = "") -> str:
    """Change the filed data while the lead is merely filed. New keys are judged like a filing; no quota is used.

    `seen` is the newest edit that the form knew of (`newest_edit`): another one since then refuses this one.
    """
    try:
        return again(lambda: _edit(lead.pk, claim, by=by, seen=seen, secret=secret))
    except Refused as refused:
        if outcome := refused.context.get("outcome"):
            with transaction.atomic(durable=True):
                note_attempts([outcome], by=by, door=Door.EDIT, at=database_now())
        raise


def _edit(pk: int, claim: Claim, *, by: User, seen: int | None, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        quotas.lock_days([claim.filer_id], likely_today())
        lead = Lead.objects.with_names().get(pk=pk)
        demand(by, Action.EDIT, lead)
        if seen is not None and seen != newest_edit(lead):
            raise Refused(_("Somebody has changed this lead in the meantime. Open it again and repeat your change."))
        fresh = _judge_edit(claim, lead)
        if fresh:
            hold_keys(dict.fromkeys(fresh, lead.customer_id))
        stay_holder([lead.customer_id], lead.filer_id)
        before = snapshot(lead, CHANGEABLE)
        happened = perform(Action.EDIT, lead, by=by, at=database_now(), **_edited(claim, lead))
        let_go(lead.customer_id, lead.filer_id)
        happened.changes = changed(before, snapshot(Lead.objects.with_names().get(pk=pk), CHANGEABLE))
        happened.save(update_fields=["changes"])
        answer.location = lead.get_absolute_url()
    return answer.location


def newest_edit(lead: Lead) -> int:
    """The id of the newest edit of a lead, 0 before the first."""
    edits = events.Event.objects.filter(**events.subject(lead), action=Action.EDIT).order_by("-pk")
    return edits.values_list("pk", flat=True).first() or 0


def _judge_edit(claim: Claim, lead: Lead) -> list[Key]:
    """The keys that the edit adds. Raises `Refused` on what a filing of the same data would be refused for."""
    known = rules.known_of([claim])
    outcome = Outcome(claim, rules.judge(claim, known, except_lead=lead.number))
    outcome.problems = [*rules.information(claim), *rules.refusal(claim, outcome.judgement)]
    if outcome.blocked:
        raise Refused(outcome.problems, outcome=outcome)
    return [key for key in claim.keys if key not in known.holders]


def _edited(claim: Claim, lead: Lead) -> dict[str, Any]:
    """The columns an edit writes. What is closed or empty now is emptied; what follow-ups keep is left to them."""
    kept = FOLLOWED if lead.last_followed_up_at else ()
    names = [name for name in CHANGEABLE if name not in kept]
    emptied = {column_of(name): None if Lead._meta.get_field(name).null else "" for name in names}
    written = columns(claim, lead.number)
    return emptied | {name: value for name, value in written.items() if name not in kept}


def withdraw(lead: Lead, *, by: User, secret: str = "") -> str:
    """What 删除 does: the row stays with its number, the customer is let go, the day's quota stays used."""
    with once.action(by.pk, secret) as answer:
        quotas.lock_days([lead.filer_id], likely_today())
        Customer.objects.select_for_update(no_key=True).get(pk=lead.customer_id)
        lead = Lead.objects.get(pk=lead.pk)
        perform(Action.WITHDRAW, lead, by=by, at=database_now(), progress=Progress.WITHDRAWN, hold=Hold.RELEASED)
        let_go(lead.customer_id, lead.filer_id)
        answer.location = reverse("leads:list")
    return answer.location
