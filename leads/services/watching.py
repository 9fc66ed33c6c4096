"""Who asks about how many customers: the day's book of a person, the alarm, and the figures for those who watch."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import User
from core.clock import day_of, start_of
from core.events import note_event, subject
from core.models import Event
from core.periods import Period
from leads.asking import FILED_WITHIN, Ask, Book
from leads.choices import Answer, Door
from leads.models import FilingAttempt

ALARM = "check_alarm"
MET = "met"
"""Among the reasons of an unclear try: it could be somebody else's customer, not only one's own."""

FILING = {Door.FORM, Door.IMPORT}
TOLD_BEFOREHAND = {Door.CHECK, Door.PREVIEW}
QUESTIONS = (
    Q(door__in=TOLD_BEFOREHAND)
    | Q(accepted=False, verdict__in=[Answer.TAKEN, Answer.OWN])
    | Q(accepted=True, door=Door.EDIT)
)
"""Tries that ask: checks, edits, filings refused because of the customer. One refused for anything else told nothing
and must not count: what was asked about already is answered beyond the budget."""
TOLD = ("keys", "door", "verdict", "accepted", "reasons")
PERSON = ("actor_id", "actor__name", "actor__username", "actor__unit__name")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a person asked in a day: customers, those of them that others have, and those filed in time."""

    asked: int
    hits: int
    filed: int

    @property
    def share(self) -> int:
        """Hits per hundred customers."""
        return round(100 * self.hits / self.asked) if self.asked else 0


def ask_of(attempt: FilingAttempt) -> Ask:
    told = {name: getattr(attempt, name) for name in TOLD}
    return _ask(told, attempt.at)


def _ask(told: Mapping[str, Any], at: datetime) -> Ask:
    met = told["verdict"] == Answer.UNCLEAR and MET in told["reasons"]
    hit = met or told["verdict"] == Answer.TAKEN
    return Ask(frozenset(told["keys"]), at, hit=hit, files=_files(told))


def _files(told: Mapping[str, Any]) -> bool:
    return bool(told["accepted"]) and told["door"] in FILING


def book_of(user_id: int, moment: datetime) -> Book:
    """What a person has asked on the day of a moment. Decide by it under the lock of that day only."""
    start = start_of(day_of(moment))
    return Book(row.ask for row in _told(Q(actor=user_id, at__gte=start, at__lt=start + DAY)))


@dataclass(frozen=True, slots=True)
class Told:
    """Equal tries of one day, of which only the time of one counts: of questions the last, of filings the first."""

    user_id: int
    day: date
    ask: Ask


def _told(wanted: Q) -> Iterator[Told]:
    """The tries that were answered, in the order in which they were first made."""
    answered = FilingAttempt.objects.filter(wanted, QUESTIONS | Q(accepted=True)).exclude(verdict="")
    equal = answered.annotate(day=TruncDate("at")).values("actor_id", "day", *TOLD)
    rows = equal.annotate(first=Min("at"), last=Max("at"), place=Min("pk")).order_by("first", "place")
    for row in rows.iterator():
        at = row["first"] if _files(row) else row["last"]
        yield Told(row["actor_id"], row["day"], _ask(row, at))


def watch(book: Book, *, by: User, at: datetime, exceeded: bool) -> None:
    """Raise the alarm at an unusual share of hits and beyond the budget, once for a person and day.

    Belongs into the transaction of the try, under the lock of the person's day.
    """
    if not (exceeded or book.alarming):
        return
    raised = Event.objects.filter(**subject(by), action=ALARM, at__gte=start_of(day_of(at)))
    if not raised.exists():
        note_event(by, ALARM, by=by, at=at, changes={"asked": len(book.groups), "hits": book.hits})


def watched_by(user: User) -> QuerySet[User]:
    """The people whose checks somebody may look at: those of their unit and below, for some everybody."""
    people = User.objects.all()
    if user.standing.has("leads.scope_all"):
        return people
    return people.filter(unit__path__startswith=user.unit.path) if user.unit else people.none()


def days_of(people: QuerySet[User], period: Period) -> QuerySet[Any]:
    """Rows of people and days with questions: days with an alarm first, then the newest."""
    of_day = {"subject_type": User._meta.label_lower, "subject_id": OuterRef("actor_id"), "at__date": OuterRef("day")}
    asked = FilingAttempt.objects.filter(QUESTIONS, actor__in=people)
    days = asked.filter(at__gte=start_of(period.first), at__lt=start_of(period.last) + DAY)
    rows = days.annotate(day=TruncDate("at")).values(*PERSON, "day")
    rows = rows.annotate(
        silent=Count("pk", filter=Q(verdict="", door__in=TOLD_BEFOREHAND)),
        alarm=Exists(Event.objects.filter(action=ALARM, **of_day)),
    )
    return rows.order_by("-alarm", "-day", "actor__name", "actor_id")


def figures_of(days: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], Figures]:
    """The figures of people on days, by `(user id, day)`, in one statement."""
    if not days:
        return {}
    asks: dict[tuple[int, date], list[Ask]] = {one: [] for one in days}
    for told in _told(reduce(or_, (_of_day(user_id, day) for user_id, day in days))):
        eves = {told.day, day_of(told.ask.at - FILED_WITHIN)} if told.ask.files else {told.day}
        for day in eves:
            if (told.user_id, day) in asks:
                asks[told.user_id, day].append(told.ask)
    return {one: _figures(tries) for one, tries in asks.items()}


def _of_day(user_id: int, day: date) -> Q:
    """A day's tries, and the filings shortly after midnight that belong to its last ones."""
    start = start_of(day)
    later = Q(accepted=True, at__lt=start + DAY + FILED_WITHIN)
    return Q(actor=user_id, at__gte=start) & (Q(at__lt=start + DAY) | later)


def _figures(asks: Iterable[Ask]) -> Figures:
    book = Book(asks)
    return Figures(len(book.groups), book.hits, book.filed)
