"""What a batch of claims will do, judged in order: the same for the preview, which writes nothing, and for filing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from customers.keys import Key
from customers.shared import share
from leads import matching, rules
from leads.claims import Claim, Judgement, Outcome
from leads.matching import Known, can_be_held
from leads.services.ownership import KeyToKeep, hold_keys, new_customers, stay_holder, take_free
from policies.matching import firm_kinds


@dataclass
class Plan:
    """Outcomes in order, and for each accepted claim the customer it goes to.

    A customer that is still to be made has a negative placeholder.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    customers: dict[int, int] = field(default_factory=dict)
    fresh: dict[int, Claim] = field(default_factory=dict)
    freed: dict[int, set[int]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    keys: dict[tuple[Key, int], KeyToKeep] = field(default_factory=dict)
    overshared: set[Key] = field(default_factory=set)
    unused: dict[int, int] = field(default_factory=dict)

    def accept(self, index: int, claim: Claim, judgement: Judgement, known: Known) -> int:
        customer_id = judgement.customer_id
        if customer_id is None:
            customer_id = -index - 1
            self.fresh[customer_id] = claim
        elif customer_id > 0:
            mine = any(match.customer_id == customer_id and match.holder_id for match in judgement.matches)
            group = self.joined if mine else self.freed
            group.setdefault(claim.filer_id, set()).add(customer_id)
        self.customers[index] = customer_id
        self.overshared.update(judgement.overshared)
        for kept in keys_to_keep(claim, judgement, known, customer_id):
            self.keys[kept.key, customer_id] = kept
        return customer_id

    def take_customers(self) -> dict[int, int]:
        """Make, take and join the customers and hold the keys; the customer's id by the place of the claim."""
        made = new_customers(self.fresh) if self.fresh else {}
        if self.keys:
            hold_keys([kept._replace(customer_id=made.get(pk, pk)) for (_key, pk), kept in self.keys.items()])
        for filer_id, ids in sorted(self.freed.items()):
            take_free(ids, filer_id)
        for filer_id, ids in sorted(self.joined.items()):
            stay_holder(ids, filer_id)
        if self.overshared:
            share(self.overshared)
        return {index: made.get(pk, pk) for index, pk in self.customers.items()}


def keys_to_keep(claim: Claim, judgement: Judgement, known: Known, customer_id: int) -> list[KeyToKeep]:
    """The keys of an accepted claim that its customer does not have yet, or has and may hold again.

    A key is held when it is complete, of a kind that is firm alone, and counts as evidence. Where somebody else holds
    the same value though a detail says that it is another thing, a guard with the detail is held instead.
    """
    firm, found = firm_kinds(claim.rules), []
    for key in claim.kept:
        if known.held_by(key, claim.filer_id):
            continue
        wanted = can_be_held(key, firm) and key not in judgement.shared
        held = wanted and not known.held(key)
        if held or not known.of(key, customer_id):
            found.append(KeyToKeep(key, customer_id, held))
        if wanted and not held and not known.claimed(key):
            found.append(KeyToKeep(key.guard, customer_id))
    return found


def judge_batch(claims: Sequence[Claim], left: Mapping[int, int | None], day: date) -> Plan:
    """Judge a batch in order, each claim seeing the accepted ones before it. Writes nothing: the preview asks it too.

    `left` is what each filer may still file; None is unlimited. What is faulty or beyond the quota is not judged, so
    that a form which can't be filed tells nothing of its customer (MATCH-6).
    """
    plan = Plan()
    known = matching.known_of(claims)
    remaining = dict(left)
    for index, claim in enumerate(claims):
        outcome = Outcome(claim, problems=list(rules.information(claim, day)), silent=True)
        units = remaining.get(claim.filer_id)
        if not outcome.blocked and units == 0:
            outcome.problems.append(rules.quota_problem())
        if not outcome.blocked:
            outcome.judgement, outcome.silent = matching.judge(claim, known), False
            outcome.problems += rules.refusal(claim, outcome.judgement)
        if not outcome.blocked:
            if units is not None:
                remaining[claim.filer_id] = units - 1
            customer_id = plan.accept(index, claim, outcome.judgement, known)
            known.shared.update(outcome.judgement.overshared)
            known.add(claim, customer_id, _("row %s of this file") % claim.row if claim.row else "")
        plan.outcomes.append(outcome)
    plan.unused = {pk: units for pk, units in remaining.items() if units}
    return plan
