"""What every page's frame shows: the menu, today's quota, the server's time."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.kinds import decided_by
from approvals.views import may_ask
from core.clock import likely_today
from leads.quotas import quota_of

THUMBS = 5


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu; on a phone `thumb` entries stand at its foot, `top` ones at its head, others in the
    account's menu."""

    url: str
    icon: str
    label: str
    active: bool = False
    thumb: bool = False
    raised: bool = False
    top: bool = False
    count: int | None = None


def navigation(user: User, path: str) -> list[list[Item]]:
    """The menu in groups: work, decide, data. Only what the person may open."""

    decides = bool(decided_by(user))

    def item(url: str, icon: str, label: str, right: str = "", **flags: bool) -> Item | None:
        if right and not user.has_perm(right):
            return None
        active = path == url or (url != "/" and path.startswith(url) and not _deeper(path, url))
        return Item(url, icon, label, active, **flags)

    groups = [
        [
            item(reverse("workbench"), "home", _("Workbench"), thumb=True),
            item(reverse("leads:list"), "file", _("Leads"), "leads.view_lead", thumb=True),
            item(reverse("leads:new"), "plus", _("New"), "leads.add_lead", thumb=True, raised=True),
            item(reverse("leads:protections"), "clock", _("Protections"), "leads.view_lead"),
            item(reverse("leads:store"), "store", _("Showroom desk"), "leads.work_store", thumb=True),
            item(reverse("leads:measurements"), "ruler", _("Measurements"), "leads.report_measurement", thumb=True),
            item(reverse("todo"), "todo", _("My requests")) if may_ask(user) and not decides else None,
        ],
        [
            item(reverse("todo"), "todo", _("To do"), top=True) if decides else None,
            item(reverse("audit:queue"), "check", _("Audit"), "leads.audit_lead", thumb=True),
            item(reverse("audit:collisions"), "gavel", _("Collisions"), "leads.full_check"),
            item(reverse("audit:checks"), "search", _("Checks"), "leads.watch_checks"),
        ],
        [
            item(reverse("policies:list"), "shield", _("Filing policies"), "leads.add_lead"),
            item(reverse("leads:import"), "in", _("Import"), "leads.import_lead"),
            item(reverse("reports"), "chart", _("Reports"), "leads.view_statistics", thumb=True),
        ],
        [item(reverse("admin:index"), "cols", _("Administration")) if user.is_staff else None],
    ]
    return [found for group in groups if (found := [entry for entry in group if entry])]


def _deeper(path: str, url: str) -> bool:
    """Some pages have an entry of their own below another one's."""
    below = {
        reverse("leads:list"): [reverse("leads:import"), reverse("leads:protections")],
        reverse("audit:queue"): [reverse("audit:collisions"), reverse("audit:checks")],
    }
    return any(path.startswith(deeper) for deeper in below.get(url, []))


def desk(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"server_time": timezone.localtime()}
    quota = SimpleLazyObject(lambda: quota_of(user, likely_today())) if user.has_perm("leads.add_lead") else None
    groups = navigation(user, request.path)
    entries = [entry for group in groups for entry in group]
    thumbs = [entry for entry in entries if entry.thumb][:THUMBS]
    return {
        "navigation": groups,
        "thumbs": thumbs,
        "elsewhere": [entry for entry in entries if entry not in thumbs],
        "quota": quota,
        "server_time": timezone.localtime(),
    }
