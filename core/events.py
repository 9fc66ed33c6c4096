"""Writing and reading of what happened."""

from datetime import datetime
from typing import Any

from django.db import models

from core.models import Event


def subject(record: models.Model) -> dict[str, Any]:
    """The columns that name a record in an event."""
    return {"subject_type": record._meta.label_lower, "subject_id": record.pk}


def event(record: models.Model, action: str, *, by: Any, at: datetime, **fields: Any) -> Event:
    """An unsaved event, for `bulk_create` beside others of the same transaction."""
    return Event(**subject(record), action=action, by_id=by.pk if by else None, at=at, **fields)


def note_event(record: models.Model, action: str, *, by: Any, at: datetime, **fields: Any) -> Event:
    """Write one event; belongs into the transaction of the change itself."""
    made = event(record, action, by=by, at=at, **fields)
    made.save(force_insert=True)
    return made
