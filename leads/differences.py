"""What a showroom found against what was filed, character by character (AUDIT-3). No query, no clock."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leads.models import Assignment

FIELDS = ("name", "order_type", "mobile", "phone", "address", "designer", "decoration_company")
"""The compared fields, in the order of the columns (S0 §4.2)."""

NUMBERS = frozenset({"mobile", "phone"})
ALIKE = 0.5
"""Below this share of common characters what lies between a common start and end is another text, not an edited one."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both versions. The texts of the pieces of a version, joined, are its text; a blank has no piece."""

    field: str
    filed: list[Piece]
    actual: list[Piece]
    differs: bool


Span = tuple[str, str, bool]


def pairs(filed: Mapping[str, str], actual: Mapping[str, str], fields: Iterable[str] = FIELDS) -> list[FieldPair]:
    """Both versions side by side, in the order of the fields; a missing key is a blank."""
    return [_pair(field, _plain(filed.get(field, "")), _plain(actual.get(field, ""))) for field in fields]


def differences_of(assignment: "Assignment") -> list[FieldPair]:
    """The lead as filed and assigned, against the showroom's version. Load it `with_names()`: nothing is asked here."""
    lead = assignment.lead
    filed = {
        "name": lead.name,
        "order_type": _name(assignment.order_type),
        "mobile": lead.mobile,
        "phone": lead.phone,
        "address": lead.address,
        "designer": _name(lead.designer),
        "decoration_company": _name(lead.decoration_company),
    }
    actual = {
        "name": assignment.actual_name,
        "order_type": _name(assignment.actual_order_type),
        "mobile": assignment.actual_mobile,
        "phone": assignment.actual_phone,
        "address": assignment.actual_address,
        "designer": _name(assignment.actual_designer),
        "decoration_company": _name(assignment.actual_decoration_company),
    }
    return pairs(filed, actual)


def _name(entry: object | None) -> str:
    return str(entry) if entry else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _pair(field: str, filed: str, actual: str) -> FieldPair:
    if filed == actual:
        return FieldPair(field, _whole(filed, False), _whole(actual, False), False)
    spans = list(_spans(filed, actual))
    if field in NUMBERS:
        spans = _without_islands(spans)
    return FieldPair(field, _pieces(spans, 0), _pieces(spans, 1), True)


def _whole(text: str, differs: bool) -> list[Piece]:
    return [Piece(text, differs)] if text else []


def _spans(filed: str, actual: str) -> Iterator[Span]:
    """Runs of both texts from left to right: (part of the filed one, part of the actual one, whether they differ)."""
    start = _common(filed, actual)
    rest, now = filed[start:], actual[start:]
    end = _common(rest[::-1], now[::-1])
    middle, new = rest[: len(rest) - end], now[: len(now) - end]
    yield filed[:start], actual[:start], False
    matcher = SequenceMatcher(None, middle, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield middle, new, True
    else:
        for tag, i, j, k, m in matcher.get_opcodes():
            yield middle[i:j], new[k:m], tag != "equal"
    yield rest[len(middle) :], now[len(new) :], False


def _common(one: str, other: str) -> int:
    """The length of the common start."""
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


def _without_islands(spans: list[Span]) -> list[Span]:
    """A single equal figure between two differing runs is chance: it is marked with them."""
    last = len(spans) - 1
    return [
        (old, new, differs or (len(old) == 1 and 0 < at < last and spans[at - 1][2] and spans[at + 1][2]))
        for at, (old, new, differs) in enumerate(spans)
    ]


def _pieces(spans: list[Span], side: int) -> list[Piece]:
    """The runs of one side, neighbours of the same kind joined, empty ones left out."""
    pieces: list[Piece] = []
    for span in spans:
        text, differs = str(span[side]), span[2]
        if not text:
            continue
        if pieces and pieces[-1].differs == differs:
            text = pieces.pop().text + text
        pieces.append(Piece(text, differs))
    return pieces
