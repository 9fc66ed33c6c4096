"""What a judge gets right, kind by kind, and where that is not good enough (issue "Is this the same customer?")."""

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from customers.keys import Identity, compare
from customers.keys.addresses import communities_of
from policies.communities import plain_name
from policies.matching import DEFAULT_RULES, firmness_of
from tests.matching.registry import Claim, Pair
from tests.matching.world import ALIASES, REGIONS

Judge = Callable[[Pair], str]  # -> "same", "likely", "possible" or ""

PRECISION, RECALL = 0.99, 0.97
RECALL_OF_KIND, WRONG_OF_KIND = 0.90, 0.03


def _read_cities() -> dict[str, tuple[int, str]]:
    """Name of a city -> its number and its area code."""
    areas = json.loads((Path(REGIONS).parent / "area_codes.json").read_text("utf-8"))
    regions = json.loads(REGIONS.read_text("utf-8"))
    return {
        name: (int(code), areas[code])
        for code, name, _full, level, _parent in regions
        if level == "city" and code in areas
    }


CITIES = _read_cities()


def known_as(city: str, community: str, building_room: str) -> tuple[str, ...]:
    """The dictionary's plain names of this community, as the filing form looks them up."""
    plain = communities_of(community, city, building_room)
    entries = [tuple(plain_name(name) for name in names) for place, names in ALIASES if place == city]
    return next((names for name in plain for names in entries if name in names), ())


def identity_of(claim: Claim) -> Identity:
    city_id, area_code = CITIES.get(claim["city"], (None, ""))
    raw = {field: text for field, text in claim.items() if field != "city"}
    names = known_as(claim["city"], claim["community"], claim["building_room"])
    return Identity(city_id=city_id, city_name=claim["city"], area_code=area_code, known_as=names, **raw)


def judge(pair: Pair) -> str:
    return firmness_of(compare(identity_of(pair.mine), identity_of(pair.theirs)), DEFAULT_RULES)


@dataclass(frozen=True)
class Row:
    """Figures of one kind, or of several together.

    `right` and `wrong` count pairs judged "same", `found` those judged "same" or "likely", `seen` also the possible.
    """

    kind: str
    same: int
    firm: int
    right: int
    right_of_firm: int
    wrong: int
    found: int
    seen: int
    different: int

    @property
    def precision(self) -> float | None:
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    @property
    def recall(self) -> float | None:
        return self.right_of_firm / self.firm if self.firm else None

    @property
    def found_share(self) -> float | None:
        return self.found / self.same if self.same else None

    @property
    def seen_share(self) -> float | None:
        return self.seen / self.same if self.same else None

    @property
    def wrong_share(self) -> float | None:
        return self.wrong / self.different if self.different else None


def _count(kind: str, judged: list[tuple[Pair, str]]) -> Row:
    same = [(pair, answer) for pair, answer in judged if pair.same]
    return Row(
        kind=kind,
        same=len(same),
        firm=sum(pair.firm for pair, _ in same),
        right=sum(answer == "same" for _, answer in same),
        right_of_firm=sum(answer == "same" for pair, answer in same if pair.firm),
        wrong=sum(answer == "same" for pair, answer in judged if not pair.same),
        found=sum(answer in {"same", "likely"} for _, answer in same),
        seen=sum(answer != "" for _, answer in same),
        different=len(judged) - len(same),
    )


def figures(pairs: Iterable[Pair], judge: Judge = judge) -> list[Row]:
    """A row per kind, the kinds of *same* first, and at the end one of all together."""
    judged = [(pair, judge(pair)) for pair in pairs]
    kinds = sorted({(not pair.same, pair.kind) for pair, _ in judged})
    rows = [
        _count(kind, [(pair, answer) for pair, answer in judged if (not pair.same, pair.kind) == (unlike, kind)])
        for unlike, kind in kinds
    ]
    return [*rows, _count("all", judged)]


def find_shortcomings(rows: list[Row]) -> list[str]:
    """What misses the issue's figures, in words."""
    *kinds, total = rows
    missed = []
    if (total.precision or 0) < PRECISION:
        missed.append(f"precision {_share(total.precision)}")
    if (total.recall or 0) < RECALL:
        missed.append(f"recall {_share(total.recall)}")
    missed += [
        f"{row.kind}: recall {_share(row.recall)}"
        for row in kinds
        if row.recall is not None and row.recall < RECALL_OF_KIND
    ]
    missed += [
        f"{row.kind}: wrong {_share(row.wrong_share)}" for row in kinds if (row.wrong_share or 0) > WRONG_OF_KIND
    ]
    return missed


def draw_table(rows: list[Row]) -> str:
    head = f"{'kind':44} {'label':9} {'pairs':>6} {'precision':>9} {'recall':>7} {'found':>7} {'seen':>7} {'wrong':>7}"
    lines = [head, "-" * len(head)]
    for row in rows:
        label = "same" if not row.different else "different" if not row.same else ""
        lines.append(
            f"{pad(row.kind, 44)} {label:9} {row.same + row.different:6} {_share(row.precision):>9}"
            f" {_share(row.recall):>7} {_share(row.found_share):>7} {_share(row.seen_share):>7}"
            f" {_share(row.wrong_share):>7}"
        )
    return "\n".join(lines)


def pad(text: str, width: int) -> str:
    """Padded to columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - taken)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
