"""Edit, delete and quick filing of a lead through the client (LEAD-6, LEAD-7)."""

from datetime import date

import pytest

from core.clock import told
from leads.models import Lead
from leads.services import filing
from tests.factories import (
    MORNING,
    AssignmentFactory,
    CompanyDesignerFactory,
    LeadFactory,
    OrderTypeFactory,
    SourceFactory,
)
from tests.leads.filings import MOBILE, body, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

OTHER = "13900139000"
ASSIGNED = "Already assigned to a showroom: the filed data can't be changed any more."
AUDITED = "Already audited: the filed data can't be changed any more."


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def lead(agent):
    return filing.file_lead(claim_of(agent, phone="0771-5617382", building_room="3-2-1601"), by=agent).lead


def test_edit_form_shows_what_is_filed(desk, lead, agent):
    form = desk.get(f"/leads/{lead.number}/edit/").context["form"]

    shown = {name: form[name].value() for name in ("name", "mobile", "phone", "community", "building_room", "outlet")}
    assert shown == {
        "name": "韦半夏",
        "mobile": MOBILE,
        "phone": "0771-5617382",
        "community": "幸福里",
        "building_room": "3-2-1601",
        "outlet": agent.unit_id,
    }
    assert "filer" not in form.fields


def test_edit_is_stored_and_leads_back(desk, lead, agent):
    response = desk.post(f"/leads/{lead.number}/edit/", body(agent, name="覃佩兰", mobile=OTHER))

    changed = Lead.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/leads/{lead.number}/")
    assert (changed.name, changed.mobile, changed.phone, changed.filed_at) == ("覃佩兰", OTHER, "", lead.filed_at)


def test_edit_can_neither_change_filer_nor_status(desk, lead, agent, colleague):
    extra = {"filer": colleague.pk, "number": "KH1", "progress": "won", "filed_at": "2020-01-01", "credited_on": ""}

    desk.post(f"/leads/{lead.number}/edit/", body(agent, **extra))

    changed = Lead.objects.get()
    assert (changed.filer, changed.number, changed.progress, changed.filed_at) == (agent, lead.number, "filed", MORNING)


def test_edit_of_a_lead_filed_for_another_stays_theirs(client, manager, agent):
    lead = filing.file_lead(claim_of(agent), by=manager, filer=agent).lead
    client.force_login(manager)

    response = client.post(f"/leads/{lead.number}/edit/", body(manager, name="覃佩兰"))

    changed = Lead.objects.get()
    assert (response.status_code, changed.name, changed.filer, changed.filed_by) == (302, "覃佩兰", agent, manager)


def test_refused_edit_keeps_what_was_typed(desk, lead, agent, colleague):
    LeadFactory(filer=colleague, mobile=OTHER)

    response = desk.post(f"/leads/{lead.number}/edit/", body(agent, mobile=OTHER, name="覃佩兰"))

    form = response.context["form"]
    assert (response.status_code, form["mobile"].value(), form["name"].value()) == (422, OTHER, "覃佩兰")
    assert form.errors == {"__all__": ["This customer is already filed. File another customer, or ask your manager."]}
    assert Lead.objects.get(pk=lead.pk).mobile == MOBILE


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("fields", "reason"), [({"progress": "assigned"}, ASSIGNED), ({"credited_on": date(2026, 7, 22)}, AUDITED)]
)
def test_assigned_or_audited_lead_refuses_both_and_says_why(desk, lead, agent, page, method, fields, reason):
    Lead.objects.filter(pk=lead.pk).update(**fields)

    form = "DeleteForm" if page == "delete" else "FilingForm"
    response = getattr(desk, method)(f"/leads/{lead.number}/{page}/", body(agent, form, name="覃佩兰"))

    assert response.status_code == 422
    assert reason.replace("'", "&#x27;") in response.content.decode()
    assert (Lead.objects.get().name, Lead.objects.get().progress) == ("韦半夏", fields.get("progress", "filed"))


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_others_who_see_the_lead_may_not_change_it(client, manager, lead, page):
    client.force_login(manager)

    response = client.get(f"/leads/{lead.number}/{page}/")

    assert response.status_code == 422
    assert "Only the person who filed the lead can do this." in response.content.decode()


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_lead_out_of_sight_is_404(client, stranger, lead, page, method):
    client.force_login(stranger)

    response = getattr(client, method)(f"/leads/{lead.number}/{page}/", body(stranger))

    assert (response.status_code, Lead.objects.get().progress) == (404, "filed")


def test_delete_asks_first_and_then_withdraws(desk, lead, agent):
    asked = desk.get(f"/leads/{lead.number}/delete/")
    before = Lead.objects.get().progress

    response = desk.post(f"/leads/{lead.number}/delete/", {"once": asked.context["form"]["once"].value()})

    assert (asked.status_code, before) == (200, "filed")
    assert (response.status_code, response["Location"]) == (302, "/leads/")
    assert (Lead.objects.get().progress, Lead.objects.get().number) == ("withdrawn", lead.number)
    page = desk.get("/leads/")
    assert list(page.context["rows"]) == []
    assert [str(message) for message in page.context["messages"]] == [
        f"Deleted {lead.number} 韦半夏. Its number and today's quota stay used."
    ]


def test_delete_without_a_key_of_its_own_is_422(desk, lead, colleague):
    response = desk.post(f"/leads/{lead.number}/delete/", {"once": ""})

    assert (response.status_code, Lead.objects.get().progress) == (422, "filed")
    assert response.context["form"].errors == {
        "__all__": ["This form is out of date. Please check it and send it again."]
    }


def test_replay_of_a_delete_repeats_its_answer(desk, lead, agent):
    sent = body(agent, "DeleteForm")
    answers = [desk.post(f"/leads/{lead.number}/delete/", sent) for _time in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/leads/")] * 2


def test_replay_of_an_edit_changes_nothing_more(desk, lead, agent):
    sent = body(agent, name="覃佩兰")
    desk.post(f"/leads/{lead.number}/edit/", sent)

    again = desk.post(f"/leads/{lead.number}/edit/", sent | {"name": "第三个"})

    assert (again.status_code, again["Location"]) == (302, f"/leads/{lead.number}/")
    assert Lead.objects.get().name == "覃佩兰"


@pytest.fixture
def model(agent):
    """A lead with everything that quick filing could carry over."""
    source = SourceFactory(name="家装", designer="open", referrer_name="open")
    return LeadFactory(
        filer=agent,
        mobile=MOBILE,
        phone="0771-5617382",
        building_room="3-2-1601",
        source=source,
        order_type=OrderTypeFactory(),
        designer=CompanyDesignerFactory(),
        member_card="VIP-1",
        referrer_name="陆之恒",
        budget_note="两万",
        estimated_amount=5,
    )


def test_quick_filing_copies_the_customers_data(desk, model):
    form = desk.get(f"/leads/new/?copy={model.number}").context["form"]

    assert {name: form.initial.get(name) for name in ("name", "mobile", "phone", "building_room", "community")} == {
        "name": "韦半夏",
        "mobile": MOBILE,
        "phone": "0771-5617382",
        "building_room": "3-2-1601",
        "community": "幸福里",
    }
    assert form.initial["source"] == model.source_id
    assert (form.initial["designer"], form.initial["order_type"]) == (model.designer_id, model.order_type_id)
    assert "estimated_amount" not in form.initial


def test_quick_filing_carries_no_masked_data_to_others(client, manager, model):
    client.force_login(manager)

    response = client.get(f"/leads/new/?copy={model.number}")

    form = response.context["form"]
    assert {name: form[name].value() for name in ("mobile", "phone", "building_room")} == dict.fromkeys(
        ("mobile", "phone", "building_room")
    )
    assert form["name"].value() == "韦半夏"
    drawn = response.content.decode()
    assert MOBILE not in drawn and "1234567" not in drawn and "3-2-1601" not in drawn


def test_quick_filing_from_a_lead_out_of_sight_is_404(client, stranger, model):
    client.force_login(stranger)

    assert client.get(f"/leads/new/?copy={model.number}").status_code == 404
    assert client.get("/leads/new/?copy=KH1").status_code == 404
    assert client.get("/leads/new/?copy=%00").status_code == 404


def test_assigned_and_reopened_lead_stays_closed(desk, agent, auditor, store, lead):
    """Once decided for ever unchangeable, even when the assignment was reopened and taken back (LEAD-6)."""
    AssignmentFactory(lead=lead, store=store, standing=False, ended_at=MORNING)
    Lead.objects.filter(pk=lead.pk).update(credited_on=date(2026, 7, 1), progress="filed")

    assert desk.post(f"/leads/{lead.number}/edit/", body(agent)).status_code == 422
