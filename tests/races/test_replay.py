"""A form that is sent sixteen times files once and is answered sixteen times alike.

Customers with a short extension as their only number have no identity key: nothing but the one-time key of the form
stands between a second click and a second lead. Customers with a mobile and an address belong to the filer when the
second click arrives: without the key it would be refused, and the refusal recorded.
"""

import secrets
from collections.abc import Mapping

import pytest

from leads.models import FilingAttempt, Lead, QuotaDay
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filers, filing

UNKNOWN = {"mobile": "", "phone": "8001", "building_room": ""}
"""What a customer is filed with who can't be told from another."""


def complaints(forms: int, fields: Mapping[str, str] = UNKNOWN, mistake: str = "") -> list[str]:
    [filer] = filers(1)
    calls = [filing(filer, {**each, **fields}, secret=secrets.token_urlsafe(12)) for each in customers(forms)]
    results = race([calls] * PROCESSES, mistake=mistake, in_step=True)
    leads = Lead.objects.filter(filer=filer)
    locations = sorted(lead.get_absolute_url() for lead in leads)
    answers: dict[str, set[str]] = {call["secret"]: set() for _task, call in calls}
    for result in results:
        answers[result.call[1]["secret"]].add(result.answer)
    return (
        errors(results)
        + unlike("leads", len(leads), forms)
        + unlike("filed", sum(result.kind == "done" for result in results), forms)
        + unlike("replayed", sum(result.kind == "replayed" for result in results), forms * (PROCESSES - 1))
        + unlike("answers", sorted(tuple(each) for each in answers.values()), [(place,) for place in locations])
        + unlike("used", QuotaDay.objects.get(user=filer).used, forms)
        + unlike("tries on record", FilingAttempt.objects.filter(filer=filer).count(), forms)
    )


@sizes("forms", small=3, full=200)
@pytest.mark.parametrize("fields", [pytest.param(UNKNOWN, id="unknown"), pytest.param({}, id="known")])
def test_a_form_sent_sixteen_times_makes_one_lead_and_one_answer(forms: int, fields: Mapping[str, str]) -> None:
    assert complaints(forms, fields) == []


@pytest.mark.postgres
def test_looking_a_key_up_before_writing_it_is_caught() -> None:
    assert caught(lambda: complaints(3, mistake="look_up_the_form_key"))
