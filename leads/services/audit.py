"""Decide on assignments and reopen decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now, day_of, likely_today
from core.verdicts import Refused
from leads import quotas
from leads.choices import AuditStatus, Result
from leads.models import Assignment, AuditDecision, Lead
from leads.services.ownership import Overtaken
from leads.services.settling import again
from leads.workflow import Action, may, perform, settle_lead


@dataclass
class Decided:
    """What a bulk decision did, and what it left with the reason."""

    done: list[Assignment] = field(default_factory=list)
    skipped: list[tuple[Assignment, Any]] = field(default_factory=list)
    location: str = ""


def decide(
    assignment_ids: Sequence[int], *, result: str, remark: str, by: User, secret: str = "", location: str = ""
) -> Decided:
    """Decide on one assignment or on many. What can't be decided is skipped with why; raises `Refused` if all is.

    The ids must have been read through `visible_to`. The first decision on any assignment of a lead gives its filer one
    unit of today's quota, once per lead for ever (QUOTA-2).
    """
    return again(lambda: _decide(assignment_ids, result=result, remark=remark, by=by, secret=secret, location=location))


def _decide(ids: Sequence[int], *, result: str, remark: str, by: User, secret: str, location: str) -> Decided:
    with once.action(by.pk, secret) as answer:
        day = likely_today()
        leads = lock_cases(ids, day)
        at = database_now()
        if day_of(at) != day:
            raise Overtaken
        decided = Decided()
        for assignment in Assignment.objects.with_names().filter(pk__in=ids).order_by("pk"):
            assignment.lead = leads[assignment.lead_id]
            if not (verdict := may(by, Action.DECIDE, assignment)):
                decided.skipped.append((assignment, verdict.reason))
                continue
            perform(Action.DECIDE, assignment, by=by, at=at, note=remark, audit_status=AuditStatus(result))
            AuditDecision.objects.create(assignment=assignment, result=result, remark=remark, by=by, at=at)
            _credit(assignment.lead, day)
            settle_lead(assignment.lead, at=at, by=by)
            decided.done.append(assignment)
        if not decided.done:
            reasons = [reason for _assignment, reason in decided.skipped]
            raise Refused(reasons[0] if reasons else _("Choose at least one case."))
        answer.location = decided.location = location or decided.done[0].get_absolute_url()
    return decided


def lock_cases(ids: Sequence[int], day: Any) -> dict[int, Lead]:
    """Lock the filers' days, then the leads, each by ascending id; the leads by id."""
    cases = Assignment.objects.filter(pk__in=ids).values_list("lead_id", "lead__filer_id")
    lead_ids = {lead_id for lead_id, _filer in cases}
    quotas.lock_days({filer_id for _lead, filer_id in cases}, day)
    locked = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=lead_ids).order_by("pk")
    return {lead.pk: lead for lead in locked}


def _credit(lead: Lead, day: Any) -> None:
    """One unit for the filer, at the lead's first decision ever: by compare-and-set."""
    if Lead.objects.filter(pk=lead.pk, credited_on=None).update(credited_on=day):
        lead.credited_on = day
        quotas.add_credit(lead.filer_id, day)


def reopen(assignment: Assignment, *, reason: str, by: User, secret: str = "") -> str:
    """Take the newest decision back, with a reason; the quota stays as it is."""
    with once.action(by.pk, secret) as answer:
        locked = Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.lead_id)
        found = Assignment.objects.with_names().get(pk=assignment.pk)
        found.lead = locked
        at = database_now()
        perform(Action.REOPEN, found, by=by, at=at, note=reason, audit_status=AuditStatus.UNAUDITED)
        AuditDecision.objects.create(assignment=found, result=Result.REOPENED, remark=reason, by=by, at=at)
        settle_lead(locked, at=at, by=by)
        answer.location = found.get_absolute_url()
    return answer.location
