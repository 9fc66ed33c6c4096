"""What is read for a replay of past filings (RULE-3): the tries, what became of them, the policies of their time."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Region, Unit
from approvals.calendar import Calendar
from approvals.choices import RequestState
from approvals.models import CalendarDay, Request
from core.clock import day_of, likely_now, start_of
from core.models import Event
from core.periods import Period
from customers.keys import Key
from customers.models import SharedKey
from leads.asking import NAME
from leads.choices import Door, Progress
from leads.forms.lists import CALENDAR_BEHIND
from leads.models import Assignment, FilingAttempt, FollowUp, Lead, Protection
from leads.replay import Attempt, Comparison, Happened, Happening, Setting, compare, replay
from leads.replay.claims import key_of
from leads.replay.policies import instead, policies_of
from leads.services.attempts import digest
from leads.services.protecting import LEAVE_QUEUE, MOVE
from leads.services.requesting import AHEAD, EXTENSION
from leads.workflow import Action
from policies.dictionaries import Words, words
from policies.models import FieldNeed, FilingKind, FilingSettings, MatchRule, OrderType, PolicyVersion, Source
from policies.terms import DAY, DEFAULT_TERMS, Terms, extended_end
from policies.versions import frame_changes

FILING = (Door.FORM, Door.IMPORT)
DAYS_TRIED = 30
"""How far a replay looks back unless somebody says otherwise."""

HAPPENED = {
    "withdraw": Happened.WITHDRAW,
    "release": Happened.RELEASE,
    "void": Happened.VOID,
    "win": Happened.WIN,
    "confirm_visit": Happened.VISIT,
    "approve": Happened.APPROVE,
    "reject": Happened.REJECT,
}
ON_ASSIGNMENTS = {"deposit": Happened.DEPOSIT, "reverse": Happened.REVERSE}


@dataclass(frozen=True)
class Past:
    """What was filed and what became of it; `attempts` has also those that began earlier and went on in the period."""

    attempts: list[Attempt]
    happenings: list[Happening]
    setting: Setting
    versions: list[PolicyVersion]
    since: datetime


def try_version(version: PolicyVersion, period: Period, until: datetime | None = None) -> Comparison:
    """The filings of a period by the policies of their time, and with this version in its policy's place.

    `until`: as it stood at that moment, so that it is the same whenever it is asked; None for the present.
    """
    with _uncollected():
        return _try(version, read_past(period, until))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing is garbage while a replay piles up its claims; looking for it took a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _try(version: PolicyVersion, past: Past) -> Comparison:
    before = replay(past.attempts, past.happenings, past.setting)
    turned_away = frozenset(told.attempt_id for told in before if "taken" in told.reasons and not told.room)
    policies_at = instead(past.setting.policies_at, version, past.since)
    after = replay(past.attempts, past.happenings, replace(past.setting, policies_at=policies_at, queuers=turned_away))
    return compare(past.attempts, before, after)


def count_tries(period: Period) -> int:
    """How many a replay judges anew: those of the period, and those that went on when it began."""
    return _submitted(period).count() + _going_on(start_of(period.first)).count()


def read_past(period: Period, until: datetime | None = None) -> Past:
    """All that a replay needs, in a number of statements that does not grow with the period."""
    since, now = start_of(period.first), until or likely_now()
    before, tries = _going_on(since), _submitted(period).filter(at__lte=now)
    listed = [*_attempts(before, told=False), *_attempts(tries, told=True)]
    leads = Lead.objects.filter(Q(pk__in=before.values("lead")) | Q(pk__in=tries.filter(accepted=True).values("lead")))
    versions = list(PolicyVersion.objects.select_related("policy"))
    first = min((each.at for each in listed), default=since) - CALENDAR_BEHIND
    lists = _words(listed, day_of(first), day_of(now + AHEAD))
    shared = [(active, key_of(digest(Key(kind, value))), at) for kind, value, active, at in _shared()]
    setting = Setting(
        words=lists,
        policies_at=policies_of(versions, frame_changes()),
        until=now,
        gone=_gone(leads),
        shared={key: at for active, key, at in shared if active},
        counted=frozenset(key for active, key, _at in shared if not active),
    )
    happenings = [each for each in _happenings(leads, lists, versions, now) if each.at <= now]
    return Past(listed, happenings, setting, versions, since)


def _submitted(period: Period) -> QuerySet[FilingAttempt]:
    """Filings sent in the period, accepted or refused."""
    days = {"at__gte": start_of(period.first), "at__lt": start_of(period.last + DAY)}
    return FilingAttempt.objects.filter(door__in=FILING, **days)


def _going_on(since: datetime) -> QuerySet[FilingAttempt]:
    """Earlier filings that held, waited or barred somebody when the period began: what its first filings met."""
    kept = Q(lead__protection__ended_at__gte=since) | Q(lead__protection__barred_until__gt=since)
    kept |= Q(lead__protection__isnull=False, lead__protection__ended_at=None)
    kept |= Q(lead__queue_entry__state="waiting") | Q(lead__queue_entry__ended_at__gte=since)
    return FilingAttempt.objects.filter(kept, door__in=FILING, accepted=True, at__lt=since)


def _gone(leads: QuerySet[Lead]) -> frozenset[int]:
    """The filings whose turn came when their filer worked here no more."""
    left = Event.objects.filter(subject_type=Lead._meta.label_lower, action=LEAVE_QUEUE).values("subject_id")
    return frozenset(leads.filter(pk__in=left, filer__is_active=False).values_list("pk", flat=True))


COLUMNS = ("pk", "at", "filer_id", "facts", "keys", "accepted", "verdict", "reasons", "lead_id", "lead__number")


def _attempts(rows: QuerySet[FilingAttempt], *, told: bool) -> list[Attempt]:
    return [_attempt(row, told=told) for row in rows.order_by("pk").values_list(*COLUMNS).iterator()]


def _attempt(row: tuple[Any, ...], *, told: bool) -> Attempt:
    pk, at, filer_id, facts, keys, accepted, verdict, reasons, lead_id, number = row
    name = next((each for each in keys if each.startswith(f"{NAME}:")), "")
    return Attempt(
        pk, at, filer_id, facts, name, accepted, verdict, tuple(reasons), lead_id, number=number or "", told=told
    )


def _words(attempts: Iterable[Attempt], first: date, last: date) -> Words:
    """The lists by which claims are judged, in one statement."""
    asked: dict[str, set[Any]] = {name: {each.facts.get(name) for each in attempts} for name in ("city", "outlet")}
    return words(
        city=Region.objects.filter(pk__in=asked["city"] - {None}),
        outlet=Unit.objects.filter(pk__in=asked["outlet"] - {None}),
        source=Source.objects.all(),
        order_type=OrderType.objects.filter(active=True),
        settings=FilingSettings.objects.all(),
        matching=MatchRule.objects.all(),
        kinds=FilingKind.objects.all(),
        fields=FieldNeed.objects.all(),
        calendar=CalendarDay.objects.filter(day__range=(first, last)),
    )


def _shared() -> Iterable[tuple[str, str, bool, datetime | None]]:
    return SharedKey.objects.values_list("kind", "value", "active", "at")


def _happenings(
    leads: QuerySet[Lead], lists: Words, versions: Sequence[PolicyVersion], now: datetime
) -> Iterator[Happening]:
    yield from _events(leads)
    yield from _on_assignments(leads)
    for pk, lead_id, at in FollowUp.objects.filter(lead__in=leads).values_list("pk", "lead_id", "at").iterator():
        yield Happening(at, Happened.FOLLOW_UP, lead_id, pk)
    yield from _extensions(leads, lists, versions, now)
    yield from _edits(leads)


def _events(leads: QuerySet[Lead]) -> Iterator[Happening]:
    """A void that leaves the lead lost was for a competitor, any other for a false filing."""
    rows = Event.objects.filter(
        subject_type=Lead._meta.label_lower, action__in=HAPPENED, subject_id__in=leads.values("pk")
    )
    for pk, lead_id, action, after, at in rows.values_list("pk", "subject_id", "action", "after", "at").iterator():
        yield Happening(at, HAPPENED[action], lead_id, pk, false=after != Progress.LOST)


def _on_assignments(leads: QuerySet[Lead]) -> Iterator[Happening]:
    assignments = Assignment.objects.filter(lead__in=leads)
    lead_of = {}
    for pk, lead_id, at, ended_at in assignments.values_list("pk", "lead_id", "at", "ended_at"):
        lead_of[pk] = lead_id
        yield Happening(at, Happened.ASSIGN, lead_id, pk, of=pk)
        if ended_at:
            yield Happening(ended_at, Happened.TAKE_BACK, lead_id, pk, of=pk)
    label = Assignment._meta.label_lower
    rows = Event.objects.filter(subject_type=label, action__in=ON_ASSIGNMENTS, subject_id__in=assignments.values("pk"))
    for pk, one, action, at in rows.values_list("pk", "subject_id", "action", "at"):
        yield Happening(at, ON_ASSIGNMENTS[action], lead_of[one], pk, of=one)


def _extensions(
    leads: QuerySet[Lead], lists: Words, versions: Sequence[PolicyVersion], now: datetime
) -> Iterator[Happening]:
    """Longer protection that was asked for, and what was granted. What nobody had to decide has no request."""
    given = _prolonged(leads, lists, versions)
    label, ids = Lead._meta.label_lower, leads.values("pk")
    filer_of = dict(leads.values_list("pk", "filer_id"))
    requests = Request.objects.filter(kind=EXTENSION, subject_type=label, subject_id__in=ids).order_by("pk")
    asked = set()
    columns = ("pk", "subject_id", "state", "asked_at", "decided_at", "details")
    for pk, lead_id, state, asked_at, decided_at, details in requests.values_list(*columns):
        until: date | None = date.fromisoformat(details["until"])
        if state == RequestState.GRANTED and decided_at <= now:
            until = given.get((decided_at, filer_of[lead_id]), until)
            yield Happening(decided_at, Happened.GRANT, lead_id, pk, of=pk, until=until)
        asked.add((lead_id, asked_at))
        yield Happening(asked_at, Happened.ASK, lead_id, pk, of=pk, until=until)
    events = Event.objects.filter(subject_type=label, action=Action.EXTEND, subject_id__in=ids).order_by("pk")
    for pk, lead_id, at, changes in events.values_list("pk", "subject_id", "at", "changes"):
        if (lead_id, at) not in asked:
            until = given.get((at, filer_of[lead_id]), date.fromisoformat(changes["until"][1]))
            yield Happening(at, Happened.ASK, lead_id, pk, of=-pk, until=until)


def _prolonged(
    leads: QuerySet[Lead], lists: Words, versions: Sequence[PolicyVersion]
) -> dict[tuple[datetime, int], date | None]:
    """By moment and filer the lines of ledgers that prolong, and the last day that was asked for.

    Whoever got as long as the policy allowed is taken to have asked for just that: None.
    """
    terms = {version.pk: Terms.from_json(version.body) for version in versions}
    longer = Protection.objects.filter(filer__in=leads.values("filer"), extensions__gt=0)
    known = {
        pk: (filer_id, version_id) for pk, filer_id, version_id in longer.values_list("pk", "filer_id", "version_id")
    }
    label = Protection._meta.label_lower
    lines = Event.objects.filter(subject_type=label, action=MOVE, subject_id__in=longer.values("pk"))
    found: dict[tuple[datetime, int], date | None] = {}
    for protection_id, at, changes in lines.order_by("pk").values_list("subject_id", "at", "changes"):
        if changes["rule"] == "extension":
            filer_id, version_id = known[protection_id]
            found[at, filer_id] = _wish(changes, terms.get(version_id or 0, DEFAULT_TERMS), lists.calendar)
    return found


def _wish(changes: Mapping[str, str], terms: Terms, calendar: Calendar) -> date | None:
    before, until = (datetime.fromisoformat(changes[name]) for name in ("counted_from", "until"))
    both = (True, False) if terms.extension_term else ()
    longest = {extended_end(before, terms, calendar, waiting=waiting) for waiting in both}
    return None if until in longest else day_of(until - DAY)


def _edits(leads: QuerySet[Lead]) -> Iterator[Happening]:
    """Edits of keys. One that moved no time of arrival filled in hidden digits."""
    edits = FilingAttempt.objects.filter(door=Door.EDIT, accepted=True, lead__in=leads).order_by("pk")
    for *row, arrived_at in edits.values_list(*COLUMNS, "lead__arrived_at").iterator():
        attempt = _attempt(tuple(row), told=False)
        completes = arrived_at < attempt.at and not attempt.facts.get("hidden")
        lead_id = attempt.lead_id or 0
        yield Happening(attempt.at, Happened.EDIT, lead_id, attempt.pk, attempt=attempt, completes=completes)
