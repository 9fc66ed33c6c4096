"""What a replay is given, and what it tells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from customers.keys import Key
from policies.choosing import PolicyInForce
from policies.dictionaries import Words


class Happened(StrEnum):
    """What happened to a filing afterwards. In this order where two things have one time."""

    FILE = "file"
    EDIT = "edit"
    APPROVE = "approve"
    REJECT = "reject"
    FOLLOW_UP = "follow_up"
    ASSIGN = "assign"
    VISIT = "visit"
    DEPOSIT = "deposit"
    ASK = "ask"
    GRANT = "grant"
    WIN = "win"
    REVERSE = "reverse"
    TAKE_BACK = "take_back"
    RELEASE = "release"
    VOID = "void"
    WITHDRAW = "withdraw"


ORDER = {what: place for place, what in enumerate(Happened)}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A recorded try to file. `facts` as in `FilingAttempt`; `name` is a digest; `told`: it lies in the period."""

    pk: int
    at: datetime
    filer_id: int
    facts: Mapping[str, Any]
    name: str = ""
    accepted: bool = False
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    lead_id: int | None = None
    number: str = ""
    told: bool = True

    @property
    def what(self) -> Happened:
        return Happened.FILE


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a lead.

    `of` is the assignment or the request for an extension; `until` the day that was asked for, None for as long as
    possible. `attempt` is that of an edit of keys, `completes` that it filled in hidden digits. `false`: it was voided
    as a false filing, or let go without being lost to a competitor.
    """

    at: datetime
    what: Happened
    lead_id: int
    pk: int = 0
    of: int = 0
    until: date | None = None
    attempt: Attempt | None = None
    completes: bool = False
    false: bool = False


@dataclass(frozen=True)
class Setting:
    """What filings are judged by. `words` has settings, kinds, matching rules and calendar; `until` is the present.

    `shared` are digests of keys that don't count, and since when, None for ever; `counted` of those that do however
    many have them. `queuers` are the tries that would rather wait than be turned away, `gone` the leads whose filers
    had left when their turn came.
    """

    words: Words
    policies_at: Callable[[datetime], Sequence[PolicyInForce]]
    until: datetime
    shared: Mapping[Key, datetime | None] = field(default_factory=dict)
    counted: frozenset[Key] = frozenset()
    queuers: frozenset[int] = field(default_factory=frozenset)
    gone: frozenset[int] = field(default_factory=frozenset)


class Verdict(TextChoices):
    REFUSED = "refused", pgettext_lazy("replay", "refused")
    PROTECTED = "protected", pgettext_lazy("replay", "protected")
    PENDING = "pending", pgettext_lazy("replay", "pending")
    QUEUED = "queued", pgettext_lazy("replay", "queued")
    JOINED = "joined", pgettext_lazy("replay", "joined an own protection")


class Told(NamedTuple):
    """What a replay says of one try: the verdict at its time and the end it came to.

    `reasons` are the codes of what refused it, `room` that it could have waited; `until` is the end as it was set at
    first, None for no end; `place` that among those who wait. `hold` and `end` are how it stands at present.
    """

    attempt_id: int
    number: str
    filer_id: int
    at: datetime
    verdict: str
    reasons: tuple[str, ...] = ()
    room: bool = False
    until: datetime | None = None
    place: int = 0
    hold: str = ""
    end: datetime | None = None

    @property
    def judged(self) -> tuple[Any, ...]:
        return self.verdict, self.reasons, self.until, self.place

    @property
    def ended(self) -> tuple[Any, ...]:
        return self.hold, self.end

    @property
    def refused(self) -> bool:
        return self.verdict == Verdict.REFUSED


class Change(NamedTuple):
    """A try that other policies judge differently, or that comes to another end by them."""

    before: Told
    after: Told

    @property
    def end_differs(self) -> bool:
        return self.before.ended != self.after.ended
