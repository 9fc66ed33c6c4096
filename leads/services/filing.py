"""File, edit, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import events, once
from core.clock import database_now, day_of, likely_today
from core.serials import next_numbers
from core.text import fold, search_text
from core.verdicts import Refused
from customers.keys.numbers import agrees, read_mask
from customers.models import Customer
from customers.shared import share
from leads import matching, quotas, rules
from leads.choices import OPEN, Answer, Door, Hold, Progress
from leads.claims import Claim, Judgement, Outcome
from leads.models import Draft, Lead
from leads.services.attempts import note_attempts
from leads.services.checking import note_refused, spend
from leads.services.fields import changed, column_of, snapshot
from leads.services.ownership import Overtaken, again, hold_keys, let_go, stay_holder, words_of
from leads.services.plan import Plan, judge_batch, keys_to_keep
from leads.workflow import Action, demand, perform
from policies.models import KIND_FIELDS, PAPERS, Kind

PREFIX = "KH"
FOLLOWED = ("follow_up_status", "next_follow_up_on")
CHANGEABLE = (
    "customer_kind",
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
    *(name for name in KIND_FIELDS if name not in PAPERS),
)


def file_lead(
    claim: Claim,
    *,
    by: User,
    filer: User | None = None,
    secret: str = "",
    door: Door = Door.FORM,
    draft_id: int | None = None,
) -> Outcome:
    """File one lead; its draft goes with it. Raises `Refused` with every reason; the try is recorded either way."""
    filer = filer or by
    try:
        return again(lambda: _file_one(claim, by=by, filer=filer, secret=secret, door=door, draft_id=draft_id))
    except Refused as refused:
        if outcome := refused.context.get("outcome"):
            note_refused(outcome, by=by, door=door)
        raise


def _file_one(claim: Claim, *, by: User, filer: User, secret: str, door: Door, draft_id: int | None = None) -> Outcome:
    with once.action(by.pk, secret) as answer:
        [outcome] = file_batch([claim], by=by, people={filer.pk: filer}, door=door)
        if outcome.lead is None:
            raise Refused(outcome.problems, outcome=outcome)
        if draft_id:
            Draft.objects.filter(pk=draft_id, owner=by).delete()
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
    plan = judge_batch(claims, granted, day)
    customers = plan.take_customers()
    for filer_id, units in plan.unused.items():
        quotas.give_back(filer_id, day, units)
    at = _write(plan, customers, by=by, day=day) if customers else database_now()
    accepted = [outcome for outcome in plan.outcomes if outcome.lead is not None]
    note_attempts(accepted if door != Door.IMPORT else plan.outcomes, by=by, door=door, at=at)
    return plan.outcomes


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
            arrived_at=at,
            filing_kind=claim.text("filing_kind") or Kind.NORMAL,
            hold=hold_of(claim, plan.outcomes[index].judgement),
            **columns(claim, number),
        )
    Lead.objects.bulk_create(leads.values())
    for index, lead in leads.items():
        plan.outcomes[index].lead = lead
    filed = [events.event(lead, "file", by=by, at=at, after=Progress.FILED) for lead in leads.values()]
    events.Event.objects.bulk_create(filed)
    return at


def hold_of(claim: Claim, judgement: Judgement) -> Hold:
    """Protected at once, unless somebody has to approve it, the number is not whole, or it could be somebody else's."""
    waits = claim.treatment.needs_approval or read_mask(claim.text("mobile"))
    if judgement.answer == Answer.UNCLEAR and claim.settings.unclear_waits:
        waits = True
    return Hold.PENDING if waits else Hold.PROTECTED


def columns(claim: Claim, number: str) -> dict[str, Any]:
    """The claim's fields as columns of `Lead`, with what searching reads."""
    found = {column_of(name): value for name, value in claim.fields.items() if name in CHANGEABLE and value is not None}
    fields = claim.fields
    found["search_text"] = search_text(fields["name"], claim.city_name + fields["community"], number)
    found["address_text"] = fold(claim.city_name + fields["community"] + (fields.get("building_room") or ""))
    found["canonical_address"] = claim.address
    found["identity_text"] = "".join(["\n", *(f"{key.kind}:{key.value}\n" for key in claim.keys)])
    return found


def edit_lead(lead: Lead, claim: Claim, *, by: User, seen: int | None = None, secret: str = "") -> str:
    """Change the filed data while the lead is merely filed. New keys are judged like a filing; no quota is used.

    `seen` is the newest edit that the form knew of (`newest_edit`): another one since then refuses this one.
    """
    try:
        return again(lambda: _edit(lead.pk, claim, by=by, seen=seen, secret=secret))
    except Refused as refused:
        if outcome := refused.context.get("outcome"):
            note_refused(outcome, by=by, door=Door.EDIT)
        raise


def _edit(pk: int, claim: Claim, *, by: User, seen: int | None, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        quotas.lock_days([claim.filer_id, by.pk], likely_today())
        lead = Lead.objects.with_names().get(pk=pk)
        demand(by, Action.EDIT, lead)
        if seen is not None and seen != newest_edit(lead):
            raise Refused(_("Somebody has changed this lead in the meantime. Open it again and repeat your change."))
        party_id, at = lead.customer.party_id, database_now()
        rekeyed = columns(claim, lead.number)["identity_text"] != lead.identity_text
        if rekeyed:
            spend(claim, by=by, at=at)
        outcome, completed = _judge_edit(claim, lead, party_id)
        stay_holder([party_id], lead.filer_id)
        before, before_words = snapshot(lead, CHANGEABLE), lead.identity_text
        fields = _edited(claim, lead) | _standing(claim, lead, outcome.judgement, completed, at if rekeyed else None)
        happened = perform(Action.EDIT, lead, by=by, at=at, **fields)
        let_go(party_id, lead.filer_id, words_of(before_words) - words_of(fields["identity_text"]))
        happened.changes = changed(before, snapshot(Lead.objects.with_names().get(pk=pk), CHANGEABLE))
        happened.save(update_fields=["changes"])
        if rekeyed:
            outcome.lead = lead
            note_attempts([outcome], by=by, door=Door.EDIT, at=at)
        answer.location = lead.get_absolute_url()
    return answer.location


def newest_edit(lead: Lead) -> int:
    """The id of the newest edit of a lead, 0 before the first."""
    edits = events.Event.objects.filter(**events.subject(lead), action=Action.EDIT).order_by("-pk")
    return edits.values_list("pk", flat=True).first() or 0


def _judge_edit(claim: Claim, lead: Lead, party_id: int) -> tuple[Outcome, bool]:
    """Judge an edit like a filing and hold what it adds; whether it completes a masked number.

    Raises `Refused` on what a filing of the same data would be refused for. A number that is completed is recorded even
    if somebody else holds it by now: the lead then waits with its first time, for a person to decide (guarantees 2).
    """
    outcome = Outcome(claim, problems=list(rules.information(claim, lead.filed_on)), silent=True)
    if outcome.blocked:
        raise Refused(outcome.problems, outcome=outcome)
    known = matching.known_of([claim])
    outcome.judgement = judgement = matching.judge(claim, known, except_lead=lead.number)
    outcome.silent = False
    completed = completes(lead, claim)
    if not (completed and judgement.answer == Answer.TAKEN):
        outcome.problems += rules.refusal(claim, judgement)
    if outcome.blocked:
        raise Refused(outcome.problems, outcome=outcome)
    if kept := keys_to_keep(claim, judgement, known, party_id):
        hold_keys(kept)
    if judgement.overshared:
        share(judgement.overshared)
    return outcome, completed


def completes(lead: Lead, claim: Claim) -> bool:
    """Whether an edit of keys does nothing but fill in the hidden digits of a masked number (MATCH-3)."""
    mask, number = read_mask(lead.mobile), claim.text("mobile")
    if not mask or read_mask(number) or not agrees(mask, number):
        return False
    before = replace(claim, fields={**claim.fields, "mobile": lead.mobile})
    return columns(before, lead.number)["identity_text"] == lead.identity_text


def _standing(
    claim: Claim, lead: Lead, judgement: Judgement, completed: bool, rekeyed_at: datetime | None
) -> dict[str, Any]:
    """What an edit makes of a lead's time and hold. A completed number keeps its first time and is protected from then
    on if no filing that fits came earlier; any other change of a key is a new arrival."""
    if completed:
        rivals = [match.customer_id for match in judgement.rivals(lead.filer_id)]
        theirs = Q(customer__in=rivals) | Q(customer__root__in=rivals)
        taken = judgement.answer == Answer.TAKEN
        earlier = taken or Lead.objects.filter(theirs, progress__in=OPEN, arrived_at__lt=lead.arrived_at).exists()
        return {"hold": Hold.PENDING if earlier else hold_of(claim, judgement)}
    if rekeyed_at is None:
        return {}
    waits = lead.hold == Hold.PENDING and not read_mask(lead.mobile)
    return {"arrived_at": rekeyed_at, "hold": Hold.PENDING if waits else hold_of(claim, judgement)}


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
        party_id = Customer.objects.get(pk=lead.customer_id).party_id
        Customer.objects.select_for_update(no_key=True).get(pk=party_id)
        lead = Lead.objects.get(pk=lead.pk)
        perform(Action.WITHDRAW, lead, by=by, at=database_now(), progress=Progress.WITHDRAWN, hold=Hold.RELEASED)
        let_go(party_id, lead.filer_id, words_of(lead.identity_text))
        answer.location = reverse("leads:list")
    return answer.location
