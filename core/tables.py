"""Filtered, sorted lists paged by key: the next page starts after the last row's sort value and id."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Field, Q, QuerySet, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from core.http import HtmxRequest

ROWS_PER_PAGE = 50
COUNTED_UP_TO = 10_000
GREATEST_ID = BigIntegerField.MAX_BIGINT


@dataclass
class Page:
    """A page of a list; `total` None means that nobody counted."""

    rows: Sequence[Any] = ()
    total: int | None = None
    first_url: str = ""
    next_url: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def total_text(self) -> str:
        if self.total is None:
            return ""
        if self.total > COUNTED_UP_TO:
            return _("More than %(total)s rows") % {"total": f"{COUNTED_UP_TO:,}"}
        return _("%(total)s rows") % {"total": f"{self.total:,}"}


class BadPlace(ValueError):
    """The `after` of the query string is no place in a list."""


def place(value: Any, pk: int) -> str:
    """The `after` of the page that follows a row."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([value, pk]).encode()).decode().rstrip("=")


def read_place(after: str, column: Field) -> tuple[Any, int]:
    """The sort value and id that `place` wrote for a list sorted by this column. Raises `BadPlace` on anything else."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if type(pk) is not int or not 0 < pk <= GREATEST_ID:
            raise BadPlace(after)
        return None if value is None else _value_of(column, value), pk
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, ValidationError) as error:
        raise BadPlace(after) from error


def _value_of(column: Field, value: Any) -> Any:
    """The value as the database compares it: moments aware, texts without what a database can't store."""
    if isinstance(column, DateTimeField):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise BadPlace(value)
        return moment.astimezone(UTC)
    if isinstance(column, CharField):
        value.encode("utf-8")  # fails on lone surrogates
        if "\0" in value:
            raise BadPlace(value)
    return column.to_python(value)


def ordered(rows: QuerySet, sort: str) -> QuerySet:
    """By one column and then by id, empty values last in both directions."""
    column = F(sort.removeprefix("-"))
    if sort.startswith("-"):
        return rows.order_by(column.desc(nulls_last=True), "-pk")
    return rows.order_by(column.asc(nulls_last=True), "pk")


def behind(sort: str, value: Any, pk: int) -> Q:
    """The rows that follow a place in that order."""
    name, way = sort.removeprefix("-"), "lt" if sort.startswith("-") else "gt"
    same_value = Q(**{f"{name}__isnull": True} if value is None else {name: value}, **{f"pk__{way}": pk})
    if value is None:
        return same_value
    return Q(**{f"{name}__{way}": value}) | same_value | Q(**{f"{name}__isnull": True})


def keyset_page(rows: QuerySet, sort: str, after: str, *, size: int = ROWS_PER_PAGE) -> tuple[list[Any], str]:
    """One page and the `after` of the next, "" on the last. One statement. Raises `BadPlace`."""
    name = sort.removeprefix("-")
    column = rows.model._meta.get_field(name)
    told = isinstance(column, CharField) and not column.choices
    if after:
        value, pk = read_place(after, column)
        if told:  # words may be somebody's name, which has no place in an address: the row itself tells them
            value = Subquery(rows.filter(pk=pk).order_by().values(name)[:1])
        rows = rows.filter(behind(sort, value, pk))
    found = list(ordered(rows, sort)[: size + 1])
    more = len(found) > size
    found = found[:size]
    return found, place(None if told else getattr(found[-1], name), found[-1].pk) if more else ""


def counted(rows: QuerySet) -> int:
    """How many rows, counted no further than a person would read."""
    return rows.order_by()[: COUNTED_UP_TO + 1].count()


def numbered_page(rows: QuerySet, number: int, query: QueryDict, *, size: int = ROWS_PER_PAGE) -> Page:
    """A page by its number, for lists whose order is no column. One statement: the length is never counted."""
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(
        rows=found[:size],
        first_url=_page_url(query, None) if start else "",
        next_url=_page_url(query, number + 1) if len(found) > size else "",
    )


def _page_url(query: QueryDict, number: int | None) -> str:
    query = query.copy()
    query.pop("page", None)
    if number:
        query["page"] = str(number)
    return f"?{query.urlencode()}"


def page_of(request: HtmxRequest, filtered: Any, *, sort: str, size: int = ROWS_PER_PAGE) -> Page:
    """The page of a filter set that the query string asks for; with a faulty query a message and no rows."""
    problems = [
        f"{filtered.filters[name].label} · {error}" for name, errors in filtered.errors.items() for error in errors
    ]
    if problems:
        return Page(total=0, problems=problems)
    return rows_page(request, filtered.qs, sort=sort, size=size)


def rows_page(request: HtmxRequest, found: QuerySet, *, sort: str, size: int = ROWS_PER_PAGE) -> Page:
    """The page of rows that the query string asks for."""
    after = request.GET.get("after", "")
    try:
        rows, following = keyset_page(found, sort, after, size=size)
    except BadPlace:
        return Page(total=0, problems=[_("This page of the list does not exist. Start again from the first.")])
    query = request.GET.copy()
    query.pop("after", None)
    first_url = f"?{query.urlencode()}"
    query["after"] = following
    return Page(
        rows=rows,
        total=counted(found),
        first_url=first_url if after else "",
        next_url=f"?{query.urlencode()}" if following else "",
    )


def render_table(request: HtmxRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Draw the whole page, or for htmx only its `table` partial."""
    if request.htmx and not request.htmx.history_restore_request and request.htmx.target == "table":
        template += "#table"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
