"""The rows of the lead list with everything a cell shows worked out beforehand: rendering is what a list costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html_join

from accounts.models import User
from leads.addresses import address
from leads.models import Lead
from leads.sight import Shown, shown
from leads.workflow import Action, may


@dataclass(frozen=True, slots=True)
class Row:
    lead: Lead
    shown: Shown
    address: str
    url: str
    marks: str


def address_of(lead: Lead, building_room: str) -> str:
    """The address with the room as this viewer may read it."""
    return address(lead.city, lead.community, building_room)


def lead_rows(leads: Iterable[Lead], user: User) -> list[Row]:
    """No statement beyond those that read the leads."""
    found = []
    for lead in leads:
        cells, url = shown(user, lead), lead.get_absolute_url()
        found.append(Row(lead, cells, address_of(lead, cells.building_room), url, marks_of(lead, url, user)))
    return found


def marks_of(lead: Lead, url: str, user: User) -> str:
    """The attributes of a row that scripts and tests rely on (`screens.md`), with why an action of its menu is shut."""
    marks = {
        "data-number": lead.number,
        "data-progress": lead.progress,
        "data-hold": lead.hold,
        "data-audit": lead.audit_status,
        "data-name": lead.name,
        "data-href": url,
        "data-edit-href": f"{url}edit/",
    }
    for word, action in (("edit", Action.EDIT), ("delete", Action.WITHDRAW), ("assign", Action.ASSIGN)):
        if reason := may(user, action, lead).reason:
            marks[f"data-refuse-{word}"] = reason
    return format_html_join(" ", '{}="{}"', marks.items())
