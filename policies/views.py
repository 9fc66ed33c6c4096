"""The policies in force, as the people who file read them."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.days import load_calendar
from core.clock import day_of, likely_now
from core.http import HtmxRequest
from policies.choosing import reachable
from policies.examples import Example, examples
from policies.naming import names_in
from policies.sentences import Said, describe, describe_conditions
from policies.terms import DEFAULT_TERMS, Conditions
from policies.versions import policies_in_force

CALENDAR_AHEAD = timedelta(days=800)
"""How far the examples reach."""


@dataclass(frozen=True)
class ToldPolicy:
    """A policy in words: for which filings, what it says, and what that means today."""

    name: str
    conditions: list[str]
    said: list[Said]
    examples: list[Example]


@require_safe
@permission_required("leads.add_lead", raise_exception=True)
def policy_list(request: HtmxRequest) -> HttpResponse:
    """RULE-1: what applies to a filing that is made now."""
    now = likely_now()
    policies = reachable(policies_in_force(now))
    names = names_in(policy.terms for policy in policies)
    calendar = load_calendar(day_of(now), day_of(now) + CALENDAR_AHEAD)
    told = [
        ToldPolicy(
            policy.name,
            describe_conditions(policy.terms.when, names),
            describe(policy.terms),
            examples(policy.terms, now, calendar),
        )
        for policy in policies
    ]
    if all(policy.terms.when != Conditions() for policy in policies):
        rest = _("All other filings") if told else _("All filings")
        told.append(ToldPolicy(rest, [], describe(DEFAULT_TERMS), examples(DEFAULT_TERMS, now, calendar)))
    return render(request, "policies/policy_list.html", {"policies": told, "today": day_of(now)})
