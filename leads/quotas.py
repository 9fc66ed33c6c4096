"""The daily quota (QUOTA-1 to -5): how many filings a person may make today, counted so that nobody gets past it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value

from accounts.models import User
from core.clock import clock_column, day_of, likely_today, settled
from leads.models import QuotaDay
from policies.dictionaries import Word
from policies.models import Quota, QuotaScope


@dataclass(frozen=True, slots=True)
class QuotaState:
    """A person's day: `cap` None means unlimited."""

    cap: int | None
    credit: int = 0
    used: int = 0

    @property
    def left(self) -> int | None:
        return None if self.cap is None else max(self.cap + self.credit - self.used, 0)

    @property
    def total(self) -> int | None:
        return None if self.cap is None else self.cap + self.credit


def cap_from(rows: Mapping[str, list[int | None]]) -> int | None:
    """The person's own cap, else the highest of their roles', else the outlet's, else the site's (QUOTA-4).

    `rows` are the caps found by scope; None is unlimited and the highest of all. Without any row: unlimited.
    """
    for scope in (QuotaScope.PERSON, QuotaScope.ROLE, QuotaScope.UNIT, QuotaScope.SITE):
        if caps := rows.get(scope):
            return None if None in caps else max(cap for cap in caps if cap is not None)
    return None


def quota_rows(user_ids: Iterable[int]) -> QuerySet[Any]:
    """The quotas that concern people: their own, those of their roles and outlets, the site's."""
    ids = list(user_ids)
    concerned = Q(scope=QuotaScope.SITE) | Q(person__in=ids) | Q(unit__people__in=ids) | Q(role__user__in=ids)
    return Quota.objects.filter(concerned)


def cap_in(rows: Iterable[Word]) -> int | None:
    """The quota of one person from its rows in the choice lists of a request."""
    caps: dict[str, list[int | None]] = {}
    for row in rows:
        caps.setdefault(row.name, []).append(int(row.extra) if row.extra else None)
    return cap_from(caps)


def quotas_of(users: Iterable[User], day: date) -> dict[int, QuotaState]:
    """Each person's quota and use on a day, in one statement for all of them."""
    people = {user.pk: user for user in users}
    units = {user.unit_id for user in people.values() if user.unit_id}
    rules: QuerySet[Any] = Quota.objects.filter(
        Q(scope=QuotaScope.SITE) | Q(person__in=people) | Q(unit__in=units) | Q(role__user__in=people)
    )
    columns: dict[str, Any] = {"word": F("scope"), "one": F("cap"), "two": Value(0, IntegerField())}
    found: Any = rules.annotate(**columns).values_list("word", "one", "two", "unit_id", "person_id", "role__user")
    days = QuotaDay.objects.filter(user__in=people, day=day).annotate(
        word=Value("day", CharField()), one=F("used"), two=F("credit")
    )
    nothing = Value(None, IntegerField())
    used = days.annotate(unit=nothing, role=nothing).values_list("word", "one", "two", "unit", "user_id", "role")
    rows = list(found.union(used, all=True))
    return {pk: _state(user, rows) for pk, user in people.items()}


def _state(user: User, rows: list[tuple]) -> QuotaState:
    caps: dict[str, list[int | None]] = {}
    use, credit = 0, 0
    for scope, one, two, unit_id, person_id, role_user in rows:
        if scope == "day" and person_id == user.pk:
            use, credit = one, two
        elif scope == QuotaScope.SITE or (
            (scope == QuotaScope.PERSON and person_id == user.pk)
            or (scope == QuotaScope.UNIT and unit_id == user.unit_id)
            or (scope == QuotaScope.ROLE and role_user == user.pk)
        ):
            caps.setdefault(scope, []).append(one)
    return QuotaState(cap_from(caps), credit, use)


def quota_of(user: User, day: date) -> QuotaState:
    return quotas_of([user], day)[user.pk]


def take_many(wanted: Mapping[int, int], day: date, caps: Mapping[int, int | None]) -> tuple[dict[int, int], datetime]:
    """Use up to so many units of people's days, by ascending id; what each got, and the moment under the last lock."""
    granted, moment = {}, None
    for user_id, count in sorted(wanted.items()):
        if count:
            granted[user_id], moment = take(user_id, day, caps[user_id], count)
    return granted, settled(moment)


def take(user_id: int, day: date, cap: int | None, wanted: int) -> tuple[int, datetime]:
    """Use up to `wanted` units of a day; how many there were, and the moment under the lock.

    Locks the person's day until the transaction ends. The cap is a parameter of the conditional UPDATE, so that it
    holds from the next filing on when it is lowered.
    """
    if cap is None:
        return wanted, _add(user_id, day, used=wanted)[2]
    if wanted <= cap and (moment := _take_all(user_id, day, cap, wanted)):
        return wanted, moment
    used, credit, moment = _add(user_id, day)
    granted = max(min(wanted, cap + credit - used), 0)
    if granted:
        _add(user_id, day, used=granted)
    return granted, moment


def give_back(user_id: int, day: date, units: int) -> None:
    """Return what was taken in this very transaction and not needed. Never for what was filed and deleted (QUOTA-3)."""
    if units:
        QuotaDay.objects.filter(user=user_id, day=day).update(used=F("used") - units)


def add_credit(user_id: int, day: date) -> None:
    """One more filing for today: a lead of this person was decided for the first time (QUOTA-2)."""
    _add(user_id, day, credit=1)


def lock_days(user_ids: Iterable[int], day: date) -> None:
    """Lock several people's days, always by ascending id."""
    for user_id in sorted(set(user_ids)):
        _add(user_id, day)


def lock_today(user_id: int) -> datetime:
    """Lock a person's present day and read the clock under the lock; the moment. One statement but at midnight."""
    day = likely_today()
    moment = _lock(user_id, day)
    return moment if day_of(moment) == day else _lock(user_id, day_of(moment))


TABLE = connection.ops.quote_name(QuotaDay._meta.db_table)


def _lock(user_id: int, day: date) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} AS t (user_id, day, used, credit) VALUES (%s, %s, 0, 0) "  # noqa: S608
            f"ON CONFLICT (user_id, day) DO UPDATE SET used = t.used RETURNING {clock_column()}",
            [user_id, day],
        )
        return settled(cursor.fetchone()[0])


def _add(user_id: int, day: date, *, used: int = 0, credit: int = 0) -> tuple[int, int, datetime]:
    """Add to a day, making its row when it is the first; the new used and credit, and the moment under the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} AS t (user_id, day, used, credit) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (user_id, day) DO UPDATE SET used = t.used + excluded.used, "
            f"credit = t.credit + excluded.credit RETURNING used, credit, {clock_column()}",
            [user_id, day, used, credit],
        )
        row: tuple[int, int, datetime | None] = cursor.fetchone()
    return row[0], row[1], settled(row[2])


def _take_all(user_id: int, day: date, cap: int, wanted: int) -> datetime | None:
    """The common case in one statement: all of it, with the moment, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} AS t (user_id, day, used, credit) VALUES (%s, %s, %s, 0) "  # noqa: S608
            "ON CONFLICT (user_id, day) DO UPDATE SET used = t.used + excluded.used "
            f"WHERE t.used + excluded.used <= %s + t.credit RETURNING {clock_column()}",
            [user_id, day, wanted, cap],
        )
        row: tuple[datetime | None] | None = cursor.fetchone()
    return settled(row[0]) if row else None
