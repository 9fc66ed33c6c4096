"""The to-do page and the page of a request: who comes in, what is shown, what deciding answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from approvals.models import Request
from core.once import new_key
from tests.approvals.conftest import DUE
from tests.factories import UnitFactory
from tests.test_statements import costs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def sent(user: Any, **fields: str) -> dict[str, str]:
    return {"once": new_key(user.pk, "AnswerForm"), "decision": "grant", "answer": ""} | fields


def page(request: Request) -> str:
    return f"/todo/{request.pk}/"


def listed(response: Any) -> list[Request]:
    return [row.request for row in response.context["rows"]]


@pytest.fixture
def desk(client, auditor):
    client.force_login(auditor)
    return client


def test_list_shows_what_waits_for_me(desk, asked):
    response = desk.get("/todo/")

    html = response.content.decode()
    assert listed(response) == [asked]
    assert f'<a href="/todo/{asked.pk}/">Close a unit</a>' in html
    assert '<a href="/leads/">Close 办公室</a>' in html
    assert [view.get("count") for view in response.context["views"]] == ["1", None]


@pytest.mark.parametrize(("due", "overdue"), [(-1, True), (0, True), (3600, False)])
def test_overdue_requests_are_marked(desk, agent, request_of, due, overdue):
    request_of(agent, due_at=timezone.now() + timedelta(seconds=due))

    response = desk.get("/todo/")

    assert [row.overdue for row in response.context["rows"]] == [overdue]
    assert ("overdue" in response.content.decode()) is overdue


def test_empty_list_says_so(desk, closing):
    assert "Nothing waits for your decision." in desk.get("/todo/").content.decode()
    assert "You have asked for nothing yet." in desk.get("/todo/?show=mine").content.decode()


def test_applicant_sees_what_became_of_the_own_requests(client, agent, asked, auditor):
    Request.objects.filter(pk=asked.pk).update(state="refused", decided_by=auditor, decided_at=DUE, answer="太早")
    client.force_login(agent)

    response = client.get("/todo/")

    assert listed(response) == [asked]
    assert response.context["mine"] is True
    assert [view["label"] for view in response.context["views"]] == ["My requests"]
    assert "太早" in response.content.decode()


def test_decider_has_a_tab_for_the_own_requests(desk, auditor, asked, outlet, other_outlet, request_of):
    own = request_of(auditor, other_outlet)

    assert listed(desk.get("/todo/?show=mine")) == [own]
    assert listed(desk.get("/todo/")) == [asked]


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 30])
def test_pages_that_are_none_lead_to_one_that_is(desk, asked, number):
    assert desk.get(f"/todo/?page={number}").status_code == 200


def test_long_list_has_pages(desk, agent, branch, request_of, monkeypatch):
    for number in range(51):
        request_of(agent, UnitFactory(name=f"网点{number}", parent=branch))

    first, second = desk.get("/todo/"), desk.get("/todo/?page=2")

    assert (len(listed(first)), len(listed(second))) == (50, 1)
    assert first.context["page"].next_url == "?page=2"


def test_without_any_right_to_decide_or_to_ask_the_pages_are_closed(client, asked, seller):
    client.force_login(seller)

    assert client.get("/todo/").status_code == 403
    assert client.get(page(asked)).status_code == 403
    assert client.post(page(asked), sent(seller)).status_code == 403


def test_whoever_may_ask_has_a_list_of_their_own(client, asked, colleague):
    client.force_login(colleague)

    response = client.get("/todo/")

    assert (listed(response), response.context["title"]) == ([], "My requests")
    assert "You have asked for nothing yet." in response.content.decode()
    assert client.get(page(asked)).status_code == 404


def test_request_out_of_sight_is_not_there(desk, stranger, auditor, request_of):
    foreign = request_of(stranger)

    assert desk.get(page(foreign)).status_code == 404
    assert desk.post(page(foreign), sent(auditor)).status_code == 404
    assert listed(desk.get("/todo/")) == []
    assert Request.objects.get(pk=foreign.pk).state == "pending"


def test_applicant_reads_the_own_request_but_may_not_post(client, asked, agent):
    client.force_login(agent)

    response = client.get(page(asked))

    assert response.context["form"] is None
    assert (
        "This is your own request: it waits until a colleague who may decide on it does." in response.content.decode()
    )
    assert client.post(page(asked), sent(agent)).status_code == 403
    assert Request.objects.get(pk=asked.pk).state == "pending"


def test_deciding_leads_back_to_the_list(desk, asked, auditor):
    response = desk.post(page(asked), sent(auditor, answer="同意"), follow=True)

    assert response.redirect_chain == [("/todo/", 302)]
    assert [str(message) for message in response.context["messages"]] == ["Close 办公室: granted."]
    assert Request.objects.get(pk=asked.pk).state == "granted"


def test_decided_request_shows_its_decision_instead_of_a_form(desk, asked, auditor):
    desk.post(page(asked), sent(auditor, decision="return", answer="缺合同"))

    response = desk.get(page(asked))

    html = response.content.decode()
    assert response.context["form"] is None
    assert "缺合同" in html and "returned to be corrected" in html
    assert 'id="decision"' not in html


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"decision": "refuse"}, "answer"),
        ({"decision": ""}, "decision"),
        ({"decision": "burn"}, "decision"),
        ({"answer": "长" * 501}, "answer"),
        ({"once": "forged"}, "__all__"),
    ],
)
def test_faulty_form_is_shown_again_with_what_was_typed(desk, asked, auditor, fields, problem):
    typed = {"decision": "return", "answer": " "} | fields
    response = desk.post(page(asked), sent(auditor, **typed))

    html = response.content.decode()
    assert response.status_code == 422
    assert f'data-problem="{problem}"' in html
    assert typed["answer"].strip() in html
    assert (f'value="{typed["decision"]}" id=' in html) is (typed["decision"] in {"refuse", "return"})
    assert Request.objects.get(pk=asked.pk).state == "pending"


def test_refused_form_keeps_what_was_typed_though_the_request_is_decided(desk, asked, auditor):
    form = sent(auditor, decision="refuse", answer="材料不全")
    Request.objects.filter(pk=asked.pk).update(state="granted", decided_at=DUE)

    response = desk.post(page(asked), form)

    html = response.content.decode()
    assert response.status_code == 422
    assert "This is no longer open: granted." in html
    assert "材料不全" in html and 'id="decision"' not in html


def test_party_with_the_right_is_told_why_not(client, asked, manager):
    client.force_login(manager)

    html = client.get(page(asked)).content.decode()
    response = client.post(page(asked), sent(manager))

    assert "Nobody decides on a request of their own" in html and 'id="decision"' not in html
    assert response.status_code == 422
    assert Request.objects.get(pk=asked.pk).state == "pending"


def test_kind_offers_only_the_decisions_it_knows(client, agent, counting, request_of, office):
    request = request_of(agent, kind="counting")
    client.force_login(office)

    choices = client.get(page(request)).context["form"].fields["decision"].choices

    assert [value for value, _label in choices] == ["grant", "refuse"]
    assert "Needed to refuse. The applicant reads it." in client.get(page(request)).content.decode()


def test_same_form_sent_twice_gets_the_same_answer(desk, asked, auditor):
    form = sent(auditor)

    answers = [desk.post(page(asked), form) for _time in range(2)]

    assert [(response.status_code, response["Location"]) for response in answers] == [(302, "/todo/")] * 2


@pytest.mark.parametrize("requests", [1, 3])
@pytest.mark.parametrize(("query", "count"), [("", 3), ("?show=mine", 3)])
def test_list_costs_the_same_however_long(desk, auditor, agent, branch, request_of, requests, query, count):
    for number in range(requests):
        unit = UnitFactory(name=f"网点{number}", parent=branch)
        request_of(auditor if query else agent, unit)

    with costs(count):
        response = desk.get(f"/todo/{query}")

    assert len(listed(response)) == requests
