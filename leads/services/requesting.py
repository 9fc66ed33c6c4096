"""Ask for the approval that a filing or a longer protection needs, and tell people about leads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from approvals.calendar import Calendar
from approvals.choices import RequestState
from approvals.days import load_calendar
from approvals.models import Request
from approvals.querysets import RequestQuerySet
from approvals.services import ask, lapse
from core.clock import day_of
from leads.choices import ACTIVE
from leads.models import Lead
from notices.outbox import Message, send
from policies.terms import DAY, Terms, end_of

AHEAD = 800 * DAY
"""How far ahead of a moment the calendar is read."""

EXTENSION = "extension"
CROSS_REGION = gettext_lazy("%s: somebody has filed a customer in your region from another one.")


def calendar_from(at: datetime) -> Calendar:
    """The calendar for terms that begin at a moment."""
    return load_calendar(day_of(at), day_of(at + AHEAD))


def ask_for(
    kind: str,
    lead: Lead,
    terms: Terms,
    *,
    by: User,
    at: datetime,
    calendar: Calendar | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> Request:
    """Ask for a decision on a lead; its time limit is the policy's."""
    due = end_of(at, terms.decide_within, calendar or calendar_from(at)) if terms.decide_within else None
    with translation.override(settings.LANGUAGE_CODE):
        sentence = sentence_of(kind, lead, details or {})
    return ask(
        kind,
        lead,
        by=by,
        at=at,
        sentence=sentence,
        path=lead.get_absolute_url(),
        reason=reason or lead.special_reason,
        details=details,
        due_at=due,
    )


def sentence_of(kind: str, lead: Lead, details: dict[str, Any]) -> str:
    """What is asked, without a personal word."""
    if kind == EXTENSION:
        return _("%(number)s: longer protection until %(day)s") % {"number": lead.number, "day": details["until"]}
    return _("%(number)s: %(kind)s, to be approved") % {"number": lead.number, "kind": lead.get_filing_kind_display()}


HAS_ENDED = gettext_lazy("The protection has ended, or the filing was withdrawn.")


def waiting_requests(lead_ids: Iterable[int]) -> RequestQuerySet:
    """What waits for a decision on leads."""
    about = {"subject_type": Lead._meta.label_lower, "subject_id__in": list(lead_ids)}
    return Request.objects.filter(**about, state=RequestState.PENDING)


def lapse_requests(lead_ids: Iterable[int], *, at: datetime, why: Any = HAS_ENDED, but: str = "") -> None:
    """Close what waits for a decision that nobody needs to take any more, `but` those of one kind; `why` is lazy."""
    with translation.override(settings.LANGUAGE_CODE):
        lapse(waiting_requests(lead_ids).exclude(kind=but), at=at, why=str(why))


def longer_asked_for(protection: Any) -> QuerySet[Request]:
    """What waits for a decision on longer protection, whichever filing under the protection asked; takes an `OuterRef`
    as well."""
    leads = Lead.objects.filter(protection=protection, hold__in=ACTIVE)
    pending = Request.objects.filter(kind=EXTENSION, state=RequestState.PENDING)
    return pending.filter(subject_type=Lead._meta.label_lower, subject_id__in=leads.values("pk"))


def tell(lead: Lead, kind: str, sentence: Any, *, at: datetime) -> None:
    """Put a sentence about a lead into the outbox of its filer; see `message_to`."""
    send([message_to(lead.filer_id, lead, kind, sentence)], at)


def message_to(person_id: int, lead: Lead, kind: str, sentence: Any, key: str = "") -> Message:
    """A message about a lead, in the site's language. `sentence` is lazy, with one place for the lead's number."""
    with translation.override(settings.LANGUAGE_CODE):
        text = str(sentence) % lead.number
    return Message(
        kind=kind,
        to_id=person_id,
        sentence=text,
        path=lead.get_absolute_url(),
        subject_type=lead._meta.label_lower,
        subject_id=lead.pk,
        key=key,
    )


def tell_territory(lead: Lead, *, at: datetime) -> None:
    """A cross-region filing: those who assign leads in the region filed into are told (LEAD-12, preset `territory`)."""
    there = User.objects.permitted({"leads.assign_lead"}).filter(unit__region=lead.target_city_id)
    send([message_to(person.pk, lead, "cross_region", CROSS_REGION) for person in there.exclude(pk=lead.filer_id)], at)
