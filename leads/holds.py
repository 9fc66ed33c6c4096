"""The hold of a filing as a sign and a word, always with the time that is left. Asks neither database nor clock."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import day_of, start_of
from leads.choices import Hold
from leads.models import Lead, Protection
from policies.terms import DAY

SOON = 1
"""So many days before its last one a protection is shown as ending."""


class Mark(NamedTuple):
    """How a hold is drawn: the tone of its family, an icon, words."""

    tone: str
    icon: str
    words: str


def runs_out_at(protection: Protection) -> datetime | None:
    """When it is over unless something is done: its end, or earlier for want of a follow-up."""
    return min((moment for moment in (protection.ends_at, protection.contact_by) if moment), default=None)


def is_over(protection: Protection, at: datetime) -> bool:
    moment = runs_out_at(protection)
    return moment is not None and moment <= at


def last_of(end: datetime) -> date | datetime:
    """The last day of what ends at a moment, or the moment where that is in the course of a day."""
    return day_of(end) - DAY if end == start_of(day_of(end)) else end


def first_after(end: datetime) -> date | datetime:
    """The first day after an end, or the moment where that is in the course of a day."""
    return day_of(end) if end == start_of(day_of(end)) else end


def days_left(end: datetime, at: datetime) -> int:
    """Days after today through the last one that belongs to the term."""
    last = last_of(end)
    return ((day_of(last) if isinstance(last, datetime) else last) - day_of(at)).days


def mark_of(lead: Lead, at: datetime, place: int = 0) -> Mark:
    """The mark of a filing; `place` is its place in a queue. Its protection has to be read along."""
    match lead.hold:
        case Hold.PROTECTED:
            return mark_of_protection(lead.protection, at) if lead.protection else _endless()
        case Hold.PENDING:
            return Mark(Hold.PENDING, "ring", lead.get_hold_display())
        case Hold.QUEUED:
            words = _("queued, place %(place)s") % {"place": place} if place else lead.get_hold_display()
            return Mark(Hold.QUEUED, "queue", words)
    return Mark(lead.hold, "no", lead.get_hold_display())


def mark_of_protection(protection: Protection, at: datetime) -> Mark:
    """The mark of one that is running, or would be if somebody had settled it."""
    if is_over(protection, at):
        return Mark(Hold.EXPIRED, "no", str(Hold.EXPIRED.label))
    if protection.state != Hold.PROTECTED:
        icon = "ring" if protection.state == Hold.PENDING else "no"
        return Mark(protection.state, icon, protection.get_state_display())
    end, contact = protection.ends_at, protection.contact_by
    if contact and (end is None or contact < end) and (left := days_left(contact, at)) <= SOON:
        return Mark("ending", "clock", _("follow up by tomorrow") if left else _("follow up today"))
    if end is None:
        return _endless()
    left = days_left(end, at)
    if left < 1:
        return Mark("ending", "clock", _("ends today"))
    words = ngettext("%d day left", "%d days left", left) % left
    return Mark("ending", "clock", words) if left <= SOON else Mark(Hold.PROTECTED, "shield", words)


def _endless() -> Mark:
    return Mark(Hold.PROTECTED, "shield", _("without an end"))
