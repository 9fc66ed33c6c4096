"""The reports' pages. Each starts from the rows its viewer may see."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.clock import database_now
from core.http import HtmxRequest
from core.periods import Period, month_to_date, quarter_to_date, week_to_date
from leads.models import Assignment, Lead
from leads.services.exporting import note_export
from reports import queries
from reports.exports import statistics_file
from reports.forms import EXPORTS, Question, RowsForm, StatisticsForm
from reports.tables import HEADERS, NAME_HEADERS, STARTS_A_GROUP, FilingLine, Line, bars_of, lines_of, total_line

ROWS_PER_PAGE = 100


@require_safe
@permission_required("leads.view_statistics", raise_exception=True)
def report_list(request: HtmxRequest) -> HttpResponse:
    return render(request, "reports/report_list.html")


@require_safe
@permission_required("leads.view_statistics", raise_exception=True)
def filing_statistics(request: HtmxRequest) -> HttpResponseBase:
    form = StatisticsForm(request.GET, user=request.user, today=timezone.localdate())
    export = request.GET.get("export")
    if export in EXPORTS and not request.user.has_perm("leads.export_statistics"):
        raise PermissionDenied
    context: dict[str, Any] = {
        "form": form,
        "presets": presets(form),
        "headers": HEADERS,
        "group_starts": STARTS_A_GROUP,
    }
    if form.is_valid():
        question = form.question()
        rows = statistics_rows(question, request.user)
        lines = lines_of(rows, question)
        if export:
            return export_statistics(request, export, question, lines)
        total = total_line(queries.total_of(rows), question)
        context |= {"name_headers": NAME_HEADERS[question.by], "lines": lines, "total": total, "bars": bars_of(rows)}
    return render(request, "reports/filing.html", context)


def statistics_rows(question: Question, user: Any) -> list[queries.StatRow]:
    leads = question.narrow(Lead.objects.visible_to(user))
    return queries.filing_statistics(leads, Assignment.objects.visible_to(user), question.by)


def export_statistics(request: HtmxRequest, kind: str, question: Question, lines: list[Line]) -> HttpResponseBase:
    at = database_now()
    note_export("filing_statistics", {**question.parameters, "count": len(lines)}, by=request.user, at=at)
    return statistics_file(kind, lines, question, by=request.user, at=at)


def presets(form: StatisticsForm) -> list[dict[str, Any]]:
    asked = form.cleaned_data["period"] if form.is_valid() else None
    named = {
        _("Today"): Period(form.today, form.today),
        _("This week"): week_to_date(form.today),
        _("This month"): month_to_date(form.today),
        _("This quarter"): quarter_to_date(form.today),
    }
    return [
        {"label": label, "first": f"{period.first}", "last": f"{period.last}", "active": period == asked}
        for label, period in named.items()
    ]


@require_safe
@permission_required("leads.view_statistics", raise_exception=True)
def filing_statistics_rows(request: HtmxRequest) -> HttpResponse:
    """The rows behind one figure: as many as the figure says."""
    form = RowsForm(request.GET, user=request.user, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "reports/filing_rows.html", {"form": form, "back_url": reverse("filing_statistics")})
    question = form.question()
    leads = question.narrow(Lead.objects.visible_to(request.user))
    rows = queries.filing_rows(leads, Assignment.objects.visible_to(request.user))
    rows = queries.described(queries.rows_behind(rows, question.column, question.keys))
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "question": question,
        "title": HEADERS[question.column],
        "page": page,
        "lines": [FilingLine(row) for row in page],
        "back_url": f"{reverse('filing_statistics')}?{urlencode(question.parameters)}",
    }
    return render(request, "reports/filing_rows.html", context)
