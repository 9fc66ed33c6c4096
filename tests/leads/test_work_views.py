"""What is done with one lead: follow up (FOLLOW-1), assign and take back (ASSIGN-1, -5)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Unit, User
from core.clock import likely_today
from leads.models import Assignment, FollowUp, Lead
from tests.factories import AssignmentFactory, LeadFactory, OrderTypeFactory, UnitFactory
from tests.leads.sent import address, assigning, because, contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(agent: User) -> Lead:
    return LeadFactory(filer=agent, mobile="12331111111", building_room="3-2-1601")


@pytest.fixture
def case(lead: Lead, store: Unit) -> Assignment:
    Lead.objects.filter(pk=lead.pk).update(progress="assigned")
    return AssignmentFactory(lead=lead, store=store)


@pytest.fixture
def paid(lead: Lead, store: Unit) -> Assignment:
    return AssignmentFactory(lead=lead, store=store, paid=True, lead__progress="deposit")


# follow-ups


def test_follow_up_is_recorded_and_shown_by_the_lead(client, agent, lead):
    client.force_login(agent)

    response = client.post(address(lead, "follow_ups"), contact(agent))

    made = FollowUp.objects.get()
    lead.refresh_from_db()
    assert (response.status_code, response.url) == (302, lead.get_absolute_url())
    assert (made.kind, made.status, made.phone, made.content, made.by) == (
        "call",
        "visited",
        "12331111111",
        "约周六到店",
        agent,
    )
    assert (lead.last_follow_up_content, lead.follow_up_status) == ("约周六到店", "visited")
    page = client.get(address(lead, "follow_ups")).content.decode()
    assert f'data-follow-up="{made.pk}"' in page
    assert "约周六到店" in page


def test_follow_up_form_is_preset(client, agent, lead):
    client.force_login(agent)

    form = client.get(address(lead, "follow_ups")).context["form"]

    assert form["phone"].value() == "12331111111"
    assert form["status"].value() == "continue"
    assert form["next_on"].value() == likely_today() + timedelta(days=3)


def test_manager_sees_no_full_number_in_follow_ups(client, agent, manager, lead):
    client.force_login(agent)
    client.post(address(lead, "follow_ups"), contact(agent))
    client.force_login(manager)

    page = client.get(address(lead, "follow_ups")).content.decode()

    assert "12331111111" not in page
    assert "123****1111" in page


def test_showroom_returns_to_its_case(client, seller, case, lead):
    Assignment.objects.filter(pk=case.pk).update(actual_mobile="12331111112")
    client.force_login(seller)

    preset = client.get(address(lead, "follow_ups")).context["form"]["phone"].value()
    response = client.post(address(lead, "follow_ups"), contact(seller))

    assert preset == "12331111112"
    assert response.url == reverse("leads:store_case", args=[case.pk])
    assert client.get(response.url).status_code == 200


def test_auditor_reads_follow_ups_and_writes_none(client, auditor, case, lead):
    client.force_login(auditor)

    page = client.get(address(lead, "follow_ups"))

    assert (page.status_code, page.context["form"]) == (200, None)
    assert client.post(address(lead, "follow_ups"), contact(auditor)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"content": ""}, "content"),
        ({"content": "长" * 501}, "content"),
        ({"kind": "fax"}, "kind"),
        ({"status": "gone"}, "status"),
        ({"next_on": "明天"}, "next_on"),
        ({"phone": "打过了"}, "phone"),
        ({"once": "forged"}, "__all__"),
    ],
)
def test_faulty_follow_up_keeps_what_was_typed(client, agent, lead, changed, problem):
    client.force_login(agent)

    response = client.post(address(lead, "follow_ups"), contact(agent, status="active") | changed)

    page = response.content.decode()
    assert response.status_code == 422
    assert f'data-problem="{problem}"' in page
    assert ('value="12331111111"' in page) or "phone" in changed
    assert not FollowUp.objects.exists()


def test_withdrawn_lead_takes_no_follow_up(client, agent, lead):
    Lead.objects.filter(pk=lead.pk).update(progress="withdrawn")
    client.force_login(agent)

    page = client.get(address(lead, "follow_ups"))
    response = client.post(address(lead, "follow_ups"), contact(agent))

    assert (page.status_code, page.context["form"]) == (200, None)
    assert (response.status_code, "约周六到店" in response.content.decode()) == (422, True)


# assignment


def test_manager_assigns_to_a_showroom(client, manager, lead, store):
    client.force_login(manager)

    response = client.post(address(lead, "assign"), assigning(manager, store, lead.order_type))

    made = Assignment.objects.get()
    lead.refresh_from_db()
    assert (response.status_code, response.url) == (302, lead.get_absolute_url())
    assert (made.store, made.order_type, made.note, made.by) == (store, lead.order_type, "客户急", manager)
    assert lead.progress == "assigned"


def test_form_is_preset_with_the_order_type_until_it_is_assigned(client, manager, lead, store):
    client.force_login(manager)
    before = client.get(address(lead, "assign")).context["form"]["order_type"].value()
    client.post(address(lead, "assign"), assigning(manager, store, lead.order_type))

    page = client.get(address(lead, "assign"))

    assert before == lead.order_type_id
    assert page.context["form"]["order_type"].value() is None
    assert f'data-assignment="{Assignment.objects.get().pk}"' in page.content.decode()


def test_same_order_type_stands_once(client, manager, case, lead, other_store):
    wardrobe = OrderTypeFactory(name="欧派衣柜")
    client.force_login(manager)

    twice = client.post(address(lead, "assign"), assigning(manager, other_store, case.order_type))
    other = client.post(address(lead, "assign"), assigning(manager, other_store, wardrobe))

    page = twice.content.decode()
    assert (twice.status_code, other.status_code) == (422, 302)
    assert 'data-problem="order_type"' in page
    assert 'value="客户急"' in page
    assert Assignment.objects.count() == 2


def test_only_working_showrooms_are_on_offer(client, manager, lead, store, outlet):
    closed = UnitFactory(name="旧展厅", kind="store", active=False)
    client.force_login(manager)

    answers = [
        client.post(address(lead, "assign"), assigning(manager, unit, lead.order_type)) for unit in (closed, outlet)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all('data-problem="store"' in answer.content.decode() for answer in answers)


def test_withdrawn_lead_is_drawn_with_the_reason_and_no_form(client, manager, lead):
    Lead.objects.filter(pk=lead.pk).update(progress="withdrawn")
    client.force_login(manager)

    page = client.get(address(lead, "assign"))

    assert (page.status_code, page.context["form"]) == (200, None)
    assert str(page.context["reason"]) in page.content.decode()


def test_assignment_is_taken_back_with_a_reason(client, manager, case, lead):
    client.force_login(manager)
    there = address(lead, "take_back", case.pk)

    form = client.get(there)
    silent = client.post(there, because(manager, ""))
    response = client.post(there, because(manager))

    case.refresh_from_db()
    lead.refresh_from_db()
    assert (form.status_code, silent.status_code) == (200, 422)
    assert 'data-problem="reason"' in silent.content.decode()
    assert (response.status_code, response.url) == (302, lead.get_absolute_url())
    assert (case.standing, case.ended_reason, lead.progress) == (False, "派错了", "filed")


def test_paid_assignment_is_not_taken_back_but_reversed(client, manager, paid, lead):
    client.force_login(manager)

    page = client.get(address(lead, "take_back", paid.pk))
    refused = client.post(address(lead, "take_back", paid.pk), because(manager))
    response = client.post(address(lead, "reverse", paid.pk), because(manager))

    paid.refresh_from_db()
    assert (page.status_code, page.context["form"]) == (200, None)
    assert (refused.status_code, 'value="派错了"' in refused.content.decode()) == (422, True)
    assert (response.status_code, response.url) == (302, lead.get_absolute_url())
    assert (paid.progress, paid.deposit_amount) == ("assigned", None)


def test_assignment_must_belong_to_the_lead_of_the_address(client, manager, case, agent):
    other = LeadFactory(filer=agent)
    client.force_login(manager)

    assert client.post(address(other, "take_back", case.pk), because(manager)).status_code == 404
    assert Assignment.objects.get().standing
