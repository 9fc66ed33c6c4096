"""How a filing begins to hold its customer, and when a protection is over (PROT-1, `policies.md`, Counting time).

Pure: moments and calendars are arguments. What these functions say is written into the ledger with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from approvals.calendar import Calendar
from core.clock import day_of
from customers.keys import KeyKind
from customers.keys.numbers import read_mask
from leads.choices import Answer, Hold
from leads.claims import Claim, Judgement
from policies.models import Kind
from policies.terms import Contest, Term, Terms, end_of, protected_until


@dataclass(frozen=True, slots=True)
class Start:
    """How an accepted filing begins: the hold of its lead, and the kind of request it waits for, "" for none.

    `holds`: its complete keys keep everybody else out. `counts`: its time runs from the filing.
    """

    hold: Hold
    request: str = ""
    holds: bool = True
    counts: bool = True
    contested: bool = False

    @property
    def queued(self) -> bool:
        return self.hold == Hold.QUEUED


REQUESTS = {Kind.SPECIAL.value: "special", Kind.CROSS_REGION.value: "cross_region"}
"""The filing kinds whose approval is a right of its own; all others are the request `filing`."""


def start_of_filing(claim: Claim, judgement: Judgement) -> Start:
    """Protected at once, unless it waits in the queue, for approval, for the whole number, or to be compared.

    Whoever queues is approved while waiting, since the turn comes by itself (PROT-6).
    """
    if judgement.room and judgement.answer == Answer.TAKEN and claim.queue:
        return Start(Hold.QUEUED, approval_of(claim), holds=False, counts=False)
    if request := request_of(claim, judgement):
        joins = judgement.joins
        contested = claim.terms.contest == Contest.EVIDENCE and joins is None
        holds = not (contested or (joins and joins.contested))
        return Start(Hold.PENDING, request, holds=holds, counts=False, contested=contested)
    if hides_digits(claim):
        return Start(Hold.PENDING, holds=False)
    return Start(Hold.PROTECTED)


def request_of(claim: Claim, judgement: Judgement) -> str:
    """The kind of request that the filing waits for, "" for none. What joins a protection that waits, waits as well."""
    if needed := approval_of(claim):
        return needed
    compare = judgement.answer == Answer.UNCLEAR and claim.terms.unclear_waits and not hides_digits(claim)
    beside = judgement.joins is not None and judgement.joins.state == Hold.PENDING and not hides_digits(claim)
    return "filing" if compare or beside else ""


def approval_of(claim: Claim) -> str:
    """The approval that kind or policy want whoever else has the customer."""
    needed = claim.treatment.needs_approval or claim.terms.needs_approval
    return REQUESTS.get(claim.text("filing_kind"), "filing") if needed else ""


def hides_digits(claim: Claim) -> bool:
    """Whether it has a masked number that holds nothing: the policy may let name, gender and 9 digits hold."""
    if not read_mask(claim.text("mobile")):
        return False
    return not (claim.terms.mask_holds and any(key.kind == KeyKind.MASK_NAME and key.exact for key in claim.kept))


START = "start"
"""The action of the line with which a ledger begins, and with which what was pending goes on."""


EXTENDED = "extension"
"""The rule of the lines that prolong."""


class End(NamedTuple):
    """When a protection is over, and the rule that says so: its name, and what it counted from."""

    at: datetime | None
    rule: str
    term: Term | None = None
    counted_from: datetime | None = None


def first_end(start: datetime, terms: Terms, calendar: Calendar, *, promoted: bool = False) -> End:
    """The end of a protection that begins now. What begins by the named day is held through it (`opening`)."""
    if promoted and terms.promoted_term:
        terms = replace(terms, term=terms.promoted_term)
    end = protected_until(start, terms, calendar)
    if terms.named_day and day_of(start) <= terms.named_day:
        return End(end, "named_day")
    if end is None:
        return End(None, "open")
    return End(end, "promoted" if promoted else "term", terms.term, start)


def end_from(at: datetime, term: Term, rule: str, terms: Terms, calendar: Calendar) -> End:
    """The end that a deposit, a confirmed visit or a deal gives, counted from its day of recording."""
    return End(end_of(at, term, calendar, past_holidays=terms.past_holidays), rule, term, at)


def contact_due(since: datetime, terms: Terms, calendar: Calendar) -> datetime | None:
    """When the protection ends unless somebody follows up before (PROT-4)."""
    return end_of(since, terms.contact_every, calendar) if terms.contact_every else None


def barred_from(at: datetime, term: Term | None, calendar: Calendar) -> datetime | None:
    """Until when the last owner may not file the customer again: a ban or a cool-down."""
    return end_of(at, term, calendar) if term else None


LedgerLine = tuple[str, Mapping[str, Any]]
"""An action and its changes: `until` is the end it gave, `of` what it was for, `reverses` what it takes back."""


def standing(lines: Iterable[LedgerLine]) -> list[LedgerLine]:
    """The lines of a ledger that count: what was reversed does not (ASSIGN-5), and of several starts the last does.

    None where nothing is left to stand on: what only prolongs is nothing by itself.
    """
    listed = list(lines)
    reversed_ones = {changes["reverses"] for _action, changes in listed if "reverses" in changes}
    valid = [
        (action, changes)
        for action, changes in listed
        if "until" in changes and "reverses" not in changes and changes.get("of") not in reversed_ones
    ]
    starts = [line for line in valid if line[0] == START]
    found = [*starts[-1:], *(line for line in valid if line[0] != START)]
    return found if any(changes.get("rule") != EXTENDED for _action, changes in found) else []


def end_by_ledger(lines: Iterable[LedgerLine]) -> datetime | None:
    """The end that a ledger comes to: the latest that one of its lines gave, and none at all is the latest."""
    ends = [changes["until"] for _action, changes in standing(lines)]
    return max(map(datetime.fromisoformat, ends)) if ends and all(ends) else None
