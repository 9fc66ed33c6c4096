"""What approvals do at every tick: keep the calendar, and remind of what is overdue."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from approvals.days import is_announced, load_chinese_days, years_around
from approvals.kinds import KINDS
from approvals.models import Request
from core.clock import day_of
from notices.outbox import Message, send

DECEMBER = 12
EDIT_CALENDAR = "approvals.change_calendarday"
DAYS_MISSING = gettext_lazy(
    "The calendar of %(year)s has no make-up days yet: enter them as the State Council announced them."
)


def keep_calendar(at: datetime) -> int:
    """Load what is missing of the calendar; from December on, ask for a next year whose make-up days are unknown."""
    today = day_of(at)
    changed = load_chinese_days(years_around(today))
    if today.month == DECEMBER and not is_announced(today.year + 1):
        ask_for_days(today.year + 1, at)
    return changed


def ask_for_days(year: int, at: datetime) -> None:
    """Once a year, tell those who edit the calendar that it lacks the make-up days of the next."""
    with translation.override(settings.LANGUAGE_CODE):
        sentence = str(DAYS_MISSING) % {"year": year}
    editors = User.objects.permitted({EDIT_CALENDAR}).values_list("pk", flat=True)
    send(
        (
            Message(
                kind="calendar_missing",
                to_id=editor,
                sentence=sentence,
                path=reverse("admin:approvals_calendarday_changelist"),
                key=f"calendar:{year}:{editor}",
            )
            for editor in editors
        ),
        at,
    )


def remind_of_overdue(at: datetime) -> int:
    """Tell everybody who may decide on a request that its time is over, once; how many requests that were."""
    late = Request.objects.overdue(at).filter(reminded_at=None)
    if not late.exists():
        return 0
    with transaction.atomic():
        found = list(late.select_for_update(of=("self",), no_key=True).order_by("pk"))
        ids = {request.pk for request in found}
        rights = {KINDS[request.kind].permission for request in found if request.kind in KINDS}
        deciders = User.objects.permitted(rights).select_related("unit")
        send((_reminder(request, person) for person in deciders for request in _waiting(person, ids)), at)
        Request.objects.filter(pk__in=ids).update(reminded_at=at)
    return len(ids)


def _waiting(person: User, ids: set[int]) -> list[Request]:
    return list(Request.objects.waiting_for(person).filter(pk__in=ids))


def _reminder(request: Request, person: User) -> Message:
    with translation.override(settings.LANGUAGE_CODE):
        sentence = _("Overdue: %(sentence)s") % {"sentence": request.sentence}
    return Message(
        kind="request_overdue",
        to_id=person.pk,
        sentence=sentence,
        path=reverse("todo_request", args=[request.pk]),
        subject_type=request.subject_type,
        subject_id=request.subject_id,
        key=f"overdue:{request.pk}:{person.pk}",
    )
