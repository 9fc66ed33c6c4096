"""The page on which a policy's draft is tried on past filings."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.clock import told
from leads.views import replaying
from policies.models import Policy, PolicyVersion
from policies.terms import Term, Terms
from policies.versions import save_draft
from tests.factories import MORNING
from tests.ownership.scenes import file, policy
from tests.test_statements import costs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAYS = {"from": "2026-07-01", "to": "2026-07-31"}


@pytest.fixture
def draft(agent: Any) -> PolicyVersion:
    """A draft of three days for a policy of seven, under which one filing was made a week ago."""
    week = policy("周保护", term=Term(7))
    with told(MORNING - timedelta(days=14)):
        file(agent, week)
    return save_draft(Policy.objects.get(), Terms(term=Term(3)))


@pytest.fixture
def desk(client: Client, administrator: Any) -> Client:
    client.force_login(administrator)
    return client


def page(draft: PolicyVersion) -> str:
    return f"/policies/{draft.pk}/replay/"


def test_page_offers_the_last_days_and_asks_nothing_yet(desk: Client, draft: PolicyVersion) -> None:
    response = desk.get(page(draft))

    assert (response.status_code, "found" in response.context) == (200, False)


def test_page_shows_figures_and_changes_by_number_only(desk: Client, draft: PolicyVersion, agent: Any) -> None:
    response = desk.get(page(draft), DAYS)

    [row] = response.context["rows"]
    assert (row.number, row.before, row.after) == (
        "KH202607080001",
        "protected through 2026-07-15",
        "protected through 2026-07-11",
    )
    assert [tuple(count)[1:] for count in response.context["counts"]] == [(0, 0), (1, 1), (0, 0), (0, 0), (0, 0)]
    text = response.content.decode()
    assert not [word for word in ("韦半夏", "13800138000", f"{agent.name}<") if word in text]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"from": "2026-07-31", "to": "2026-07-01"}, "__all__"),
        ({"from": "gestern", "to": "2026-07-01"}, "from"),
        ({"from": "1026-07-31", "to": "2026-07-01"}, "__all__"),
        ({"from": "2026-07-31"}, "to"),
    ],
)
def test_days_that_make_no_sense_are_named(desk: Client, draft: PolicyVersion, query: Any, problem: str) -> None:
    response = desk.get(page(draft), query)

    assert (response.status_code, f'data-problem="{problem}"' in response.content.decode()) == (422, True)


def test_page_does_not_begin_what_takes_too_long(
    desk: Client, draft: PolicyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST_TRIES", 0)

    response = desk.get(page(draft), DAYS)

    assert (response.status_code, "more than 0 filings" in response.content.decode()) == (422, True)


def test_filings_that_went_on_when_the_period_began_count_as_well(
    desk: Client, draft: PolicyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST_TRIES", 0)

    held = desk.get(page(draft), {"from": "2026-07-10", "to": "2026-07-31"})
    with told(MORNING):
        free = desk.get(page(draft), {"from": "2026-07-01", "to": "2026-07-02"})

    assert (held.status_code, free.status_code) == (422, 200)


@pytest.mark.parametrize("filings", [1, 3])
def test_page_costs_the_same_for_many_filings(desk: Client, draft: PolicyVersion, agent: Any, filings: int) -> None:
    with told(MORNING):
        for number in range(filings):
            file(agent, mobile=f"1380013810{number}")

    with costs(22):
        response = desk.get(page(draft), DAYS)

    assert response.context["found"].tries == filings + 1


@pytest.mark.parametrize(("who", "status"), [("office", 403), ("manager", 403), ("administrator", 200)])
def test_page_is_for_those_who_change_policies(
    request: Any, client: Client, draft: PolicyVersion, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(page(draft)).status_code == status
    assert client.post(page(draft)).status_code == 405


def test_policy_links_to_the_page(desk: Client, draft: PolicyVersion) -> None:
    response = desk.get(f"/admin/policies/policy/{draft.policy_id}/change/")

    assert f'href="{page(draft)}"' in response.content.decode()
    assert desk.get("/policies/999999/replay/").status_code == 404
