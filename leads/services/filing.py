"""File, edit, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import events, once
from core.clock import database_now, day_of, likely_today
from core.serials import next_numbers
from core.text import fold, search_text
from core.verdicts import Refused
from customers.keys.numbers import agrees, read_mask
from customers.models import Customer
from customers.shared import share
from leads import known, matching, quotas, rules
from leads.choices import ACTIVE, Answer, Door, Ending, Hold, Progress
from leads.claims import Claim, Judgement, Outcome
from leads.models import Draft, Lead, Protection, QueueEntry
from leads.services.attempts import note_attempts
from leads.services.checking import note_refused, spend
from leads.services.fields import changed, column_of, snapshot
from leads.services.ownership import (
    Overtaken,
    hides_its_number,
    hold_keys,
    let_go_of_keys,
    lock_beside,
    lock_customers,
    of_party,
    words_of,
)
from leads.services.plan import Accepted, Plan, judge_batch, keys_to_keep, own_customers
from leads.services.protecting import (
    START,
    end_protection,
    leave_queue,
    new_protection,
    part_waiters,
    protect,
    suspend,
    take_over,
)
from leads.services.requesting import (
    EXTENSION,
    ask_for,
    calendar_from,
    lapse_requests,
    tell_territory,
    waiting_requests,
)
from leads.services.rivals import demand_no_gain
from leads.services.settling import again, demand_settled
from leads.spans import approval_of, barred_from, hides_digits, request_of
from leads.workflow import Action, demand, perform
from policies.models import KIND_FIELDS, PAPERS, Kind

PREFIX = "KH"
WAITS_AGAIN = gettext_lazy("The filing was changed, so it waits for approval again.")
NEEDS_NONE = gettext_lazy("The filing was changed: as it is now, nobody has to decide on it.")
INSTANT = timedelta(microseconds=1)
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
    caps: Mapping[int, int | None] | None = None,
) -> Outcome:
    """File one lead; its draft goes with it. Raises `Refused` with every reason; the try is recorded either way.

    `caps` are the quotas by person, where the request has read them already.
    """
    filer = filer or by

    def work() -> Outcome:
        return _file_one(claim, by=by, filer=filer, secret=secret, door=door, draft_id=draft_id, caps=caps)

    try:
        return again(work)
    except Refused as refused:
        if outcome := refused.context.get("outcome"):
            note_refused(outcome, by=by, door=door)
        raise


def _file_one(
    claim: Claim,
    *,
    by: User,
    filer: User,
    secret: str,
    door: Door,
    draft_id: int | None,
    caps: Mapping[int, int | None] | None,
) -> Outcome:
    with once.action(by.pk, secret) as answer:
        [outcome] = file_batch([claim], by=by, people={filer.pk: filer}, door=door, caps=caps)
        if outcome.lead is None:
            raise Refused(outcome.problems, outcome=outcome)
        if draft_id:
            Draft.objects.filter(pk=draft_id, owner=by).delete()
        answer.location = outcome.lead.get_absolute_url()
    return outcome


def file_batch(
    claims: Sequence[Claim],
    *,
    by: User,
    people: Mapping[int, User],
    door: Door,
    caps: Mapping[int, int | None] | None = None,
) -> list[Outcome]:
    """File every claim that nothing blocks, inside the caller's transaction. Outcomes come in the order of the claims.

    `people` are the filers by id, `caps` their quotas, None for unlimited. The form files a batch of one, the import a
    batch of many. Raises `Overtaken`.
    """
    day = likely_today()
    if caps is None:
        caps = {pk: state.cap for pk, state in quotas.quotas_of(people.values(), day).items()}
    wanted = {pk: sum(claim.filer_id == pk for claim in claims) for pk in sorted(people)}
    granted, judged_at = quotas.take_many(wanted, day, caps)
    plan = judge_batch(claims, granted, judged_at)
    customers = plan.take_customers()
    for filer_id, units in plan.unused.items():
        quotas.give_back(filer_id, day, units)
    at = _write(plan, customers, by=by, day=day) if customers else judged_at
    accepted = [outcome for outcome in plan.outcomes if outcome.lead is not None]
    note_attempts(accepted if door != Door.IMPORT else plan.outcomes, by=by, door=door, at=at)
    return plan.outcomes


def _write(plan: Plan, customers: Mapping[int, int], *, by: User, day: date) -> datetime:
    """Number the accepted claims and write protections, leads, places in queues and events; the moment of filing.

    The serial counter is the last lock taken, and the clock is read under it: whoever waited is later.
    """
    numbers, at = next_numbers(PREFIX, day, len(customers))
    if day_of(at) != day:
        raise Overtaken
    at = max([at, *_after_last_in_queue(plan, customers)])
    protections, lines = _protections(plan, customers, at)
    leads = {}
    for number, index in zip(numbers, customers, strict=True):
        claim, accepted = plan.outcomes[index].claim, plan.accepted[index]
        leads[index] = Lead(
            number=number,
            customer_id=customers[index],
            filer_id=claim.filer_id,
            filed_by=by,
            filed_at=at,
            filed_on=day,
            arrived_at=at,
            filing_kind=claim.text("filing_kind") or Kind.NORMAL,
            hold=accepted.start.hold,
            protection_id=_protection_id(accepted, index, protections),
            policy_version_id=claim.policy.version_id if claim.policy else None,
            **columns(claim, number),
        )
    Lead.objects.bulk_create(leads.values())
    for index, lead in leads.items():
        plan.outcomes[index].lead = lead
    filed = [events.event(lead, "file", by=by, at=at, after=Progress.FILED) for lead in leads.values()]
    begun = [
        events.event(made, START, by=by, at=at, after=made.state, changes=lines[index])
        for index, made in protections.items()
    ]
    events.Event.objects.bulk_create([*filed, *begun])
    _queue_and_ask(plan, by=by, at=at)
    return at


def _protections(
    plan: Plan, customers: Mapping[int, int], at: datetime
) -> tuple[dict[int, Protection], dict[int, dict[str, Any]]]:
    """The protections that the accepted claims open, and the first lines of their ledgers, by place."""
    made, lines = {}, {}
    for index, accepted in plan.accepted.items():
        claim = plan.outcomes[index].claim
        if accepted.joins is None and not accepted.start.queued:
            made[index], lines[index] = new_protection(
                accepted.start,
                at,
                claim.terms,
                claim.calendar,
                customer_id=customers[index],
                scope=claim.scope,
                filer_id=claim.filer_id,
                version_id=claim.policy.version_id if claim.policy else None,
            )
    if made:
        Protection.objects.bulk_create(made.values())
    return made, lines


def _protection_id(accepted: Accepted, index: int, made: Mapping[int, Protection]) -> int | None:
    if accepted.start.queued:
        return None
    if accepted.joins is None:
        return made[index].pk
    return accepted.joins if accepted.joins > 0 else made[-accepted.joins - 1].pk


def _after_last_in_queue(plan: Plan, customers: Mapping[int, int]) -> list[datetime]:
    """The moments just after the last arrivals at the queues that are joined: none arrives before them.

    The customers are locked, so the clock of another machine can't put a later filing before an earlier one.
    """
    queued = {customers[index] for index, accepted in plan.accepted.items() if accepted.start.queued}
    if not queued:
        return []
    moments = QueueEntry.objects.of_parties(queued).values_list("at", flat=True)
    begun = Protection.objects.of_parties(queued).active().values_list("started_at", flat=True)
    return [moment + INSTANT for moment in (*moments, *begun) if moment]


def _queue_and_ask(plan: Plan, *, by: User, at: datetime) -> None:
    """Give the leads that wait for a customer their places, and ask for the approvals that others need."""
    for index, accepted in plan.accepted.items():
        outcome = plan.outcomes[index]
        claim, lead = outcome.claim, outcome.lead
        if accepted.start.queued:
            _queue(outcome, lead, at)
        if accepted.start.request:
            ask_for(accepted.start.request, lead, claim.terms, by=by, at=at, calendar=claim.calendar)
        if lead.filing_kind == Kind.CROSS_REGION:
            tell_territory(lead, at=at)


def _queue(outcome: Outcome, lead: Lead, at: datetime) -> None:
    """The next place in the queue of a locked customer; the keys are those it will hold."""
    claim, shared = outcome.claim, outcome.judgement.shared
    last = QueueEntry.objects.filter(customer=lead.customer_id).aggregate(last=Max("place"))["last"]
    keys = [
        [key.kind, key.value, key.block, key.detail, key.exact, scope]
        for key in claim.kept
        for scope in claim.scopes
        if known.can_be_held(key, claim) and key not in shared
    ]
    QueueEntry.objects.create(
        lead=lead,
        customer_id=lead.customer_id,
        scope=claim.scope,
        filer_id=lead.filer_id,
        place=(last or 0) + 1,
        at=at,
        keys=keys,
    )


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
        party_id = Customer.objects.get(leads=pk).party_id
        lock_customers([party_id])
        lead = Lead.objects.with_names().select_related("protection__version").get(pk=pk)
        demand_settled(party_id)
        demand(by, Action.EDIT, lead)
        if seen is not None and seen != newest_edit(lead):
            raise Refused(_("Somebody has changed this lead in the meantime. Open it again and repeat your change."))
        at = database_now()
        fields = _edited(claim, lead)
        rekeyed = fields["identity_text"] != lead.identity_text
        if rekeyed:
            spend(claim, by=by, at=at)
        outcome = _judge_edit(claim, lead, party_id, at, rekeyed=rekeyed)
        before, before_words = snapshot(lead, CHANGEABLE), lead.identity_text
        anew = rekeyed or lead.progress == Progress.RETURNED
        wanted = _wanted(claim, lead, outcome.judgement) if anew else ""
        standing = _standing(claim, lead, wanted, at, rekeyed=rekeyed) if anew else {}
        happened = perform(Action.EDIT, lead, by=by, at=at, **fields, **standing)
        parted = part_waiters(party_id, at=at) if rekeyed else []
        let_go_of_keys(party_id, lead.filer_id, words_of(before_words) - words_of(fields["identity_text"]))
        for customer_id in parted:
            take_over(customer_id, at=at, noted_at=at)
        if anew:
            _follow_hold(lead, claim, wanted, by=by, at=at)
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


def _judge_edit(claim: Claim, lead: Lead, party_id: int, at: datetime, *, rekeyed: bool) -> Outcome:
    """Judge an edit like a filing and hold what it adds.

    Raises `Refused` on what a filing of the same data would be refused for. A number that is completed is recorded even
    if somebody else holds it by now: the lead then waits with its first time, for a person to decide (guarantees 2).
    """
    outcome = Outcome(claim, problems=list(rules.information(claim, lead.filed_at)), silent=True)
    if rekeyed and lead.hold not in ACTIVE:
        outcome.problems.append(rules.keys_stay(lead))
    if lead.protection and lead.hold in ACTIVE and lead.protection.scope not in {"", claim.scope}:
        outcome.problems.append(rules.scope_stays())
    if outcome.blocked:
        raise Refused(outcome.problems, outcome=outcome)
    if lead.hold not in ACTIVE:
        return outcome
    read = known.known_of([claim])
    if over := read.run_out(at):
        raise Overtaken(over)
    outcome.judgement = judgement = matching.judge(claim, read, at, except_lead=lead.number)
    outcome.silent = False
    if not (completes(lead, claim) and judgement.answer == Answer.TAKEN):
        outcome.problems += rules.refusal(claim, judgement)
    if outcome.blocked:
        raise Refused(outcome.problems, outcome=outcome)
    lock_beside(own_customers(claim, judgement) - {party_id}, read.stamps)
    holds = not lead.protection.contested if lead.protection else True
    if kept := list(keys_to_keep(claim, judgement, read, party_id, holds=holds)):
        hold_keys(kept)
    if judgement.overshared:
        share(judgement.overshared)
    return outcome


def completes(lead: Lead, claim: Claim) -> bool:
    """Whether an edit of keys does nothing but fill in the hidden digits of a masked number (MATCH-3)."""
    mask, number = read_mask(lead.mobile), claim.text("mobile")
    if not mask or read_mask(number) or not agrees(mask, number):
        return False
    before = replace(claim, fields={**claim.fields, "mobile": lead.mobile})
    return columns(before, lead.number)["identity_text"] == lead.identity_text


def _standing(claim: Claim, lead: Lead, wanted: str, at: datetime, *, rekeyed: bool) -> dict[str, Any]:
    """What an edit makes of a lead's time and hold, `wanted` being the request that it waits for now.

    A completed number keeps its first time; any other change of a key is a new arrival.
    """
    standing: dict[str, Any] = {"arrived_at": at} if rekeyed and not completes(lead, claim) else {}
    if lead.hold in ACTIVE:
        standing["hold"] = Hold.PENDING if wanted or hides_digits(claim) else Hold.PROTECTED
    return standing


def _wanted(claim: Claim, lead: Lead, judgement: Judgement) -> str:
    """The kind of request that an edited lead waits for, "" for none: as if it were filed like that now.

    A completed number waits, too, where a filing that fits it came earlier: who was first is for a person to decide.
    """
    if lead.hold == Hold.QUEUED:
        return approval_of(claim)
    if request := request_of(claim, judgement):
        return request
    if hides_digits(claim):
        return ""
    beside = lead.protection and lead.protection.state == Hold.PENDING and undecided(lead.protection, lead)
    return "filing" if beside or (completes(lead, claim) and _earlier(lead, judgement)) else ""


def undecided(protection: Protection, lead: Lead) -> bool:
    """Whether somebody has to decide on another filing under a protection."""
    others = protection.leads.filter(hold=Hold.PENDING).exclude(pk=lead.pk)
    return waiting_requests(others.values_list("pk", flat=True)).exists()


def _earlier(lead: Lead, judgement: Judgement) -> bool:
    """Whether a filing that could be of the same customer came before this one."""
    if judgement.answer == Answer.TAKEN:
        return True
    rivals = [match.customer_id for match in judgement.rivals(lead.filer_id)]
    leads = Lead.objects.filter(hold__in=ACTIVE, arrived_at__lt=lead.arrived_at)
    return any(leads.filter(of_party(customer_id)).exists() for customer_id in rivals)


def _follow_hold(lead: Lead, claim: Claim, wanted: str, *, by: User, at: datetime) -> None:
    """Let the protection follow its lead, and what is asked about it."""
    if lead.progress == Progress.RETURNED:
        perform(Action.RESUBMIT, lead, by=by, at=at, progress=Progress.FILED)
    protection = lead.protection
    if lead.hold == Hold.PROTECTED:
        if protection and protection.state == Hold.PENDING:
            protect(protection, lead.arrived_at, by=by, at=at)
        lapse_requests([lead.pk], at=at, why=NEEDS_NONE, but=EXTENSION)
        return
    if lead.hold == Hold.PENDING and protection:
        lapse_requests([lead.pk], at=at, why=WAITS_AGAIN, but=wanted)
        suspend(protection, by=by, at=at)
    if wanted and not waiting_requests([lead.pk]).filter(kind=wanted).exists():
        ask_for(wanted, lead, claim.terms, by=by, at=at, calendar=claim.calendar)


def _edited(claim: Claim, lead: Lead) -> dict[str, Any]:
    """The columns an edit writes. What is closed or empty now is emptied; what follow-ups keep is left to them."""
    kept = FOLLOWED if lead.last_followed_up_at else ()
    names = [name for name in CHANGEABLE if name not in kept]
    emptied = {column_of(name): None if Lead._meta.get_field(name).null else "" for name in names}
    written = columns(claim, lead.number)
    return emptied | {name: value for name, value in written.items() if name not in kept}


def withdraw(lead: Lead, *, by: User, secret: str = "") -> str:
    """What 删除 does: the row stays with its number, the customer is let go, the day's quota stays used."""
    return again(lambda: _withdraw(lead.pk, by=by, secret=secret))


def _withdraw(pk: int, *, by: User, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        lead = Lead.objects.select_related("customer").get(pk=pk)
        party_id = lead.customer.party_id
        quotas.lock_days([lead.filer_id], likely_today())
        lock_customers([party_id])
        lead = Lead.objects.select_related("protection__version").get(pk=pk)
        demand_settled(party_id)
        demand_no_gain(by, lead)
        at = database_now()
        ended = {Hold.QUEUED: Hold.CANCELLED, Hold.PENDING: Hold.RELEASED, Hold.PROTECTED: Hold.RELEASED}
        held = Hold(lead.hold)
        perform(Action.WITHDRAW, lead, by=by, at=at, progress=Progress.WITHDRAWN, hold=ended.get(held, held))
        if held == Hold.QUEUED:
            leave_queue(lead.queue_entry, at=at)
        elif held in ACTIVE:
            leave_protection(lead, party_id, Ending.WITHDRAWN, by=by, at=at)
        answer.location = reverse("leads:list")
    return answer.location


def leave_protection(
    lead: Lead, party_id: int, why: Ending, *, by: User, at: datetime, note: str = "", lapse: bool = True
) -> None:
    """A lead has left its protection: the keys go that no other lead of it has, and with the last lead it ends.

    Leads whose number hides digits hold nothing, so they keep no protection alive that a whole one had begun.
    `lapse`: what waits for a decision on the lead is closed, too.
    """
    protection = lead.protection
    if protection is None or protection.state not in ACTIVE:
        return
    if lapse:
        lapse_requests([lead.pk], at=at)
    left = protection.leads.filter(hold__in=ACTIVE).select_related("policy_version")
    if any(hides_its_number(lead) or not hides_its_number(other) for other in left):
        let_go_of_keys(party_id, lead.filer_id, words_of(lead.identity_text), left=lead.pk)
        suspend(protection, by=by, at=at)
        return
    cool_down = protection.terms.cool_down if why == Ending.WITHDRAWN else None
    barred = barred_from(at, cool_down, calendar_from(at)) if cool_down else None
    end_protection(protection, why, at=at, by=by, note=note, barred_until=barred)
