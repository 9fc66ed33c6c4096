"""Queueing from the filing form: what the verdict offers, what the button says, and what comes of it (PROT-6)."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.once import new_key
from leads.models import Lead, QueueEntry
from policies.terms import Term
from tests.leads.filings import body
from tests.ownership.scenes import at, file, held, lead_of, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TAKEN = "This customer is already filed."


@pytest.fixture
def rules() -> Any:
    return policy("月度", term=Term(1, "month"), promoted_term=Term(15), queue=1, tells_from=True)


@pytest.fixture
def mine(agent: User, rules: Any) -> Lead:
    with at("2026-06-01"):
        return lead_of(file(agent, rules))


@pytest.fixture
def desk(client: Client, colleague: User) -> Client:
    client.force_login(colleague)
    return client


def send(desk: Client, user: User, day: str = "2026-06-03", **changed: Any) -> Any:
    with at(day):
        return desk.post("/leads/new/", body(user, **changed))


def check(desk: Client, user: User, day: str = "2026-06-03", **changed: Any) -> str:
    with at(day):
        return desk.post("/leads/check/", body(user, **changed)).content.decode()


def button(page: str) -> str:
    [found] = re.findall(r'<button[^>]*id="file-it".*?</svg>(.*?)</button>', page, re.S)
    return str(found).strip()


def queue_field(page: str) -> str:
    [found] = re.findall(r'<input type="hidden" name="queue" id="id_queue" value="(.*?)"', page)
    return str(found)


def test_fresh_form_does_not_queue(desk: Client) -> None:
    page = desk.get("/leads/new/").content.decode()

    assert (button(page), queue_field(page)) == ("Submit the filing", "")


def test_refused_form_offers_to_queue_and_keeps_what_was_typed(desk: Client, colleague: User, mine: Lead) -> None:
    response = send(desk, colleague, name="覃谷雨")
    page = response.content.decode()

    assert response.status_code == 422
    assert (button(page), queue_field(page)) == ("Submit and queue", "1")
    assert 'value="覃谷雨"' in page and mine.number not in page
    for sentence in (
        "You can queue for it: if its protection ends, it becomes yours.",
        "From that day on it is protected for 15 days.",
        "Others may file it from 2026-07-02 on, unless its time is prolonged.",
    ):
        assert sentence in page
    assert not QueueEntry.objects.exists()


def test_form_sent_again_queues_and_says_the_place(desk: Client, colleague: User, mine: Lead) -> None:
    response = send(desk, colleague, queue="1")
    with at("2026-06-03"):
        page = desk.get(response["Location"]).content.decode()

    lead = Lead.objects.get(filer=colleague)
    assert (response.status_code, lead.hold, lead.customer) == (302, "queued", mine.customer)
    assert "韦半夏: it waits in place 1 of the queue." in page


def test_customer_that_is_free_meanwhile_is_filed(desk: Client, colleague: User, mine: Lead) -> None:
    response = send(desk, colleague, "2026-07-02", queue="1")

    lead = Lead.objects.get(filer=colleague)
    assert (response.status_code, lead.hold) == (302, "protected")
    assert held(lead).promoted is False


def test_full_queue_offers_nothing(desk: Client, colleague: User, stranger: User, mine: Lead, rules: Any) -> None:
    with at("2026-06-02"):
        file(stranger, rules, queue=True)

    response = send(desk, colleague, queue="1")
    page = response.content.decode()

    assert response.status_code == 422
    assert (button(page), queue_field(page)) == ("Submit the filing", "")
    assert TAKEN in page


def test_other_mistakes_keep_the_wish_to_queue(desk: Client, colleague: User, mine: Lead) -> None:
    page = send(desk, colleague, queue="1", community="").content.decode()

    assert (button(page), queue_field(page)) == ("Submit and queue", "1")


def test_check_changes_the_main_button_only_where_it_means_something_else(
    desk: Client, colleague: User, mine: Lead
) -> None:
    offered, again = check(desk, colleague), check(desk, colleague, queue="1")
    free, still = check(desk, colleague, mobile="13900139000", queue="1"), check(desk, colleague, mobile="13900139000")

    assert (button(offered), queue_field(offered)) == ("Submit and queue", "1")
    assert (button(free), queue_field(free)) == ("Submit the filing", "")
    assert [page.count("hx-swap-oob") for page in (offered, again, free, still)] == [2, 0, 2, 0]
    assert 'form="filing"' in offered and 'form="filing"' not in free


def test_json_stays_what_machines_know(desk: Client, colleague: User, mine: Lead) -> None:
    with at("2026-06-03"):
        response = desk.post("/leads/check/", body(colleague), headers={"accept": "application/json"})

    assert json.loads(response.content) == {
        "verdict": "taken",
        "from": "2026-07-02",
        "next": ["queue", "ask"],
        "problems": {},
    }


def test_who_waits_is_shown_the_own_place_instead(desk: Client, colleague: User, mine: Lead) -> None:
    send(desk, colleague, queue="1")
    waiting = Lead.objects.get(filer=colleague)

    response = send(desk, colleague, queue="1", once=new_key(colleague.pk, "FilingForm"))

    assert response.status_code == 422
    assert f"You already wait for this customer: see {waiting.number}." in response.content.decode()
    assert QueueEntry.objects.count() == 1
