"""Record of who took which rows out of the house."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core.clock import database_now
from core.events import note_event


def note_export(what: str, changes: dict[str, Any], *, by: User, at: datetime | None = None) -> None:
    """`changes` hold numbers, dates, record ids and names of filters, never a text that was looked for.

    Such a text may be a customer's name or number.
    """
    with transaction.atomic(durable=True):
        note_event(by, "export", by=by, at=at or database_now(), note=what, changes=changes)
