"""The figures of `domain.md`, computed from rows that the caller has narrowed with `visible_to`.

A *row* is a lead without assignment or one standing assignment. `filing_rows` says what the rows are, once: the
figures count them, the page behind a figure lists them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from leads.choices import AssignmentProgress, AuditStatus, Hold, Progress

UNASSIGNED = (Progress.FILED, Progress.RETURNED)
HANDED_OUT = (Progress.ASSIGNED, Progress.DEPOSIT, Progress.WON, Progress.LOST)

COLUMNS: dict[str, Q] = {
    "total": Q(),
    "filed": Q(case=None),
    "assigned": Q(case_progress=AssignmentProgress.ASSIGNED),
    "deposit": Q(case_progress=AssignmentProgress.DEPOSIT),
    "success": Q(case_audit=AuditStatus.SUCCESS),
    "failure": Q(case_audit=AuditStatus.FAILURE),
    "unaudited": Q(case=None) | Q(case_audit=AuditStatus.UNAUDITED),
}
"""Which rows a column counts."""

FILER_NAME = Coalesce(NullIf("filer__name", Value("")), "filer__username")


class Grouping(NamedTuple):
    """What a line of the statistics stands for: the keys that make it, the words that name it, the order of lines."""

    keys: dict[str, Any]
    names: tuple[Any, ...]
    order: Any


GROUPINGS: dict[str, Grouping] = {
    "filer": Grouping({"outlet": F("outlet"), "filer": F("filer")}, (F("outlet__name"), FILER_NAME), F("outlet__path")),
    "outlet": Grouping({"outlet": F("outlet")}, (F("outlet__name"),), F("outlet__path")),
    "source": Grouping({"source": F("source")}, (F("source__name"),), F("source__position")),
    "order_type": Grouping(
        {"order_type": Coalesce("handover__order_type", "order_type")},
        (Coalesce("handover__order_type__name", "order_type__name"),),
        Coalesce("handover__order_type__position", "order_type__position"),
    ),
    "region": Grouping({"region": F("city")}, (F("city__name"),), F("city__code")),
}
KEYS = {name: key for grouping in GROUPINGS.values() for name, key in grouping.keys.items()}


def share(part: int, total: int) -> Decimal | None:
    """Per cent of the total with one decimal; None where there are no rows."""
    if not total:
        return None
    return (Decimal(part) * 100 / total).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows stand where; `total` and the ratios follow from that."""

    filed: int = 0
    assigned: int = 0
    deposit: int = 0
    success: int = 0
    failure: int = 0
    unaudited: int = 0

    @property
    def total(self) -> int:
        return self.filed + self.assigned + self.deposit

    @property
    def deposit_ratio(self) -> Decimal | None:
        return share(self.deposit, self.total)

    @property
    def success_ratio(self) -> Decimal | None:
        return share(self.success, self.total)

    @property
    def failure_ratio(self) -> Decimal | None:
        return share(self.failure, self.total)


COUNTED = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class StatRow:
    """One line of the statistics."""

    keys: dict[str, int | None]
    names: tuple[str | None, ...]
    counts: Counts


def filing_rows(leads: QuerySet, cases: QuerySet) -> QuerySet:
    """The leads, once for each of their standing assignments; `handover` is that assignment, or nothing.

    `cases` are the assignments the viewer may know of: who sees a lead through one showroom sees no other's.
    """
    standing = FilteredRelation("assignments", condition=Q(assignments__standing=True))
    rows = leads.exclude(hold__in=[Hold.QUEUED, Hold.CANCELLED]).alias(handover=standing)
    # A filter straight on `handover` would join the assignments once more; one on these aliases does not.
    rows = rows.alias(
        case=F("handover__pk"), case_progress=F("handover__progress"), case_audit=F("handover__audit_status")
    )
    rows = rows.filter(Q(case=None, progress__in=UNASSIGNED) | Q(case__isnull=False, progress__in=HANDED_OUT))
    if cases.query.has_filters():
        rows = rows.filter(Q(case=None) | Q(Exists(cases.filter(pk=OuterRef("case")))))
    return rows


def filing_statistics(leads: QuerySet, cases: QuerySet, by: str) -> list[StatRow]:
    """Statistics of S0 §5, grouped as `GROUPINGS[by]` says, in one statement."""
    grouping = GROUPINGS[by]
    keys = {f"key_{name}": key for name, key in grouping.keys.items()}
    names = {f"name_{place}": name for place, name in enumerate(grouping.names)}
    counts = {f"count_{column}": Count("pk", filter=COLUMNS[column]) for column in COUNTED}
    found = (
        filing_rows(leads, cases)
        .order_by()
        .values(**keys, **names, place=grouping.order)
        .annotate(**counts)
        .order_by("place", *names, *keys)
    )
    return [
        StatRow(
            keys={name: line[f"key_{name}"] for name in grouping.keys},
            names=tuple(line[name] for name in names),
            counts=Counts(**{column: line[f"count_{column}"] for column in COUNTED}),
        )
        for line in found
    ]


def total_of(rows: Iterable[StatRow]) -> Counts:
    rows = list(rows)
    return Counts(**{column: sum(getattr(row.counts, column) for row in rows) for column in COUNTED})


def rows_behind(rows: QuerySet, column: str, keys: dict[str, int | None]) -> QuerySet:
    """The rows of `filing_rows` that a figure counts, newest first; a key of None means "not given"."""
    named = {f"key_{name}": KEYS[name] for name in keys}
    wanted = Q(COLUMNS[column])
    for name, value in keys.items():
        wanted &= Q(**{f"key_{name}__isnull": True}) if value is None else Q(**{f"key_{name}": value})
    return rows.annotate(**named).filter(wanted).order_by("-filed_at", "-pk", "case")


def described(rows: QuerySet) -> QuerySet:
    """The rows as dictionaries with what a list shows of them, the assignment's state where there is one."""
    return rows.values(
        "number",
        "name",
        "filed_at",
        outlet_name=F("outlet__name"),
        filer_name=FILER_NAME,
        store_name=F("handover__store__name"),
        order_type_name=GROUPINGS["order_type"].names[0],
        stage=Coalesce("case_progress", Value(Progress.FILED.value)),
        audit=Coalesce("case_audit", Value(AuditStatus.UNAUDITED.value)),
    )
