"""The list of shared keys: numbers and addresses of so many customers that they say nothing of who somebody is."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.clock import database_now
from customers.keys import Key
from customers.models import IdentityKey, SharedKey


def share(keys: Iterable[Key], by: User | None = None, note: str = "", at: datetime | None = None) -> None:
    """Put keys on the list and let go of them: from now nobody holds them. `by` is empty where the system found out.

    What an administrator has switched off on the list stays off, and stays held.
    """
    listed, since = sorted(set(keys)), at or database_now()
    rows = [SharedKey(kind=key.kind, value=key.value, by=by, note=note, at=since) for key in listed]
    with transaction.atomic():
        SharedKey.objects.bulk_create(rows, ignore_conflicts=True)
        let_go(listed)


def let_go(keys: Iterable[Key]) -> None:
    """Nobody holds these keys any more, as far as the list says that they don't count."""
    values: dict[str, list[str]] = {}
    for key in keys:
        values.setdefault(key.kind, []).append(key.value)
    on_the_list = SharedKey.objects.filter(active=True, kind=OuterRef("kind"), value=OuterRef("value"))
    for kind, found in values.items():
        IdentityKey.objects.filter(Q(Exists(on_the_list)), kind=kind, value__in=found, held=True).update(held=False)
