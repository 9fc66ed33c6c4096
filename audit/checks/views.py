"""Who asked about how many customers (MATCH-6): per person and day, the alarms first. Customers are not told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.checks.filters import CheckFilter
from core.clock import likely_today
from core.http import HtmxRequest
from core.tables import Page, numbered_page
from leads.services.watching import Figures, days_of, figures_of, watched_by
from policies.dictionaries import words


@dataclass(frozen=True, slots=True)
class CheckDay:
    """A row: what one person asked on one day; `silent` tries got no answer."""

    person_id: int
    person: str
    unit: str
    day: date
    figures: Figures
    silent: int
    alarm: bool


@require_safe
@permission_required("leads.watch_checks", raise_exception=True)
def check_list(request: HtmxRequest) -> HttpResponse:
    people = watched_by(request.user)
    asked = CheckFilter(request.GET, words(person=people)["person"], likely_today())
    page = page_of(request, asked, people) if asked.is_valid() else Page()
    return render(request, "audit/check_list.html", {"filter": asked, "rows": rows_of(page), "page": page})


def page_of(request: HtmxRequest, asked: CheckFilter, people: Any) -> Page:
    if chosen := asked.cleaned_data["person"]:
        people = User.objects.filter(pk=chosen)
    return numbered_page(days_of(people, asked.period), asked.number, request.GET)


def rows_of(page: Page) -> list[CheckDay]:
    figures = figures_of([(row["actor_id"], row["day"]) for row in page.rows])
    return [
        CheckDay(
            person_id=row["actor_id"],
            person=row["actor__name"] or row["actor__username"],
            unit=row["actor__unit__name"] or "",
            day=row["day"],
            figures=figures[row["actor_id"], row["day"]],
            silent=row["silent"],
            alarm=row["alarm"],
        )
        for row in page.rows
    ]
