"""What a policy says, as a value: terms of protection, queue, extension, and how long a term runs (RULE-1)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from approvals.calendar import Calendar
from core.clock import day_of, start_of

DAY = timedelta(days=1)


class Unit(TextChoices):
    HOUR = "hour", _("hours")
    DAY = "day", _("days")
    WORKING_DAY = "working_day", _("working days")
    MONTH = "month", _("months")


class Term(NamedTuple):
    """A length of time; `unit` is one of `Unit`."""

    count: int  # type: ignore[assignment]
    unit: str = Unit.DAY.value


def add_months(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day (Civil Code, art. 202)."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(first: date, term: Term, calendar: Calendar, *, past_holidays: bool = False) -> date:
    """The last day of a term that begins on `first`, which does not count (Civil Code, art. 201 to 203).

    With `past_holidays` a term that ends on a day off goes on to the end of the next working day.
    """
    match term.unit:
        case Unit.DAY:
            day = first + term.count * DAY
        case Unit.MONTH:
            day = add_months(first, term.count)
        case Unit.WORKING_DAY:
            day = calendar.add_working(first, term.count)
        case _:
            raise ValueError(f"hours have no last day: {term}")
    return calendar.next_working(day) if past_holidays else day


def end_of(start: datetime, term: Term, calendar: Calendar, *, past_holidays: bool = False) -> datetime:
    """The moment at which a term that begins at `start` is over; it does not belong to the term.

    Hours run from the moment; days, working days and months end at 24:00 of their last day, by the site's clock.
    """
    if term.unit == Unit.HOUR:
        return start + timedelta(hours=term.count)
    return start_of(last_day(day_of(start), term, calendar, past_holidays=past_holidays) + DAY)


def protected_until(start: datetime, terms: "Terms", calendar: Calendar) -> datetime | None:
    """When a protection that begins at `start` ends by itself; None: never.

    Where the policy names a day, such as that of an opening, it ends with that day; what begins later has the term.
    """
    if terms.named_day and day_of(start) <= terms.named_day:
        return start_of(terms.named_day + DAY)
    return end_of(start, terms.term, calendar, past_holidays=terms.past_holidays) if terms.term else None


def extended_end(ends_at: datetime, terms: "Terms", calendar: Calendar, *, waiting: bool) -> datetime:
    """When a protection ends that is extended now: the term goes on from its last day, a shorter one if somebody waits.

    A protection that ended in the course of a day goes on from that moment. Raises `ValueError` where the policy
    extends nothing.
    """
    term = terms.extension_term_waiting if waiting and terms.extension_term_waiting else terms.extension_term
    if not term:
        raise ValueError("this policy extends nothing")
    start = ends_at - timedelta(microseconds=1)
    return end_of(ends_at if term.unit == Unit.HOUR else start, term, calendar, past_holidays=terms.past_holidays)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Of two ends the later one; none at all is the latest."""
    return max(one, other) if one and other else None


def later_end(
    before: datetime | None, at: datetime, term: Term | None, terms: "Terms", calendar: Calendar
) -> datetime | None:
    """The end after a deposit, a confirmed visit or a deal: its term from the day of recording, if that is later.

    What has no end keeps none.
    """
    if term is None:
        return before
    return later(before, end_of(at, term, calendar, past_holidays=terms.past_holidays))


def last_day_of(ends_at: datetime) -> date:
    """The last day, or part of one, that belongs to what ends at a moment."""
    return day_of(ends_at - timedelta(microseconds=1))


def last_day_to_ask(ends_at: datetime, terms: "Terms") -> date:
    """The last day on which an extension can be asked for: so many days before the last day of the protection."""
    return last_day_of(ends_at) - terms.extension_days_before * DAY


class Contest(TextChoices):
    """What a filing that waits for approval does to later ones (`policies.md`, Contest)."""

    FIRST = "first", _("the first filing holds the customer while it waits")
    EVIDENCE = "evidence", _("filings wait side by side, and one is granted")


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Which filings a policy is for; an empty condition is none. Ids of dictionaries and units, words of kinds.

    A unit stands for itself and all below it, a region, given by its code, for all in it.
    """

    sources: tuple[int, ...] = ()
    order_types: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    customer_kinds: tuple[str, ...] = ()
    filing_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything that a policy settles. A term of None is none: no end, no limit, no such rule."""

    when: Conditions = field(default_factory=Conditions)

    required: tuple[str, ...] = ()
    contact_within: Term | None = None
    signed_within: Term | None = None
    minutes_ahead: int = 0
    days_ahead: int = 0

    needs_approval: bool = False
    decide_within: Term | None = None
    contest: str = Contest.FIRST.value
    unclear_waits: bool = False
    mask_holds: bool = False
    tells_from: bool = False
    hold_limit: int | None = None

    term: Term | None = None
    named_day: date | None = None
    past_holidays: bool = False
    deposit_term: Term | None = None
    visit_term: Term | None = None
    deal_term: Term | None = None
    contact_every: Term | None = None
    remind_idle: Term | None = None
    remind_days: int = 3

    extensions: int = 0
    extension_term: Term | None = None
    extension_term_waiting: Term | None = None
    extension_days_before: int = 0
    extension_needs_news: bool = False
    extension_needs_approval: bool = True

    queue: int = 0
    promoted_term: Term | None = None
    promoted_extensions: int = 0

    void_ban: Term | None = None
    cool_down: Term | None = None

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields that a filing needs by this policy, among them the dates that its limits are counted from."""
        dated = {
            "first_contact_on": self.contact_within,
            "contract_signed_on": self.signed_within,
            "visit_planned_at": self.minutes_ahead or self.days_ahead,
        }
        return tuple(dict.fromkeys((*self.required, *(name for name, limit in dated.items() if limit))))

    def to_json(self) -> dict[str, Any]:
        """What differs from the defaults, in values that JSON has."""
        usual = asdict(DEFAULT_TERMS)
        return {name: _plain(value) for name, value in asdict(self).items() if value != usual[name]}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Terms":
        """Raises `ValueError` on a name or a value that a policy does not have."""
        if unknown := set(body) - {each.name for each in fields(cls)}:
            raise ValueError(f"no such settings: {', '.join(sorted(unknown))}")
        return cls(**{name: _read(name, value) for name, value in body.items()})


DEFAULT_TERMS = Terms()
"""Where no policy fits: protected at once and without an end, one filer, nobody waits."""

TERM_FIELDS = tuple(each.name for each in fields(Terms) if each.type in {"Term | None", Term | None})


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {name: _plain(each) for name, each in value.items() if each}
        case tuple():
            return list(value)
    return value


def _read(name: str, value: Any) -> Any:
    if name == "when":
        return Conditions(**{key: tuple(each) for key, each in value.items()})
    if name in TERM_FIELDS and value is not None:
        count, unit = value
        return Term(int(count), Unit(unit).value)
    if name == "named_day" and value:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
