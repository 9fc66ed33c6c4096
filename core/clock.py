"""The one clock of the system: the database server's. Nothing that decides reads the web process's time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def database_now() -> datetime:
    """The present moment, aware. On PostgreSQL `clock_timestamp()`, which moves on while a transaction waits for locks.

    `now()` stands still at the start of the transaction and puts waiters in the wrong order (guarantees 1.8).
    """
    if told := _told.get():
        return told
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def settled(moment: datetime | None) -> datetime:
    """The moment a statement brought back by `clock_column`, or the host's where the database has no better clock."""
    return _told.get() or moment or timezone.now()


def clock_column() -> str:
    """SQL for a statement's RETURNING that brings the present moment along, in place of a statement of its own."""
    return "clock_timestamp()" if connection.vendor == "postgresql" else "NULL"


def day_of(moment: datetime) -> date:
    """The site's calendar day of a moment."""
    return timezone.localtime(moment).date()


def start_of(day: date) -> datetime:
    """Midnight, with which a day of the site begins."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def likely_now() -> datetime:
    """The moment by the host's clock: good for showing and for a guess that is checked after the lock."""
    return settled(None)


def likely_today() -> date:
    """The day of `likely_now`."""
    return day_of(likely_now())


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Tell the clock a moment: for the demo's past weeks and for tests of midnight. No request can reach it."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
