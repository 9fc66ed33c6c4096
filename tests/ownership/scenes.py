"""Policies, filings and moments of the tests of who owns a customer."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from approvals.calendar import Calendar
from core.clock import told
from leads.claims import Outcome
from leads.models import Lead, Protection
from leads.services import filing
from policies.choosing import PolicyInForce
from policies.models import Policy, PolicyVersion
from policies.terms import Terms
from tests.factories import MORNING
from tests.leads.filings import claim_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(day: str, time: str = "09:30") -> datetime:
    """A moment by the site's clock, e.g. `moment("2026-06-01", "23:59:59")`."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


def at(day: str, time: str = "09:30") -> AbstractContextManager[None]:
    """Everything inside happens at that moment."""
    return told(moment(day, time))


def policy(name: str = "试行", position: int = 0, **terms: Any) -> PolicyInForce:
    """A policy in force since long ago, with these terms."""
    said = Terms(**terms)
    made = Policy.objects.create(name=name, position=position)
    begun = MORNING - timedelta(days=3650)
    version = PolicyVersion.objects.create(policy=made, number=1, body=said.to_json(), starts_at=begun, at=begun)
    return PolicyInForce(version.pk, made.pk, name, position, said)


def file(
    filer: User, judged_by: PolicyInForce | None = None, calendar: Calendar | None = None, **fields: Any
) -> Outcome:
    """File as the form would; raises `Refused`."""
    claim = claim_of(filer, policy=judged_by, calendar=calendar or Calendar(), **fields)
    return filing.file_lead(claim, by=filer)


def lead_of(outcome: Outcome) -> Lead:
    """The lead as it stands now."""
    found: Lead = Lead.objects.select_related("protection__version", "customer").get(pk=outcome.lead.pk)
    return found


def held(lead: Lead) -> Protection:
    found = Lead.objects.select_related("protection__version").get(pk=lead.pk).protection
    assert found is not None
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is forgotten; durable transactions may begin in it, as in a test."""
    inside = transaction.atomic()
    inside._from_testcase = True
    with inside:
        yield
        transaction.set_rollback(True)
