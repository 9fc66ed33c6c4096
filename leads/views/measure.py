"""The designer's desk: the measurements dispatched to them, and the report on each (ASSIGN-3)."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core.http import HtmxRequest, answer
from core.tables import numbered_page
from leads.forms.work import ReportForm
from leads.models import Measurement
from leads.services import work
from leads.views.work import say


def dispatched_to(user: User) -> QuerySet[Measurement]:
    """A designer's own: the only ones whose customers a designer sees in full."""
    return Measurement.objects.visible_to(user).filter(designer=user).select_related("lead__city", "by")


@require_safe
@permission_required("leads.report_measurement", raise_exception=True)
def measurement_list(request: HtmxRequest) -> HttpResponse:
    """What is still to be measured by its date, then what is reported, newest first."""
    own = dispatched_to(request.user)
    order = (F("reported_at").desc(nulls_first=True), "scheduled_at", "pk")
    page = numbered_page(own.order_by(*order), _page_number(request), request.GET)
    return render(request, "measure/measurement_list.html", {"rows": page.rows, "page": page})


def _page_number(request: HtmxRequest) -> int:
    try:
        return int(forms.IntegerField(min_value=1, max_value=10_000).clean(request.GET.get("page", "1")))
    except forms.ValidationError:
        return 1


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.report_measurement", raise_exception=True)
def measurement_report(request: HtmxRequest, measurement_id: int) -> HttpResponse:
    """One site: whom to call, where it lies, what came of it."""
    measurement = get_object_or_404(dispatched_to(request.user), pk=measurement_id)
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, user=request.user, initial={"result": measurement.result})

    def do() -> str:
        return work.report(measurement, result=form.cleaned_data["result"], by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _("{number}: the measurement is reported."), measurement.lead.number, location)

    if form.is_bound and (response := answer(form, do, then)):
        return response
    context = {"measurement": measurement, "lead": measurement.lead, "form": form}
    return render(request, "measure/measurement_report.html", context, status=422 if form.is_bound else 200)
