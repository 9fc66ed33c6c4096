"""Who owns which customer, told once more from `domain.md` and `policies.md` alone: no code of the system is used here.

Moments are naive and of the site's clock. A step gives "" or the word for why it is refused. Nothing is settled late:
what has run out has ended in the moment it ran out.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
OFF = {date(2026, 9, 25), *(date(2026, 10, day) for day in (1, 2, 5, 6, 7)), date(2027, 1, 1)}
MADE_UP = {date(2026, 9, 20), date(2026, 10, 10)}

Span = tuple[int, str]


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@dataclass(frozen=True)
class Rules:
    """A policy. Lengths are a number and a unit, None where there is none."""

    term: Span
    deposit: Span | None = None
    visit: Span | None = None
    deal: Span | None = None
    queue: int = 0
    own_turn: Span | None = None
    approval: bool = False
    past_days_off: bool = False
    extensions: int = 0
    longer: Span | None = None
    longer_waiting: Span | None = None
    days_before: int = 0
    extension_approved: bool = False
    turn_extensions: int = 0
    ban: Span | None = None
    cool_down: Span | None = None

    def end(self, start: datetime, span: Span, *, moves: bool = True) -> datetime:
        """The first day does not count, the last one ends at 24:00; hours run from the minute."""
        count, unit = span
        if unit == "hour":
            return start + timedelta(hours=count)
        day = start.date()
        if unit == "day":
            day += count * DAY
        elif unit == "month":
            year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
            day = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        else:
            for _each in range(count):
                day += DAY
                while not works(day):
                    day += DAY
        while moves and self.past_days_off and not works(day):
            day += DAY
        return midnight(day + DAY)


@dataclass(eq=False)
class Filing:
    """`cases` are what went to a showroom, by order type: assigned or deposit; `audited` those that were decided on."""

    number: int
    customer: "Customer"
    filer: int
    key: str
    order_type: int
    rules: Rules
    hold: str
    progress: str = "filed"
    claim: "Claim | None" = None
    cases: dict[int, str] = field(default_factory=dict)
    audited: set[int] = field(default_factory=set)
    request: str = ""
    longer: str = ""
    asked_until: datetime | None = None

    @property
    def active(self) -> bool:
        return self.hold in {"pending", "protected"}

    def move(self, kind: int, word: str) -> None:
        """One of its cases goes on, and it as well, unless it is won or lost."""
        self.cases[kind] = word
        if self.progress in {"filed", "assigned", "deposit"}:
            self.progress = "deposit" if "deposit" in self.cases.values() else "assigned"


@dataclass(eq=False)
class Claim:
    """A protection. `ledger` are the ends that were given, by what for; None where it has no end by that."""

    customer: "Customer"
    filer: int
    rules: Rules
    state: str
    started: datetime | None = None
    ledger: list[tuple[str, datetime | None]] = field(default_factory=list)
    extensions: int = 0
    turn: bool = False
    over: bool = False

    @property
    def end(self) -> datetime | None:
        ends = [end for _what, end in self.ledger]
        return None if None in ends else max((end for end in ends if end), default=None)

    def begin(self, at: datetime) -> None:
        span = self.rules.own_turn or self.rules.term if self.turn else self.rules.term
        self.state, self.started = "protected", at
        self.ledger = [("start", self.rules.end(at, span))]


@dataclass(eq=False)
class Customer:
    place: int
    filings: list[Filing] = field(default_factory=list)
    claim: Claim | None = None
    queue: list[Filing] = field(default_factory=list)
    bars: dict[int, datetime] = field(default_factory=dict)

    def knows(self, key: str) -> bool:
        return any(filing.key == key for filing in self.filings)

    def under_claim(self) -> list[Filing]:
        return [filing for filing in self.filings if filing.active and filing.claim is self.claim]

    def sold(self) -> bool:
        return any(filing.progress == "won" for filing in self.under_claim())


@dataclass
class World:
    customers: list[Customer] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    held: dict[str, Customer] = field(default_factory=dict)

    # What goes on by itself

    def settle(self, at: datetime) -> None:
        """End what has run out by now, the first first; the next in the queue begins in that moment."""
        while over := [one.claim for one in self.customers if one.claim and one.claim.end and one.claim.end <= at]:
            claim = min(over, key=lambda each: (each.end, each.customer.place))
            assert claim.end
            self.finish(claim, "expired", claim.end)

    def finish(self, claim: Claim, hold: str, at: datetime) -> None:
        customer = claim.customer
        for filing in customer.under_claim():
            filing.hold, filing.request, filing.longer = hold, "", ""
        claim.over, customer.claim = True, None
        self.count_keys()
        if customer.queue:
            self.promote(customer.queue.pop(0), at)

    def promote(self, filing: Filing, at: datetime) -> None:
        """The turn comes by itself: whether somebody has approved by now does not matter."""
        claim = self.open(filing, turn=True)
        filing.hold, filing.request = "protected", ""
        claim.begin(at)
        self.count_keys()

    def open(self, filing: Filing, *, turn: bool = False) -> Claim:
        claim = Claim(filing.customer, filing.filer, filing.rules, "pending", turn=turn)
        filing.claim = filing.customer.claim = claim
        return claim

    def count_keys(self) -> None:
        """A key is held by one customer as long as a filing under its protection has it, then by another such one."""
        claiming: dict[str, list[Customer]] = {}
        for filing in self.filings:
            if filing.active and filing.customer.claim is filing.claim:
                claiming.setdefault(filing.key, []).append(filing.customer)
        self.held = {
            key: before if (before := self.held.get(key)) in several else several[0]
            for key, several in claiming.items()
        }

    def leave(self, filing: Filing, at: datetime, *, barred: bool) -> None:
        """A filing leaves its protection, which ends with the last one."""
        claim = filing.claim
        self.count_keys()
        if claim:
            self.wait_again(claim)
        if claim and not claim.over and not claim.customer.under_claim():
            if barred:
                self.bar(claim, claim.rules.cool_down, at)
            self.finish(claim, "released", at)

    def wait_again(self, claim: Claim) -> None:
        """Nothing approved is left under a protection: it waits, and its time runs on."""
        standing = claim.customer.under_claim()
        if standing and claim.state == "protected" and all(each.hold == "pending" for each in standing):
            claim.state = "pending"

    def bar(self, claim: Claim, span: Span | None, at: datetime) -> None:
        if span:
            claim.customer.bars[claim.filer] = claim.rules.end(at, span, moves=False)

    # Whose is it?

    def alike(self, key: str) -> list[Customer]:
        if key in self.held:
            return [self.held[key]]
        return [one for one in self.customers if one.knows(key)]

    def judge(
        self, who: int, key: str, order_type: int, at: datetime, *, edits: Filing | None = None
    ) -> tuple[str, Customer | None]:
        """Why the customer can't be filed, or on which one it is; "" and None for a new one."""
        alike = self.alike(key)
        for one in alike:
            if one.claim and one.claim.filer != who:
                if any(filing.filer == who for filing in one.queue):
                    return "waits already", one
                barred = one.bars.get(who, at) > at
                room = len(one.queue) < one.claim.rules.queue and not barred and not one.sold()
                return "may queue" if room else "taken", one
        own = [one for one in alike if one.claim]
        if any(one.bars.get(who, at) > at for one in alike if not one.claim):
            return "barred", None
        if own:
            mine = [each for one in own for each in one.filings if each.active and each is not edits]
            again = any(each.order_type == order_type for each in mine)
            return "own" if again else "", own[0]
        return "", alike[0] if alike else None

    # What people do

    def file(self, who: int, key: str, order_type: int, rules: Rules, at: datetime, *, queue: bool) -> str:
        why, customer = self.judge(who, key, order_type, at)
        if why and not (why == "may queue" and queue):
            return why
        if customer is None:
            customer = Customer(len(self.customers))
            self.customers.append(customer)
        filing = Filing(len(self.filings), customer, who, key, order_type, rules, "protected")
        self.filings.append(filing)
        customer.filings.append(filing)
        if why:
            filing.hold, filing.request = "queued", "filing" if rules.approval else ""
            customer.queue.append(filing)
            return ""
        if rules.approval:
            filing.hold, filing.request = "pending", "filing"
        if customer.claim:
            filing.claim = customer.claim
        else:
            claim = self.open(filing)
            if not rules.approval:
                claim.begin(at)
        self.count_keys()
        return ""

    def withdraw(self, filing: Filing, at: datetime) -> str:
        if why := self._fixed(filing):
            return why
        filing.progress = "withdrawn"
        if filing.hold == "queued":
            filing.hold, filing.request = "cancelled", ""
            filing.customer.queue.remove(filing)
        elif filing.active:
            filing.hold, filing.request, filing.longer = "released", "", ""
            self.leave(filing, at, barred=True)
        return ""

    def _fixed(self, filing: Filing) -> str:
        """Why filed data can't be changed or taken back any more."""
        if filing.audited:
            return "audited"
        if filing.progress == "assigned":
            return "assigned"
        return "" if filing.progress == "filed" else "closed"

    def edit(self, filing: Filing, key: str, at: datetime) -> str:
        if why := self._fixed(filing):
            return why
        if not filing.active:
            return "keys wait" if filing.hold == "queued" else "keys ended"
        why, _customer = self.judge(filing.filer, key, filing.order_type, at, edits=filing)
        if why:
            return why
        filing.key = key
        if filing.rules.approval:
            filing.hold, filing.request, filing.longer = "pending", "filing", ""
        assert filing.claim
        self.wait_again(filing.claim)
        parted = self.part(filing.customer)
        self.count_keys()
        for one in parted:
            self.promote(one.queue.pop(0), at)
        return ""

    def part(self, customer: Customer) -> list[Customer]:
        """Whoever waits for a number that the customer has no more waits for one of its own, which is free."""
        keys = {each.key for each in customer.filings if each.active}
        parted = []
        for waiter in [each for each in customer.queue if each.key not in keys]:
            alone = Customer(len(self.customers), [waiter], queue=[waiter])
            customer.queue.remove(waiter)
            customer.filings.remove(waiter)
            waiter.customer = alone
            self.customers.append(alone)
            parted.append(alone)
        return parted

    def release(self, filing: Filing, at: datetime, *, competitor: bool = False) -> str:
        """To a competitor: that filing is lost besides."""
        if filing.active and filing.customer.sold():
            return "sold"
        why = self._end(filing, "released", at)
        if competitor and not why:
            filing.progress = "lost"
        return why

    def void(self, filing: Filing, at: datetime) -> str:
        return self._end(filing, "voided", at)

    def _end(self, filing: Filing, hold: str, at: datetime) -> str:
        if not filing.active or filing.claim is None:
            return "not holding"
        if filing.progress == "won":
            return "closed"
        rules = filing.claim.rules
        self.bar(filing.claim, rules.ban if hold == "voided" else rules.cool_down, at)
        self.finish(filing.claim, hold, at)
        return ""

    def win(self, filing: Filing, at: datetime) -> str:
        """A deal keeps the customer, and nobody waits for it any longer."""
        if filing.hold == "queued":
            return "queued"
        if filing.progress != "deposit":
            return "closed"
        filing.progress = "won"
        claim = filing.claim
        if claim and not claim.over:
            claim.ledger.append(("deal", claim.rules.end(at, claim.rules.deal) if claim.rules.deal else None))
            for waiter in claim.customer.queue:
                waiter.hold, waiter.progress, waiter.request = "cancelled", "lost", ""
            claim.customer.queue.clear()
        return ""

    def visit(self, filing: Filing, at: datetime) -> str:
        claim = filing.claim
        if claim is None or not filing.active:
            return "not holding"
        if filing.hold == "pending":
            return "pending"
        if filing.progress == "won":
            return "closed"
        if claim.rules.visit:
            claim.ledger.append(("visit", claim.rules.end(at, claim.rules.visit)))
        return ""

    def assign(self, filing: Filing, kind: int) -> str:
        if filing.hold == "queued":
            return "queued"
        if filing.hold == "pending":
            return "pending"
        if filing.hold == "cancelled":
            return "given up"
        if filing.progress == "filed" and not filing.active:
            return "ended"
        if filing.progress not in {"filed", "assigned", "deposit"}:
            return "closed"
        if kind in filing.cases:
            return "assigned already"
        filing.move(kind, "assigned")
        return ""

    def deposit(self, filing: Filing, kind: int, at: datetime) -> str:
        if kind in filing.audited:
            return "audited"
        if filing.cases[kind] != "assigned":
            return "paid already"
        filing.move(kind, "deposit")
        mark = f"deposit {filing.number} {kind}"
        claim, holder = filing.customer.claim, self.held.get(filing.key)
        rival = claim or (holder.claim if holder else None)
        if filing.active and filing.claim:
            self._prolong_by_deposit(filing.claim, mark, at)
        elif filing.progress == "lost" or (rival and rival.filer != filing.filer):
            return ""
        elif claim:
            filing.claim, filing.hold = claim, claim.state
            self.count_keys()
            self._prolong_by_deposit(claim, mark, at)
        else:
            self._protect_anew(filing, mark, at)
        return ""

    def _prolong_by_deposit(self, claim: Claim, mark: str, at: datetime) -> None:
        if claim.rules.deposit:
            claim.ledger.append((mark, claim.rules.end(at, claim.rules.deposit)))

    def _protect_anew(self, filing: Filing, mark: str, at: datetime) -> None:
        if filing.customer.bars.get(filing.filer, at) > at:
            return
        claim = self.open(filing)
        claim.state, claim.started, filing.hold = "protected", at, "protected"
        end = filing.rules.end(at, filing.rules.deposit or filing.rules.term)
        claim.ledger = [(mark, end)]
        self.count_keys()

    def reverse(self, filing: Filing, kind: int, at: datetime) -> str:
        """What holds the customer besides goes on; what only prolongs holds nothing."""
        if kind in filing.audited:
            return "audited"
        if filing.cases[kind] != "deposit":
            return "not paid"
        filing.move(kind, "assigned")
        claim, gone = filing.claim, f"deposit {filing.number} {kind}"
        if claim is None or claim.over or all(what != gone for what, _end in claim.ledger):
            return ""
        claim.ledger = [(what, end) for what, end in claim.ledger if what != gone]
        if all(what == "extension" for what, _end in claim.ledger) or (claim.end and claim.end <= at):
            self.finish(claim, "expired", at)
        return ""

    def audit(self, filing: Filing, kind: int) -> str:
        if kind in filing.audited:
            return "audited"
        filing.audited.add(kind)
        return ""

    def extend(self, filing: Filing, at: datetime) -> str:
        claim = filing.claim
        if claim is None or not filing.active:
            return "not holding"
        if filing.hold == "pending":
            return "pending"
        if filing.progress == "won":
            return "closed"
        if why := self._unextendable(claim):
            return why
        rules = claim.rules
        assert claim.end
        if at.date() > (claim.end - timedelta(microseconds=1)).date() - rules.days_before * DAY:
            return "too late"
        until = self._longest(claim)
        if rules.extension_approved:
            if any(each.longer for each in claim.customer.under_claim()):
                return "asked already"
            filing.longer, filing.asked_until = "asked", until
        else:
            self._prolong(claim, until)
        return ""

    def _unextendable(self, claim: Claim) -> str:
        most = claim.rules.turn_extensions if claim.turn else claim.rules.extensions
        if claim.state == "pending" or claim.end is None:
            return "no end"
        if not most or not claim.rules.longer:
            return "none"
        return "too often" if claim.extensions >= most else ""

    def _longest(self, claim: Claim) -> datetime:
        """It goes on from the last day, for a shorter time if somebody waits."""
        rules, end = claim.rules, claim.end
        span = (rules.longer_waiting if claim.customer.queue else None) or rules.longer
        assert span and end
        return rules.end(end if span[1] == "hour" else end - timedelta(microseconds=1), span)

    def _prolong(self, claim: Claim, wanted: datetime) -> None:
        claim.extensions += 1
        claim.ledger.append(("extension", min(self._longest(claim), wanted)))

    def decide(self, filing: Filing, at: datetime, *, grant: bool) -> str:
        """On what was asked last: the filing itself, or longer protection."""
        claim = filing.claim
        if filing.longer and claim:
            return self._decide_longer(filing, claim, grant=grant)
        if not filing.request:
            return "not open"
        filing.request = ""
        if filing.hold == "queued":
            if not grant:
                filing.progress, filing.hold = "rejected", "cancelled"
                filing.customer.queue.remove(filing)
            return ""
        assert claim
        if not grant:
            filing.progress, filing.hold = "rejected", "released"
            self.leave(filing, at, barred=False)
            return ""
        filing.hold = "protected"
        if claim.state == "pending" and claim.started:
            claim.state = "protected"
        elif claim.state == "pending":
            claim.begin(at)
        return ""

    def _decide_longer(self, filing: Filing, claim: Claim, *, grant: bool) -> str:
        if grant and (why := self._unextendable(claim)):
            return why
        filing.longer = ""
        if grant:
            assert filing.asked_until
            self._prolong(claim, filing.asked_until)
        return ""
