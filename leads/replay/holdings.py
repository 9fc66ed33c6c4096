"""Leads, protections and queues of a replay: they begin, move and end as `leads.services.protecting` has it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush
from typing import Any

from approvals.calendar import Calendar
from customers.keys import Key
from leads.choices import ACTIVE, Hold
from leads.claims import Held, OpenLead, Waiter, overlap
from leads.known import Known, can_be_held
from leads.replay.books import Books
from leads.replay.claims import RecordedClaim
from leads.replay.values import Attempt
from leads.services.ownership import KeyToKeep
from leads.services.protecting import START, ledger_line
from leads.spans import End, Start, barred_from, contact_due, end_by_ledger, first_end, hides_digits
from policies.terms import Terms, later


@dataclass(eq=False)
class Holding:
    """A protection as far as a replay knows it; `lines` are its ledger."""

    pk: int
    customer_id: int
    scope: str
    filer_id: int
    terms: Terms
    state: str
    started_at: datetime | None = None
    ends_at: datetime | None = None
    contact_by: datetime | None = None
    contested: bool = False
    promoted: bool = False
    extensions: int = 0
    prolonged_at: datetime | None = None
    barred_until: datetime | None = None
    ended_at: datetime | None = None
    leads: list["Filed"] = field(default_factory=list)
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def runs_out_at(self) -> datetime | None:
        return min((moment for moment in (self.ends_at, self.contact_by) if moment), default=None)

    def held(self) -> Held:
        sold = any(lead.won for lead in self.leads if lead.holding is self)
        ends = (self.ends_at, self.contact_by, self.barred_until, self.contested, sold)
        return Held(self.pk, self.customer_id, self.scope, self.filer_id, self.state, *ends, terms=self.terms)


@dataclass(eq=False)
class Filed:
    """An accepted filing of a replay. `waits_for_decision`: on itself; `asks` are longer protections asked for; `lost`:
    the customer signed with a competitor; `gone`: its filer has left when its turn comes."""

    place: int
    attempt: Attempt
    claim: RecordedClaim
    customer_id: int
    hold: str
    arrived_at: datetime
    holding: Holding | None = None
    won: bool = False
    waits_for_decision: bool = False
    lost: bool = False
    waits_since: datetime | None = None
    gone: bool = False
    assigned: set[int] = field(default_factory=set)
    paid: set[int] = field(default_factory=set)
    asks: dict[int, date | None] = field(default_factory=dict)
    contacts: list[datetime] = field(default_factory=list)

    @property
    def filer_id(self) -> int:
        return self.attempt.filer_id

    @property
    def number(self) -> str:
        return self.attempt.number or f"A{self.attempt.pk}"

    @property
    def active(self) -> bool:
        return self.hold in ACTIVE

    def open_lead(self) -> OpenLead:
        claim = self.claim
        keys = frozenset(f"{key.kind}:{key.value}" for key in claim.keys)
        order_type = claim.fields.get("order_type")
        return OpenLead(self.number, self.customer_id, order_type, claim.address, claim.name, keys)


class Holdings:
    """Who holds what and who waits. What changes a customer is told to `known` by `tell`."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.known = Known()
        self.keys = Books(self.known)
        self.by_id: dict[int, Holding] = {}
        self.of_customer: dict[int, list[Holding]] = defaultdict(list)
        self.leads_of: dict[int, list[Filed]] = defaultdict(list)
        self.with_word: dict[tuple[str, str], list[Filed]] = defaultdict(list)
        self.open_of: dict[int, dict[int, list[OpenLead]]] = defaultdict(dict)
        self.holding_of: Counter[int] = Counter()
        self.due: list[tuple[datetime, int]] = []

    def tell(self, customer_id: int) -> None:
        """Let later filings see how it stands with a customer."""
        listed = self.of_customer[customer_id]
        self.known.held[customer_id] = [each.held() for each in listed if each.active or each.barred_until]
        waiting = self.waiting(customer_id)
        scopes = [(lead.claim.scope, lead.filer_id, lead.number) for lead in waiting]
        self.known.waiting[customer_id] = [Waiter(customer_id, *scope) for scope in scopes]
        leads: dict[int, list[OpenLead]] = {lead.filer_id: [] for lead in self.leads_of[customer_id]}
        for lead in self.leads_of[customer_id]:
            if lead.active:
                leads[lead.filer_id].append(lead.open_lead())
        for filer_id, found in leads.items():
            self.open_of[filer_id][customer_id] = found

    def active(self, customer_id: int, scope: str = "") -> list[Holding]:
        """The protections that run and have something in common with a scope."""
        return [each for each in self.of_customer[customer_id] if each.active and overlap(each.scope, scope)]

    def is_barred(self, customer_id: int, scope: str, filer_id: int, at: datetime) -> bool:
        """Whether a person may not have a customer again yet."""
        mine = [each for each in self.of_customer[customer_id] if each.filer_id == filer_id]
        return any(each.barred_until and each.barred_until > at and overlap(each.scope, scope) for each in mine)

    def waiting(self, customer_id: int) -> list[Filed]:
        waiting = [lead for lead in self.leads_of[customer_id] if lead.hold == Hold.QUEUED]
        return sorted(waiting, key=lambda lead: (lead.waits_since, lead.place))

    def add_lead(self, lead: Filed) -> None:
        self.leads_of[lead.customer_id].append(lead)
        self.note_words(lead)
        if lead.holding:
            lead.holding.leads.append(lead)

    def note_words(self, lead: Filed) -> None:
        for word in lead.claim.words:
            if lead not in self.with_word[word]:
                self.with_word[word].append(lead)

    def begin(
        self, start: Start, at: datetime, terms: Terms, customer_id: int, scope: str, filer_id: int, *, promoted: bool
    ) -> Holding:
        """A new protection; as `protecting.new_protection`."""
        masked = start.hold == Hold.PENDING and not start.request
        counts = start.counts or masked
        end = first_end(at, terms, self.calendar, promoted=promoted and not masked) if counts else End(None, "waits")
        made = self._open(customer_id, scope, filer_id, terms, start.hold, end)
        made.contested, made.promoted = start.contested, promoted
        if start.hold == Hold.PROTECTED:
            made.started_at, made.contact_by = at, contact_due(at, terms, self.calendar)
        self.watch(made)
        return made

    def begin_by(self, end: End, at: datetime, terms: Terms, lead: Filed, scope: str, **more: Any) -> Holding:
        """One that begins with a given end, as after a deposit on what was free."""
        made = self._open(lead.customer_id, scope, lead.filer_id, terms, Hold.PROTECTED, end, **more)
        made.started_at = at
        self.watch(made)
        return made

    def _open(
        self, customer_id: int, scope: str, filer_id: int, terms: Terms, state: str, end: End, **more: Any
    ) -> Holding:
        made = Holding(len(self.by_id) + 1, customer_id, scope, filer_id, terms, state, ends_at=end.at)
        made.lines.append((START, ledger_line(end, **more)))
        self.by_id[made.pk] = made
        self.of_customer[customer_id].append(made)
        self.holding_of[filer_id] += 1
        return made

    def protect(self, one: Holding, since: datetime) -> None:
        """Begin one that was pending, or go on with it; as `protecting.protect`."""
        if one.started_at:
            one.state = Hold.PROTECTED
            return
        end = first_end(since, one.terms, self.calendar, promoted=one.promoted)
        one.lines.append((START, ledger_line(end)))
        one.state, one.started_at, one.contested = Hold.PROTECTED, since, False
        one.ends_at = end_by_ledger(one.lines)
        one.contact_by = contact_due(since, one.terms, self.calendar)
        self.watch(one)

    def move(self, one: Holding, end: End, action: str = "move", **more: Any) -> None:
        one.ends_at = later(one.ends_at, end.at)
        one.lines.append((action, ledger_line(end, **more)))
        self.watch(one)

    def watch(self, one: Holding) -> None:
        """Remember when it runs out by itself; an earlier reminder of the same one is passed over then."""
        if one.runs_out_at:
            heappush(self.due, (one.runs_out_at, one.pk))

    def settle(self, at: datetime) -> None:
        """End what has run out by a moment, each at its own end."""
        while self.due and self.due[0][0] <= at:
            moment, pk = heappop(self.due)
            one = self.by_id[pk]
            if one.active and one.runs_out_at == moment:
                self.end(one, moment, Hold.EXPIRED)

    def end(self, one: Holding, at: datetime, state: str = Hold.RELEASED, barred_until: datetime | None = None) -> None:
        """As `protecting.end_protection`: its leads end with it, the keys go, and the next who waits takes over."""
        one.state, one.ended_at, one.barred_until, one.contested = state, at, barred_until, False
        self.holding_of[one.filer_id] -= 1
        for lead in one.leads:
            if lead.active and lead.holding is one:
                lead.hold, lead.waits_for_decision = state, False
                lead.asks.clear()
        others = {each.scope for each in self.active(one.customer_id)}
        keys = self.keys.let_go_of_scope(one.customer_id, one.scope, others)
        self.move_keys(keys, one.customer_id, one.filer_id)
        self.take_over(one.customer_id, at)
        self.tell(one.customer_id)

    def leave(self, lead: Filed, at: datetime, *, withdrawn: bool = False) -> None:
        """A lead has left its protection, which ends with the last; as `filing.leave_protection`."""
        one = lead.holding
        if one is None or not one.active:
            return
        lead.waits_for_decision = False
        left = [other for other in one.leads if other.active]
        if any(hides_digits(lead.claim) or not hides_digits(other.claim) for other in left):
            self.let_go_of_words(lead.customer_id, lead.filer_id, lead.claim.words, left=lead)
            self.suspend(one)
            self.tell(lead.customer_id)
        else:
            cool_down = one.terms.cool_down if withdrawn else None
            self.end(one, at, barred_until=barred_from(at, cool_down, self.calendar))

    def suspend(self, one: Holding) -> None:
        """As `protecting.suspend`."""
        if one.state == Hold.PROTECTED and all(lead.hold == Hold.PENDING for lead in one.leads if lead.active):
            one.state = Hold.PENDING

    def let_go_of_words(
        self, customer_id: int, filer_id: int, lost: Iterable[tuple[str, str]], left: Filed | None = None
    ) -> None:
        """As `ownership.let_go_of_keys`."""
        leads = [lead for lead in self.leads_of[customer_id] if lead is not left]
        gone = set(lost) - {word for lead in leads if lead.active for word in lead.claim.words}
        ever = {word for lead in leads for word in lead.claim.words}
        self.move_keys(self.keys.let_go_of_words(customer_id, gone, ever), customer_id, filer_id)

    def move_keys(self, keys: Iterable[Key], customer_id: int, filer_id: int) -> None:
        """Hold keys that were let go for the filer's other customers whose leads have them."""
        for key in dict.fromkeys(keys):
            having = [
                lead
                for lead in self.with_word.get((key.kind, key.value), ())
                if lead.filer_id == filer_id and lead.active and lead.customer_id != customer_id
                if (key.kind, key.value) in lead.claim.words
            ]
            for lead in sorted(having, key=lambda lead: lead.place)[:1]:
                scope = lead.holding.scope if lead.holding else ""
                self.keys.keep(KeyToKeep(key, lead.customer_id, scope=scope))

    def take_over(self, customer_id: int, at: datetime) -> None:
        """The first who wait have what is free now; as `protecting.take_over`."""
        for lead in self.waiting(customer_id):
            if self.active(customer_id, lead.claim.scope):
                continue
            if lead.gone:
                lead.hold = Hold.CANCELLED
            else:
                self._promote(lead, max(at, lead.waits_since or at))

    def _promote(self, lead: Filed, at: datetime) -> None:
        claim, start = lead.claim, Start(Hold.PROTECTED)
        keys = [key for key in claim.kept if can_be_held(key, claim) and key not in self.known.shared]
        wanted = [KeyToKeep(key, lead.customer_id, scope=scope) for key in keys for scope in claim.scopes]
        lead.waits_for_decision = False
        if wanted and all(self.keys.is_held_elsewhere(kept) for kept in wanted):
            lead.hold = Hold.CANCELLED
            return
        made = self.begin(start, at, claim.terms, lead.customer_id, claim.scope, lead.filer_id, promoted=True)
        lead.hold, lead.holding = start.hold, made
        made.leads.append(lead)
        self.keys.hold_free(wanted)

    def wait_elsewhere(self, coming: Iterable[Filed], customer_id: int) -> None:
        """As `protecting.wait_elsewhere`."""
        known = {each.filer_id for each in self.active(customer_id)}
        known |= {lead.filer_id for lead in self.waiting(customer_id)}
        for lead in coming:
            self.leads_of[lead.customer_id].remove(lead)
            if lead.filer_id in known:
                lead.hold = Hold.CANCELLED
            lead.customer_id = customer_id
            self.leads_of[customer_id].append(lead)

    def part_waiters(self, customer_id: int, new_customer: Callable[[], int]) -> list[int]:
        """As `protecting.part_waiters`."""
        words = {word for lead in self.leads_of[customer_id] if lead.active for word in lead.claim.words}
        parted = []
        for lead in self.waiting(customer_id):
            if not lead.claim.words & words:
                parted.append(new_customer())
                self.keys.meet(parted[-1], lead.claim)
                self.wait_elsewhere([lead], parted[-1])
        return parted

    def cancel_queue(self, customer_id: int, scope: str) -> None:
        for lead in self.waiting(customer_id):
            if scope in {"", lead.claim.scope}:
                lead.hold = Hold.CANCELLED
