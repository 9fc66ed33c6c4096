"""The lead list (LEAD-1, LEAD-2) and its export."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import likely_today
from core.http import HtmxRequest
from core.tables import Page, counted, ordered, page_of, render_table
from leads import exports
from leads.choices import AuditStatus
from leads.filters import LeadFilter
from leads.forms.lists import filter_words
from leads.models import Lead
from leads.rows import lead_rows

HIDDEN = ("q", "sort", "due")
MAIN = ("audit_status", "progress", "order_type", "source", "outlet", "filed_from", "filed_to")


@require_safe
@permission_required("leads.view_lead", raise_exception=True)
def lead_list(request: HtmxRequest) -> HttpResponseBase:
    leads = Lead.objects.listed_for(request.user).with_names().select_related("protection")
    words = filter_words(request.user)
    filtered = LeadFilter(request.GET, leads, user=request.user, words=words, today=likely_today())
    wanted = request.GET.get("export", "")
    if wanted in exports.FORMATS:
        return _export(request, filtered, wanted)
    page = page_of(request, filtered, sort=filtered.order)
    if wanted:
        page = Page(total=0, problems=[_("There is no such export: Excel (xlsx) and CSV (csv) are.")])
    context = {
        "filter": filtered,
        "page": page,
        "rows": lead_rows(page.rows, request.user),
        "sort": filtered.order,
        "unaudited": counted(Lead.objects.listed_for(request.user).filter(audit_status=AuditStatus.UNAUDITED)),
        "view": _view(request),
        "more": [field for field in filtered.form if field.name not in (*HIDDEN, *MAIN)],
        "more_open": any(request.GET.get(field.name) for field in filtered.form if field.name not in (*HIDDEN, *MAIN)),
    }
    return render_table(request, "leads/lead_list.html", context)


def _view(request: HtmxRequest) -> str:
    """Which of the fixed views above the table is being looked at."""
    if request.GET.get("due"):
        return "due"
    chosen = request.GET.getlist("audit_status")
    return chosen[0] if len(chosen) == 1 else "all"


def _export(request: HtmxRequest, filtered: LeadFilter, wanted: str) -> HttpResponseBase:
    if not request.user.has_perm("leads.export_lead"):
        raise PermissionDenied(_("You have no right to export."))
    found = filtered.qs if not filtered.errors else Lead.objects.none()
    asked = filtered.asked()
    query = "；".join(f"{label}：{value}" for _name, label, value in asked)
    names = [name for name, _label, _value in asked]
    return exports.lead_export(ordered(found, filtered.order), request.user, wanted, query, asked=names)
