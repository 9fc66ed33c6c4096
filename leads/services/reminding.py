"""Reminders of protections that end soon, and of customers whom nobody follows up (PROT-5). Each is sent once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from approvals.choices import RequestState
from approvals.days import load_calendar
from approvals.models import Request
from core.clock import day_of
from leads.choices import ACTIVE, Hold, Progress
from leads.models import Lead, Protection
from leads.services.requesting import AHEAD, message_to
from notices.outbox import Message, send
from policies.models import PolicyVersion
from policies.terms import DEFAULT_TERMS, Terms, end_of

ENDS_SOON = gettext_lazy("%s: its protection ends soon. Ask for more time, or hurry up.")
RETURNED = gettext_lazy("%s: it was returned to you days ago. Correct it, or delete it.")
UNCORRECTED = timedelta(days=3)
"""So long after it was returned the filer of a filing is reminded."""
IDLE = gettext_lazy("%s: nobody has followed up lately. Record a follow-up.")


def remind(at: datetime) -> int:
    """Write what is due by now and was not written yet; how many messages that were."""
    terms = {pk: Terms.from_json(body) for pk, body in PolicyVersion.objects.values_list("pk", "body")}
    messages = [*_of_ends(terms, at), *_of_idle(terms, at), *_of_returned(at)]
    if not messages:
        return 0
    with transaction.atomic(durable=True):
        return send(messages, at)


def _of_ends(terms: dict[int, Terms], at: datetime) -> Iterable[Message]:
    """For each protection that ends within the days its policy names."""
    days = max((each.remind_days for each in terms.values()), default=DEFAULT_TERMS.remind_days)
    running = Protection.objects.active().filter(state=Hold.PROTECTED, ends_at__range=(at, at + timedelta(days=days)))
    soon = []
    for each in running:
        allowed = terms.get(each.version_id or 0, DEFAULT_TERMS).remind_days
        if each.ends_at and each.ends_at - at <= timedelta(days=allowed):
            soon.append(each)
    leads = _leads_of(soon)
    for each in (one for one in soon if one.pk in leads):
        lead = leads[each.pk]
        key = f"ends:{each.pk}:{localtime(each.ends_at):%Y%m%d%H%M}"
        yield message_to(each.filer_id, lead, "ends_soon", ENDS_SOON, key)


def _of_idle(terms: dict[int, Terms], at: datetime) -> Iterable[Message]:
    """For each protection that nobody has followed up for as long as its policy names."""
    limited = {pk: each.remind_idle for pk, each in terms.items() if each.remind_idle}
    running: Any = Protection.objects.active().filter(state=Hold.PROTECTED, version__in=limited)
    listed = list(running.annotate(seen=Max("leads__last_followed_up_at")))
    since = {each.pk: max(moment for moment in (each.seen, each.started_at) if moment) for each in listed}
    if not since:
        return
    calendar = load_calendar(day_of(min(since.values())), day_of(at + AHEAD))
    idle = [each for each in listed if end_of(since[each.pk], limited[each.version_id], calendar) <= at]
    leads = _leads_of(idle)
    for each in (one for one in idle if one.pk in leads):
        key = f"idle:{each.pk}:{localtime(since[each.pk]):%Y%m%d%H%M}"
        yield message_to(each.filer_id, leads[each.pk], "idle", IDLE, key)


def _of_returned(at: datetime) -> Iterable[Message]:
    """For each filing that was returned and holds its customer still, though nobody has corrected it for days."""
    returned = Request.objects.filter(state=RequestState.RETURNED, decided_at__lte=at - UNCORRECTED)
    newest = dict(returned.order_by("pk").values_list("subject_id", "pk"))
    for lead in Lead.objects.filter(progress=Progress.RETURNED, hold__in=ACTIVE, pk__in=newest).order_by("pk"):
        yield message_to(lead.filer_id, lead, "returned", RETURNED, f"returned:{newest[lead.pk]}")


def _leads_of(protections: list[Protection]) -> dict[int, Lead]:
    """The first lead of each protection."""
    leads = Lead.objects.filter(protection__in=protections, hold=Hold.PROTECTED).order_by("-pk")
    return {lead.protection_id: lead for lead in leads if lead.protection_id}
