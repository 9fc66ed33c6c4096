"""What was recorded as it happened comes to what is stored."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from core.models import Event
from leads.choices import Ending, Progress
from leads.models import Lead, Protection
from leads.services.protecting import END
from leads.spans import end_by_ledger
from leads.workflow import MOVES, Action


def logs_end_in_progress() -> Iterator[str]:
    """Each event goes on where the one before ended, by a move that is allowed from there; the last one is the lead."""
    leads = Lead.objects.order_by("pk").values_list("pk", "number", "progress")
    events = _events(Lead, "action", "before", "after")
    for (_pk, number, progress), lines in _beside(leads.iterator(), events):
        stands = ""
        for action, before, after in lines:
            if after not in Progress:
                continue
            if before != stands:
                yield f"lead {number} was {stands or 'nothing'}, but its log goes on from {before or 'nothing'}"
            elif before and action in MOVES and before not in MOVES[Action(action)].sources:
                yield f"lead {number} can't have made the move {action} while it was {before}"
            stands = after
        if stands != progress:
            yield f"lead {number} is {progress}, but its log ends in {stands or 'nothing'}"


def ledgers_come_to_ends() -> Iterator[str]:
    """One that ended with the reversal of what it stood on keeps the end that it had."""
    protections = Protection.objects.exclude(ended_why=Ending.REVERSED).order_by("pk").values_list("pk", "ends_at")
    events = _events(Protection, "action", "changes")
    for (pk, ends_at), lines in _beside(protections.iterator(), events):
        said = end_by_ledger((action, changes) for action, changes in lines)
        if said != ends_at:
            yield f"protection {pk} ends {_when(ends_at)}, but by its ledger {_when(said)}"


def ledgers_count_extensions() -> Iterator[str]:
    """One that parted from another begins with as many as that had."""
    protections = Protection.objects.order_by("pk").values_list("pk", "extensions")
    for (pk, counted), lines in _beside(protections.iterator(), _events(Protection, "changes")):
        said = sum(changes.get("extensions", changes.get("rule") == "extension") for (changes,) in lines)
        if said != counted:
            yield f"protection {pk} was prolonged {counted} times, but by its ledger {said}"


def logs_end_protections() -> Iterator[str]:
    protections = Protection.objects.order_by("pk").values_list("pk", "ended_at", "ended_why")
    events = _events(Protection, "action", "changes")
    for (pk, ended_at, why), lines in _beside(protections.iterator(), events):
        stands = (ended_at.isoformat(), why) if ended_at else None
        said = next(((said["ended"], said["why"]) for action, said in reversed(lines) if action == END), None)
        if _moments(stands) != _moments(said):
            yield f"protection {pk} ended {_told(stands)}, but by its log {_told(said)}"


def _moments(said: tuple[str, str] | None) -> tuple[datetime, str] | None:
    """The same moment may be written in two zones."""
    return (datetime.fromisoformat(said[0]), said[1]) if said else None


def _told(said: tuple[str, str] | None) -> str:
    return " ".join(said) if said else "never"


def _when(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "never"


def _events(model: Any, *columns: str) -> Iterator[tuple[Any, ...]]:
    rows = Event.objects.filter(subject_type=model._meta.label_lower).order_by("subject_id", "pk")
    return rows.values_list("subject_id", *columns).iterator()


def _beside(
    rows: Iterable[tuple[Any, ...]], events: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Each row with its events; both come in the order of its id."""
    groups = groupby(events, key=lambda event: event[0])
    subject_id, group = next(groups, (None, iter(())))
    for row in rows:
        while subject_id is not None and subject_id < row[0]:
            subject_id, group = next(groups, (None, iter(())))
        yield row, [event[1:] for event in group] if subject_id == row[0] else []
