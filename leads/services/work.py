"""Follow-ups and measurements."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now
from core.events import note_event
from core.verdicts import Refused
from leads.choices import Hold
from leads.models import FollowUp, Lead, Measurement
from leads.services.assignments import locked_lead
from leads.services.requesting import calendar_from
from leads.services.settling import again, held_lead
from leads.spans import contact_due
from leads.workflow import Action, demand


def follow_up(
    lead: Lead,
    *,
    kind: str,
    status: str,
    next_on: date | None,
    phone: str,
    content: str,
    by: User,
    secret: str = "",
    location: str = "",
) -> str:
    """Record a contact with the customer; the lead shows the newest. Where the policy asks for contacts, it goes on."""

    def work() -> str:
        with once.action(by.pk, secret) as answer:
            found = held_lead(lead.pk)
            demand(by, Action.FOLLOW_UP, found)
            _note_contact(
                FollowUp(lead=found, kind=kind, status=status, next_on=next_on, phone=phone, content=content, by=by)
            )
            answer.location = location or found.get_absolute_url()
        return answer.location

    return again(work)


def _note_contact(made: FollowUp) -> None:
    lead, made.at = made.lead, database_now()
    made.save(force_insert=True)
    Lead.objects.filter(pk=lead.pk).update(
        last_followed_up_at=made.at,
        last_follow_up_content=made.content,
        follow_up_status=made.status,
        next_follow_up_on=made.next_on,
    )
    protection = lead.protection
    if protection and protection.state == Hold.PROTECTED and protection.contact_by:
        protection.contact_by = contact_due(made.at, protection.terms, calendar_from(made.at))
        protection.save(update_fields=["contact_by"])


def dispatch(lead: Lead, *, designer_id: int, scheduled_at: datetime, note: str, by: User, secret: str = "") -> str:
    """Send one of our designers to measure the site (ASSIGN-3)."""
    with once.action(by.pk, secret) as answer:
        lead = locked_lead(lead.pk)
        demand(by, Action.DISPATCH, lead)
        at = database_now()
        made = Measurement.objects.create(
            lead=lead, designer_id=designer_id, scheduled_at=scheduled_at, note=note, by=by, at=at
        )
        note_event(
            lead, Action.DISPATCH, by=by, at=at, note=note, changes={"dispatched_designer": ["", made.designer.name]}
        )
        answer.location = lead.get_absolute_url()
    return answer.location


def note_reveal(lead: Lead, *, by: User) -> None:
    """A masked number was shown in full on request (ORG-6)."""
    with transaction.atomic(durable=True):
        note_event(lead, "reveal", by=by, at=database_now())


def report(measurement: Measurement, *, result: str, by: User, secret: str = "") -> str:
    """The designer's word on the measurement; may be written anew until somebody else acts on it."""
    with once.action(by.pk, secret) as answer:
        locked_lead(measurement.lead_id)
        found = Measurement.objects.select_related("lead").get(pk=measurement.pk)
        if found.designer_id != by.pk:
            raise Refused(_("Only the designer it was dispatched to can report the result."))
        at = database_now()
        found.result, found.reported_at = result, at
        found.save(update_fields=["result", "reported_at"])
        note_event(found.lead, "report", by=by, at=at, note=result[:500])
        answer.location = reverse("leads:measurement", args=[found.pk])
    return answer.location
