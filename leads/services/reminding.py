"""Reminders of protections that end soon, and of customers whom nobody follows up (PROT-5). Each is sent once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from approvals.days import load_calendar
from core.clock import day_of
from leads.choices import Hold
from leads.models import Lead, Protection
from leads.services.requesting import AHEAD, message_to
from notices.outbox import Message, send
from policies.models import PolicyVersion
from policies.terms import DEFAULT_TERMS, Terms, end_of

ENDS_SOON = gettext_lazy("%s: its protection ends soon. Ask for more time, or hurry up.")
IDLE = gettext_lazy("%s: nobody has followed up lately. Record a follow-up.")


def remind(at: datetime) -> int:
    """Write what is due by now; how many protections that concerned."""
    terms = {pk: Terms.from_json(body) for pk, body in PolicyVersion.objects.values_list("pk", "body")}
    messages = [*_of_ends(terms, at), *_of_idle(terms, at)]
    if messages:
        with transaction.atomic(durable=True):
            send(messages, at)
    return len(messages)


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
    for each in soon:
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
    for each in idle:
        key = f"idle:{each.pk}:{localtime(since[each.pk]):%Y%m%d%H%M}"
        yield message_to(each.filer_id, leads[each.pk], "idle", IDLE, key)


def _leads_of(protections: list[Protection]) -> dict[int, Lead]:
    """The first lead of each protection."""
    leads = Lead.objects.filter(protection__in=protections, hold=Hold.PROTECTED).order_by("-pk")
    return {lead.protection_id: lead for lead in leads if lead.protection_id}
