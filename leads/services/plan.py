"""What a batch of claims will do, judged in order: the same for the preview, which writes nothing, and for filing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from core.verdicts import Problem
from customers.keys import Key
from customers.shared import share
from leads import known, matching, rules
from leads.choices import Answer
from leads.claims import Claim, Held, Judgement, Outcome
from leads.known import Known, can_be_held
from leads.models import Protection
from leads.services.ownership import KeyToKeep, Overtaken, hold_keys, new_customers, take_customers
from leads.spans import Start, start_of_filing


@dataclass
class Accepted:
    """What becomes of an accepted claim. Ids of what is still to be made are negative: minus its place, minus 1."""

    customer_id: int
    start: Start
    joins: int | None = None


@dataclass
class Plan:
    """Outcomes in order, and by their place what becomes of the accepted claims."""

    outcomes: list[Outcome] = field(default_factory=list)
    accepted: dict[int, Accepted] = field(default_factory=dict)
    fresh: dict[int, Claim] = field(default_factory=dict)
    met: dict[int, int] = field(default_factory=dict)
    hands: dict[int, int] = field(default_factory=dict)
    keys: dict[tuple[Key, int, str], KeyToKeep] = field(default_factory=dict)
    overshared: set[Key] = field(default_factory=set)
    unused: dict[int, int] = field(default_factory=dict)

    def accept(self, index: int, outcome: Outcome, known: Known) -> Accepted:
        claim, judgement = outcome.claim, outcome.judgement
        customer_id = judgement.customer_id
        if customer_id is None:
            customer_id = -index - 1
            self.fresh[customer_id] = claim
        elif customer_id > 0:
            self.met[customer_id] = known.stamps[customer_id]
            if not outcome.queued:
                self.hands[customer_id] = claim.filer_id
        self.met.update({pk: known.stamps[pk] for pk in own_customers(claim, judgement) if pk > 0})
        start = start_of_filing(claim, judgement)
        joins = judgement.joins.protection_id if judgement.joins else None
        accepted = self.accepted[index] = Accepted(customer_id, start, joins)
        self.overshared.update(judgement.overshared)
        if not start.queued:
            for kept in keys_to_keep(claim, judgement, known, customer_id, holds=start.holds):
                self.keys[kept.key, customer_id, kept.scope] = kept
        return accepted

    def take_customers(self) -> dict[int, int]:
        """Lock the customers that are there, make the others and hold the keys; the customer's id by the place."""
        take_customers(self.met, self.hands)
        made = new_customers(self.fresh) if self.fresh else {}
        if self.keys:
            hold_keys([kept._replace(customer_id=made.get(pk, pk)) for (_key, pk, _scope), kept in self.keys.items()])
        if self.overshared:
            share(self.overshared)
        return {index: made.get(one.customer_id, one.customer_id) for index, one in self.accepted.items()}


def own_customers(claim: Claim, judgement: Judgement) -> set[int]:
    """The filer's own customers that a claim is firmly of: what they hold, the claim does not hold for another one."""
    return {match.customer_id for match in judgement.matches if match.firm and claim.filer_id in match.holders}


def keys_to_keep(
    claim: Claim, judgement: Judgement, known: Known, customer_id: int, *, holds: bool = True
) -> Iterator[KeyToKeep]:
    """The keys of an accepted claim that its customer does not have yet, or has and may hold again.

    A key is held when it is complete, of a kind that is firm alone, and counts as evidence, if the filing `holds`.
    Where somebody else holds the same value though a detail says that it is another thing, a guard with the detail is
    held instead.
    """
    for key in claim.kept:
        for scope in claim.scopes:
            if known.held_by(key, scope, claim.filer_id):
                continue
            wanted = holds and can_be_held(key, claim) and key not in judgement.shared
            held = wanted and not known.is_held(key, scope)
            if held or not known.of(key, customer_id, scope):
                yield KeyToKeep(key, customer_id, held, scope)
            if wanted and not held and not known.claimed(key, scope):
                yield KeyToKeep(key.guard, customer_id, scope=scope)


def judge_batch(claims: Sequence[Claim], left: Mapping[int, int | None], at: datetime) -> Plan:
    """Judge a batch in order, each claim seeing the accepted ones before it. Writes nothing: the preview asks it too.

    `left` is what each filer may still file; None is unlimited. What is faulty or beyond the quota is not judged, so
    that a form which can't be filed tells nothing of its customer (MATCH-6). Raises `Overtaken` with what has run out.
    """
    plan = Plan()
    read = known.known_of(claims)
    if over := read.run_out(at):
        raise Overtaken(over)
    remaining, holding = dict(left), _holding(claims, at)
    for index, claim in enumerate(claims):
        outcome = Outcome(claim, problems=list(rules.information(claim, at)), silent=True)
        units = remaining.get(claim.filer_id)
        if not outcome.blocked and units == 0:
            outcome.problems.append(rules.quota_problem())
        if not outcome.blocked:
            outcome.judgement, outcome.silent = matching.judge(claim, read, at), False
            outcome.problems += rules.refusal(claim, outcome.judgement)
            outcome.problems += over_limit(claim, outcome.judgement, holding)
        if not outcome.blocked:
            if units is not None:
                remaining[claim.filer_id] = units - 1
            _accept(plan, index, outcome, read)
        plan.outcomes.append(outcome)
    plan.unused = {pk: units for pk, units in remaining.items() if units}
    return plan


def _accept(plan: Plan, index: int, outcome: Outcome, read: Known) -> None:
    claim = outcome.claim
    accepted = plan.accept(index, outcome, read)
    if outcome.queued:
        return
    read.shared.update(outcome.judgement.overshared)
    row = _("row %s of this file") % claim.row if claim.row else ""
    start, made = accepted.start, None
    if not outcome.judgement.joins:
        place = (-index - 1, accepted.customer_id, claim.scope, claim.filer_id, start.hold)
        made = Held(*place, contested=start.contested, terms=claim.terms)
    read.add(claim, accepted.customer_id, row, made, holds=start.holds)


def _holding(claims: Sequence[Claim], at: datetime) -> Counter[int]:
    """How many customers each filer holds whose policy limits it; their days are locked, so nobody gets past it."""
    filers = {claim.filer_id for claim in claims if claim.terms.hold_limit is not None}
    if not filers:
        return Counter()
    running = Protection.objects.active().exclude(ends_at__lte=at).exclude(contact_by__lte=at)
    return Counter(running.filter(filer__in=filers).values_list("filer_id", flat=True))


def over_limit(claim: Claim, judgement: Judgement, holding: Counter[int]) -> Iterator[Problem]:
    """The policy's limit, counted up with every claim that would open a protection (`domain.md`, cap on holds)."""
    limit = claim.terms.hold_limit
    if limit is None or judgement.joins or judgement.answer == Answer.TAKEN:
        return
    if holding[claim.filer_id] >= limit:
        yield rules.limit_problem(limit)
    holding[claim.filer_id] += 1
