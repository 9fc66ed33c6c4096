"""Writing of messages, inside the transaction of what they tell of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notices.models import Outbox

LONGEST = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One sentence for one person, with the page it leads to. It names records by number, never a customer or a phone.

    With a `key` it is written once for ever: a reminder may be sent as often as its moment is looked at.
    """

    kind: str
    to_id: int
    sentence: str
    path: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    key: str = ""


def send(messages: Iterable[Message], at: datetime) -> int:
    """Write messages, in one statement where none has a key; those whose key is there already are left out.

    How many were written.
    """
    wanted = list(messages)
    keys = {message.key for message in wanted} - {""}
    there = set(Outbox.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    rows = [_row(message, at) for message in wanted if message.key not in there]
    Outbox.objects.bulk_create(rows, ignore_conflicts=bool(keys))
    return len(rows)


def _row(message: Message, at: datetime) -> Outbox:
    return Outbox(
        kind=message.kind,
        to_id=message.to_id,
        sentence=message.sentence[:LONGEST],
        path=message.path,
        subject_type=message.subject_type,
        subject_id=message.subject_id,
        key=message.key or None,
        at=at,
    )
