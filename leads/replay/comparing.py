"""Two replays side by side: what other policies would have done otherwise, in figures and in words."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from leads.choices import Hold
from leads.replay.values import Attempt, Change, Told, Verdict
from policies.sentences import through


@dataclass(frozen=True)
class Comparison:
    """`before` and `after` count verdicts; `as_recorded` how many tries the policies in force judge as they did."""

    tries: int
    as_recorded: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changes: tuple[Change, ...]

    @property
    def ends_differ(self) -> int:
        return sum(change.end_differs for change in self.changes)

    @property
    def digest(self) -> str:
        """The same for the same replay, whatever the language."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {
            "tries": self.tries,
            "as_recorded": self.as_recorded,
            "before": dict(self.before),
            "after": dict(self.after),
            "changes": [{"before": _plain(one.before), "after": _plain(one.after)} for one in self.changes],
        }


def compare(attempts: Iterable[Attempt], before: Sequence[Told], after: Sequence[Told]) -> Comparison:
    recorded = {attempt.pk: attempt for attempt in attempts}
    pairs = list(zip(before, after, strict=True))
    return Comparison(
        tries=len(pairs),
        as_recorded=sum(is_as_recorded(recorded[told.attempt_id], told) for told in before),
        before=_counted(before),
        after=_counted(after),
        changes=tuple(Change(*pair) for pair in pairs if _differ(*pair)),
    )


def is_as_recorded(attempt: Attempt, told: Told) -> bool:
    if attempt.accepted or not told.refused:
        return attempt.accepted and not told.refused
    return set(attempt.reasons) == set(told.reasons)


def _differ(before: Told, after: Told) -> bool:
    return (before.judged, before.ended) != (after.judged, after.ended)


def _counted(listed: Iterable[Told]) -> dict[str, int]:
    found = Counter(str(told.verdict) for told in listed)
    return {verdict: found[verdict] for verdict in Verdict.values}


def _plain(told: Told) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value) if name == "verdict" else value
        for name, value in told._asdict().items()
    }


def reason_words(code: str) -> str:
    words = {
        "required": _("something needed is missing"),
        "late": _("filed too late"),
        "ahead": _("filed too shortly before the visit"),
        "taken": _("somebody else has the customer"),
        "own": _("filed twice"),
        "limit": _("the filer holds too many customers"),
        "quota": _("the day's quota is used up"),
    }
    return words.get(code, _("faulty"))


def told_words(told: Told) -> str:
    """The verdict."""
    match told.verdict:
        case Verdict.REFUSED:
            reasons = "、".join(dict.fromkeys(map(reason_words, told.reasons)))
            return _("refused: %s") % reasons
        case Verdict.QUEUED:
            return _("waits in line, place %d") % told.place
        case Verdict.PENDING:
            return pgettext("replay", "waits for a decision")
        case Verdict.JOINED:
            sentence, without = _("joins an own protection, through %s"), _("joins an own protection without an end")
        case _:
            sentence, without = _("protected through %s"), _("protected without an end")
    return sentence % through(told.until) if told.until else without


def end_words(told: Told) -> str:
    """How it stands at present, and the last day that it is or was held."""
    if not told.hold:
        return "–"
    label = str(Hold(told.hold).label)
    return f"{label} {through(told.end)}" if told.end else label
