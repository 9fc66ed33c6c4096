"""Deciding on one case and on many, and taking a decision back (AUDIT-4, ORG-5)."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts import roles
from accounts.models import User
from core.once import new_key
from leads.models import Assignment, AuditDecision, Lead
from tests.audit import builders
from tests.audit.builders import case, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer() -> User:
    return person("xiaoman", roles.SALESPERSON, builders.organisation()[1])


@pytest.fixture
def auditor() -> User:
    return person("huifeng", roles.AUDITOR, builders.organisation()[0])


@pytest.fixture
def desk(auditor: User, client: Client) -> Client:
    client.force_login(auditor)
    return client


def decision(auditor: User, **fields: object) -> dict[str, object]:
    form = "BulkForm" if "assignment" in fields else "DecisionForm"
    return {"result": "success", "remark": "完全正确，报备有效", "once": new_key(auditor.pk, form)} | fields


def status(assignment: Assignment) -> str:
    return Assignment.objects.get(pk=assignment.pk).audit_status


def told(response: object) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_decision_is_kept_with_its_remark(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")

    response = desk.post(f"/audit/{made.pk}/", decision(auditor))

    assert (response.status_code, response["Location"]) == (302, f"/audit/{made.pk}/")
    assert status(made) == "success"
    kept = AuditDecision.objects.get()
    assert (kept.result, kept.remark, kept.by) == ("success", "完全正确，报备有效", auditor)


def test_key_of_the_drawn_row_is_accepted_and_a_replay_repeats_the_answer(desk, filer):
    made = case(filer, "KH1", deposit="1")
    form = re.search(r'<form id="case-.*?</form>', desk.get("/audit/").content.decode(), re.S)[0]
    sent = {"result": "failure", "remark": "", "once": re.search(r'name="once" value="([^"]+)"', form)[1]}

    answers = [desk.post(f"/audit/{made.pk}/", sent) for _attempt in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, f"/audit/{made.pk}/")] * 2
    assert AuditDecision.objects.count() == 1


@pytest.mark.parametrize("broken", [{"result": ""}, {"result": "reopened"}, {"remark": "x" * 501}, {"once": "forged"}])
def test_faulty_decision_is_422_and_keeps_what_was_typed(desk, auditor, filer, broken):
    made = case(filer, "KH1", deposit="1")

    response = desk.post(f"/audit/{made.pk}/", decision(auditor) | broken)

    assert response.status_code == 422
    assert (broken.get("remark") or "完全正确，报备有效") in response.content.decode()
    assert status(made) == "unaudited"


def test_own_filing_is_refused_with_the_reason(desk, auditor):
    made = case(auditor, "KH1", deposit="1", outlet=builders.organisation()[1])

    response = desk.post(f"/audit/{made.pk}/", decision(auditor))

    html = response.content.decode()
    assert response.status_code == 422
    assert 'data-problem="__all__"' in html and "完全正确，报备有效" in html
    assert status(made) == "unaudited"


def test_second_decision_is_refused(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")
    desk.post(f"/audit/{made.pk}/", decision(auditor))

    response = desk.post(f"/audit/{made.pk}/", decision(auditor, result="failure", remark="再想想"))

    assert response.status_code == 422
    assert "再想想" in response.content.decode()
    assert status(made) == "success"


def test_case_out_of_sight_is_404(desk, auditor):
    far = unit("成都分公司", "branch")
    made = case(person("yuanshan", roles.SALESPERSON, unit("渠道九部", "outlet", far)), "KH1", deposit="1")

    assert desk.get(f"/audit/{made.pk}/").status_code == 404
    assert desk.post(f"/audit/{made.pk}/", decision(auditor)).status_code == 404
    assert desk.post(f"/audit/{made.pk}/reopen/", {"reason": "x"}).status_code == 404
    assert desk.post("/audit/", decision(auditor, assignment=[made.pk])).status_code == 404
    assert status(made) == "unaudited"


def test_assignment_taken_back_is_404(desk, filer):
    made = case(filer, "KH1")
    Assignment.objects.filter(pk=made.pk).update(standing=False)

    assert desk.get(f"/audit/{made.pk}/").status_code == 404


def test_without_the_right_every_address_is_403(client, filer):
    made = case(filer, "KH1", deposit="1")
    client.force_login(filer)

    assert client.get(f"/audit/{made.pk}/").status_code == 403
    assert client.post(f"/audit/{made.pk}/", decision(filer)).status_code == 403
    assert client.post(f"/audit/{made.pk}/reopen/", {"reason": "x"}).status_code == 403
    assert client.post("/audit/", decision(filer, assignment=[made.pk])).status_code == 403


def test_wrong_methods_are_405(desk, filer):
    made = case(filer, "KH1", deposit="1")

    assert desk.put(f"/audit/{made.pk}/").status_code == 405
    assert desk.get(f"/audit/{made.pk}/reopen/").status_code == 405


def test_many_at_once_with_the_reason_of_what_was_left_out(desk, auditor, filer):
    cases = [case(filer, f"KH{at}", deposit="1") for at in range(3)]
    own = case(auditor, "KH9", deposit="1", outlet=builders.organisation()[1])
    desk.post(f"/audit/{cases[2].pk}/", decision(auditor, result="failure"))

    response = desk.post("/audit/", decision(auditor, assignment=[*(made.pk for made in cases), own.pk]))

    assert (response.status_code, response["Location"]) == (302, "/audit/")
    assert [status(made) for made in [*cases, own]] == ["success", "success", "failure", "unaudited"]
    assert [re.search(r"\d+", sentence)[0] for sentence in told(response)[-3:]] == ["2", "1", "1"]


def test_bulk_without_a_tick_is_422(desk, auditor, filer):
    case(filer, "KH1", deposit="1")

    response = desk.post("/audit/", decision(auditor))

    assert response.status_code == 422
    assert 'data-problem="__all__"' in response.content.decode()


def test_bulk_without_a_result_keeps_ticks_and_remark(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")

    response = desk.post("/audit/", decision(auditor, result="", assignment=[made.pk], remark="都对"))

    html = response.content.decode()
    assert response.status_code == 422
    assert re.search(rf'name="assignment" value="{made.pk}"[^>]* checked', html)
    assert 'value="都对"' in html
    assert status(made) == "unaudited"


def test_bulk_of_nothing_decidable_is_422(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")
    desk.post(f"/audit/{made.pk}/", decision(auditor))

    assert desk.post("/audit/", decision(auditor, assignment=[made.pk])).status_code == 422


def test_reopening_needs_a_reason_and_puts_the_case_back(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")
    desk.post(f"/audit/{made.pk}/", decision(auditor))

    refused = desk.post(f"/audit/{made.pk}/reopen/", {"reason": " ", "once": new_key(auditor.pk, "ReopenForm")})
    done = desk.post(f"/audit/{made.pk}/reopen/", {"reason": "看错了房号", "once": new_key(auditor.pk, "ReopenForm")})

    assert (refused.status_code, done.status_code, done["Location"]) == (422, 302, f"/audit/{made.pk}/")
    assert status(made) == "unaudited"
    assert list(AuditDecision.objects.values_list("result", "remark")) == [
        ("reopened", "看错了房号"),
        ("success", "完全正确，报备有效"),
    ]
    html = desk.get(f"/audit/{made.pk}/").content.decode()
    assert "看错了房号" in html and 'id="decision"' in html


def test_reopening_what_is_not_decided_is_422(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1")

    response = desk.post(f"/audit/{made.pk}/reopen/", {"reason": "无", "once": new_key(auditor.pk, "ReopenForm")})

    assert response.status_code == 422
    assert 'value="无"' in response.content.decode()


def test_next_case_is_one_that_the_auditor_may_decide(desk, auditor, filer):
    made, entered = case(filer, "KH1", deposit="1"), case(filer, "KH2", deposit="1")
    Lead.objects.filter(pk=entered.lead_id).update(filed_by=auditor)
    case(auditor, "KH3", deposit="1")

    assert desk.get(f"/audit/{made.pk}/").context["next"] is None

    other = case(filer, "KH4", deposit="1")

    assert desk.get(f"/audit/{made.pk}/").context["next"] == other.pk


def test_case_shows_only_the_form_that_fits(desk, auditor, filer):
    made = case(filer, "KH1", deposit="1", actual_mobile="12300007764")
    other = case(filer, "KH2", deposit="1")

    before = desk.get(f"/audit/{made.pk}/").content.decode()
    desk.post(f"/audit/{made.pk}/", decision(auditor))
    after = desk.get(f"/audit/{made.pk}/").content.decode()

    assert 'id="decision"' in before and 'id="reopening"' not in before
    assert 'id="decision"' not in after and 'id="reopening"' in after
    assert "1230000<mark>6049</mark>" in before
    assert f'href="/audit/{other.pk}/" rel="next"' in before
    assert "完全正确，报备有效" in after
