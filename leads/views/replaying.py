"""Try a version of a policy on past filings (RULE-3). Filings are named by their numbers only."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import likely_today
from core.http import HtmxRequest
from leads.forms.replaying import ReplayForm
from leads.replay import Comparison, Verdict
from leads.replay.comparing import end_words, told_words
from leads.replay.values import Change
from leads.replaying import count_tries, try_version
from policies.models import PolicyVersion

MOST_TRIES = 20_000
"""Filings that a page judges anew; the command takes any number."""

MOST_SHOWN = 200


class Count(NamedTuple):
    """How many filings get a verdict, by the policies of their time and by those tried."""

    label: str
    before: int
    after: int


class Row(NamedTuple):
    """A filing that would be judged otherwise, in words."""

    number: str
    at: Any
    before: str
    after: str
    end_before: str
    end_after: str
    end_differs: bool


@require_safe
@permission_required("policies.change_policy", raise_exception=True)
def replay_policy(request: HtmxRequest, version_id: int) -> HttpResponse:
    version = get_object_or_404(PolicyVersion.objects.select_related("policy"), pk=version_id)
    form = ReplayForm(request.GET, likely_today())
    context: dict[str, Any] = {"form": form, "version": version, "most_shown": MOST_SHOWN}
    status = 422 if form.is_bound else 200
    if form.is_valid():
        status = 200
        if count_tries(form.period) > MOST_TRIES:
            sentence = _(
                "With those that went on when the period began these are more than %(most)d filings. Choose a shorter"
                " period, or use manage.py replay_policy."
            )
            form.add_error(None, sentence % {"most": MOST_TRIES})
            status = 422
        else:
            context |= told(try_version(version, form.period))
    return render(request, "leads/replay.html", context, status=status)


def told(found: Comparison) -> dict[str, Any]:
    counts = [Count(str(each.label), found.before[each], found.after[each]) for each in Verdict]
    return {"found": found, "counts": counts, "rows": [_row(change) for change in found.changes[:MOST_SHOWN]]}


def _row(change: Change) -> Row:
    before, after = change
    return Row(
        before.number,
        before.at,
        told_words(before),
        told_words(after),
        end_words(before),
        end_words(after),
        change.end_differs,
    )
