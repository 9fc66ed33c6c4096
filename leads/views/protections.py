"""The customers a person holds or waits for, those whose time is nearly over first (PROT-5)."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from core.clock import likely_now
from core.http import HtmxRequest
from core.tables import render_table, rows_page
from leads.protections import WAITING, listed, rows_of, tabs_of, waiting_rows, with_leads


@require_safe
@permission_required("leads.view_lead", raise_exception=True)
def protection_list(request: HtmxRequest) -> HttpResponse:
    """`?show=` names the tab; an unknown one is the first."""
    user, now = request.user, likely_now()
    tabs = tabs_of(user)
    if not tabs:
        raise PermissionDenied
    asked = request.GET.get("show", "")
    tab = asked if asked in tabs else next(iter(tabs))
    found = listed(tab, user, now)
    if tab == WAITING:
        page = rows_page(request, found, sort="at")
        rows = waiting_rows(page.rows, user, now)
    else:
        page = rows_page(request, with_leads(found, user), sort="ends_at")
        rows = rows_of(page.rows, user, now)
    context = {"tab": tab, "tabs": tabs.items(), "page": page, "rows": rows, "own": tab not in {"all", "awaited"}}
    return render_table(request, "leads/protection_list.html", context)
