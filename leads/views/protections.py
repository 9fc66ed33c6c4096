"""The customers a person holds or waits for, those whose time is nearly over first (PROT-5)."""

from datetime import datetime

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import likely_now
from core.http import HtmxRequest
from core.tables import Page, render_table, rows_page
from leads.protections import WAITING, Row, listed, rows_of, tabs_of, waiting_rows, with_leads


@require_safe
@permission_required("leads.view_lead", raise_exception=True)
def protection_list(request: HtmxRequest) -> HttpResponse:
    """`?show=` names the tab, by default the first; one that the person does not have shows no rows."""
    user, now = request.user, likely_now()
    tabs = tabs_of(user)
    if not tabs:
        raise PermissionDenied
    tab = request.GET.get("show") or next(iter(tabs))
    page, rows = rows_in(request, tab, now) if tab in tabs else (Page(total=0, problems=[_no_such_tab()]), [])
    context = {"tab": tab, "tabs": tabs.items(), "page": page, "rows": rows, "own": tab not in {"all", "awaited"}}
    return render_table(request, "leads/protection_list.html", context)


def rows_in(request: HtmxRequest, tab: str, at: datetime) -> tuple[Page, list[Row]]:
    """The page of a tab that the address asks for."""
    found = listed(tab, request.user, at)
    if tab == WAITING:
        page = rows_page(request, found, sort="at")
        return page, waiting_rows(page.rows, request.user, at)
    page = rows_page(request, with_leads(found, request.user), sort="ends_at")
    return page, rows_of(page.rows, request.user, at)


def _no_such_tab() -> str:
    return _("There is no such view. Choose one of those above the table.")
