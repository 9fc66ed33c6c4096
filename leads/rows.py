"""The rows of the lead list with everything a cell shows worked out beforehand: rendering is what a list costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html_join

from accounts.models import User
from core.clock import likely_now
from leads.addresses import address
from leads.holds import Mark, mark_of
from leads.models import Lead
from leads.queues import queued_places
from leads.sight import Shown, shown
from leads.workflow import Action, may


@dataclass(frozen=True, slots=True)
class Row:
    lead: Lead
    shown: Shown
    address: str
    url: str
    marks: str
    hold: Mark


def address_of(lead: Lead, building_room: str) -> str:
    """The address with the room as this viewer may read it."""
    return address(lead.city, lead.community, building_room)


def lead_rows(leads: Iterable[Lead], user: User) -> list[Row]:
    """Needs their protections read along; no statement beyond, but one where some of them wait in a queue."""
    listed, now = list(leads), likely_now()
    places, found = queued_places(listed), []
    for lead in listed:
        cells, url = shown(user, lead), lead.get_absolute_url()
        hold = mark_of(lead, now, places.get(lead.pk, 0))
        found.append(Row(lead, cells, address_of(lead, cells.building_room), url, marks_of(lead, url, user), hold))
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
