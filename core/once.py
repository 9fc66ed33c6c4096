"""One-time form keys: a form that is sent twice does its work once and gives the same answer twice."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core import signing
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.constraints import is_busy
from core.models import OneTimeKey
from core.verdicts import Refused

SALT = "core.once"
HOURS_VALID = 24


def new_key(user_id: int, purpose: str) -> str:
    """A signed key for one drawn form of one person; `purpose` says which form."""
    return signing.dumps([user_id, purpose, secrets.token_urlsafe(12)], salt=SALT)


def secret_of(key: str, user_id: int, purpose: str) -> str:
    """The unguessable part of a key drawn for this person and form; "" for a foreign, forged or outdated one."""
    try:
        owner, form, secret = signing.loads(key, salt=SALT, max_age=HOURS_VALID * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(secret) if (owner, form) == (user_id, purpose) else ""


class AlreadyDone(Exception):
    """The form was answered before; `location` is where that answer led."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__(location)


@dataclass
class Answer:
    """What an action will be answered with; kept beside its one-time key."""

    location: str = ""


@contextmanager
def told_busy() -> Iterator[None]:
    """Raise `Refused` instead of the database's error where a lock was waited for too long."""
    try:
        yield
    except OperationalError as error:
        if is_busy(error):
            raise Refused(_("Many people are at work on the same records. Please send it again.")) from error
        raise


@contextmanager
def action(user_id: int, secret: str) -> Iterator[Answer]:
    """One business action in one outermost transaction, done at most once per key (guarantees 1.1, 1.2).

    The key is written last, with the answer. A replay works until it meets what the first has left, the key at the
    latest, and is rolled back: it raises `AlreadyDone`, whatever the work raised. So nothing in the work may have an
    effect that outlives a rollback. Without a key (commands, drills) it is the transaction alone.
    """
    try:
        with told_busy(), transaction.atomic(durable=True):
            answer = Answer()
            yield answer
            if secret:
                _keep(secret, user_id, answer.location)
    except AlreadyDone:
        raise
    except Exception as error:
        if secret and (used := OneTimeKey.objects.filter(key=secret).first()):
            raise AlreadyDone(used.location) from error
        raise


def _keep(secret: str, user_id: int, location: str) -> None:
    """The last lock: a parallel replay waits here until the first has committed, then reads its answer."""
    table = connection.ops.quote_name(OneTimeKey._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, user_id, location, used_at) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            [secret, user_id, location, timezone.now()],
        )
        if cursor.fetchone() is None:
            raise AlreadyDone(OneTimeKey.objects.values_list("location", flat=True).get(key=secret))
