"""The ledger of a protection in plain sentences: what set or moved its end, by which rule, and who did it (PROT-2).

Asks no database: the events are read beforehand.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.calendar import Calendar
from core.clock import day_of, start_of
from core.models import Event
from leads.choices import Ending, Hold
from leads.spans import LedgerLine, end_by_ledger
from policies.sentences import free_from, moment_words, term_words, through
from policies.terms import DAY, Term, Unit, last_day, last_day_of

TITLES = {
    "waits": gettext_lazy("Filed, waits for approval"),
    "hidden": gettext_lazy("Filed with hidden digits"),
    "term": gettext_lazy("Filed"),
    "approval": gettext_lazy("Approved"),
    "completed": gettext_lazy("Number completed"),
    "promoted": gettext_lazy("Took over from the queue"),
    "named_day": gettext_lazy("Held through a named day"),
    "open": gettext_lazy("Filed"),
    "deposit": gettext_lazy("Deposit recorded"),
    "visit": gettext_lazy("Visit confirmed"),
    "deal": gettext_lazy("Deal made"),
    "extension": gettext_lazy("Prolonged"),
    "reversed": gettext_lazy("Deposit reversed"),
    "merged": gettext_lazy("Customer merged"),
    "parted": gettext_lazy("Merge taken back"),
    "join": gettext_lazy("Customer merged"),
    "part": gettext_lazy("Merge taken back"),
    "suspend": gettext_lazy("Waits for approval again"),
    "resume": gettext_lazy("Protected again"),
    "end": gettext_lazy("Ended"),
}
TONES = {
    "waits": "pending",
    "hidden": "pending",
    "suspend": "pending",
    "promoted": "queued",
    "deposit": "deposit",
    "reversed": "ending",
    "deal": "won",
    "end": "expired",
}
COUNTED = {
    "term": gettext_lazy("%(term)s from the filing on %(day)s"),
    "approval": gettext_lazy("%(term)s from the approval on %(day)s"),
    "completed": gettext_lazy("%(term)s from %(day)s, when the whole number was filled in"),
    "promoted": gettext_lazy("%(term)s from taking over on %(day)s"),
    "deposit": gettext_lazy("%(term)s from %(day)s, when the deposit was recorded"),
    "visit": gettext_lazy("%(term)s from %(day)s, when the visit was confirmed"),
    "deal": gettext_lazy("%(term)s from %(day)s, when the deal was recorded"),
    "extension": gettext_lazy("at most %(term)s longer than through %(day)s"),
}
UNCOUNTED = {
    "waits": gettext_lazy("Its time begins once somebody approves it."),
    "hidden": gettext_lazy(
        "It holds nothing until the whole number is filled in; then its time counts from the filing."
    ),
    "suspend": gettext_lazy("It waits for approval again; its end stays."),
    "resume": gettext_lazy("Approved; its end stays."),
    "open": gettext_lazy("The policy names no end."),
    "deal": gettext_lazy("It has no end any more."),
    "named_day": gettext_lazy("It is held through the day that the policy names."),
    "deposit": gettext_lazy("It is protected again."),
    "reversed": gettext_lazy("The end is again what it was without this deposit."),
    "merged": gettext_lazy("Of two protections of the same filer the later end counts."),
    "parted": gettext_lazy("It keeps the end that it had."),
    "join": gettext_lazy("It counts as part of another protection of the same filer."),
    "part": gettext_lazy("It counts by itself again."),
}


class Line(NamedTuple):
    """One step of a protection: a title, how it was reckoned, the end before and after, who, when, and why."""

    at: datetime
    by: Any
    tone: str
    title: Any
    sentences: list[str]
    before: str = ""
    after: str = ""
    note: str = ""


BY_ACTION = {"end", "join", "part", "suspend", "resume"}
NO_END = {"waits", "hidden"}


def told(events: Iterable[Event], *, awaited: bool = False) -> list[Line]:
    """The lines of a protection, the newest first; `events` come as they happened.

    `awaited`: somebody waits for the customer, so that it will be theirs and not anybody's.
    """
    listed = list(events)
    lines: list[Line] = []
    ledger: list[LedgerLine] = []
    end, earlier = "", ""
    newest = None if awaited else _newest_end(listed)
    for event in listed:
        rule = _rule(event, earlier)
        earlier = earlier or rule
        ledger.append((event.action, event.changes))
        until = _end_after(ledger)
        after = "" if rule in NO_END else _end_words(event.changes, until)
        lines.append(
            Line(
                event.at,
                event.by,
                TONES.get(rule, "protected"),
                TITLES.get(rule, event.action),
                list(_sentences(rule, event.changes, until, counts=event is newest and rule not in NO_END)),
                end if after and end != after else "",
                after,
                event.note,
            )
        )
        end = after or end
    return lines[::-1]


def _rule(event: Event, earlier: str) -> str:
    """The rule of a line. What begins a second time was approved, or had hidden digits, until then."""
    if event.action in BY_ACTION:
        return str(event.action)
    rule = str(event.changes.get("rule", ""))
    if event.action == "start" and rule in {"term", "open"} and earlier:
        return "approval" if earlier == "waits" else "completed"
    if event.action == "start" and event.after == Hold.PENDING and rule in {"term", "open", "named_day"}:
        return "hidden"
    return rule


def _end_after(ledger: Sequence[LedgerLine]) -> datetime | None:
    """The end after the last of these lines; a reversal tells it itself."""
    _action, changes = ledger[-1]
    if "reverses" in changes:
        return datetime.fromisoformat(changes["until"]) if changes.get("until") else None
    return end_by_ledger(ledger)


def _newest_end(events: Iterable[Event]) -> Event | None:
    """The line whose end counts today; None where the protection is over."""
    newest = None
    for event in events:
        if event.action == "end":
            return None
        newest = event if "until" in event.changes else newest
    return newest


def _end_words(changes: Mapping[str, Any], until: datetime | None) -> str:
    """The end after a line that gave one, "" after any other."""
    if "until" not in changes:
        return ""
    return through(until) if until else _("without an end")


def _sentences(rule: str, changes: Mapping[str, Any], until: datetime | None, *, counts: bool) -> Iterable[str]:
    """How a line came about; `until` is the end after it, and from when others may file is said where it `counts`."""
    if rule == "end":
        yield from _ended(changes)
    elif changes.get("term") and changes.get("counted_from") and rule in COUNTED:
        yield from _counted(rule, changes)
    elif rule in UNCOUNTED:
        yield str(UNCOUNTED[rule])
    given = datetime.fromisoformat(changes["until"]) if changes.get("until") else None
    if given and given != until:
        yield _("That would be through %s; the end stays what it is, since it is later already.") % through(given)
    elif given and counts:
        yield _("Others may file from %s.") % free_from(given)


def _counted(rule: str, changes: Mapping[str, Any]) -> Iterable[str]:
    """How an end was reckoned, to the day."""
    count, unit = changes["term"]
    term, since = Term(int(count), unit), datetime.fromisoformat(changes["counted_from"])
    hours = term.unit == Unit.HOUR
    day = moment_words(since) if hours else through(since) if rule == "extension" else day_of(since).isoformat()
    reckoned = COUNTED[rule] % {"term": term_words(term), "day": day}
    if hours or rule == "extension":
        yield _("%s.") % reckoned
    else:
        yield _("%s; the first day does not count.") % reckoned
    if usual := _moved(rule, term, since, changes.get("until")):
        yield _("%s is a day off, so it ends with the next working day.") % usual


def _moved(rule: str, term: Term, since: datetime, until: str | None) -> str:
    """The day on which it would have ended but for a holiday; "" where it was not moved."""
    if not until or term.unit not in {Unit.DAY, Unit.MONTH}:
        return ""
    first = last_day_of(since) if rule == "extension" else day_of(since)
    usual = last_day(first, term, Calendar())
    end = datetime.fromisoformat(until)
    return usual.isoformat() if end > start_of(usual + DAY) else ""


def _ended(changes: Mapping[str, Any]) -> Iterable[str]:
    ended = changes.get("ended")
    words = {"why": Ending(changes["why"]).label, "at": moment_words(datetime.fromisoformat(ended)) if ended else ""}
    yield _("At %(at)s: %(why)s.") % words
    if barred := changes.get("barred_until"):
        yield _("Its filer may file the customer again from %s.") % free_from(datetime.fromisoformat(barred))
