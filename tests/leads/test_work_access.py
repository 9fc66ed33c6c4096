"""Who may do what with a lead from the screens of work, what is in sight, and what a form sent twice does."""

import pytest
from django.urls import reverse

from accounts.models import Unit, User
from core.once import new_key
from leads.models import Assignment, FollowUp, Lead, Measurement
from tests.factories import AssignmentFactory, LeadFactory
from tests.leads.sent import address, because, forms_of, measurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(agent: User) -> Lead:
    return LeadFactory(filer=agent, mobile="12331111111", building_room="3-2-1601")


@pytest.fixture
def case(lead: Lead, store: Unit) -> Assignment:
    Lead.objects.filter(pk=lead.pk).update(progress="assigned")
    return AssignmentFactory(lead=lead, store=store)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("agent", "assign"),
        ("agent", "measure"),
        ("auditor", "assign"),
        ("auditor", "measure"),
        ("auditor", "follow_ups"),
        ("seller", "assign"),
        ("seller", "measure"),
        ("measurer", "assign"),
        ("measurer", "measure"),
        ("measurer", "follow_ups"),
        ("executive", "follow_ups"),
    ],
)
def test_without_the_right_it_is_403(request, client, lead, store, measurer, who, name):
    user = request.getfixturevalue(who)
    client.force_login(user)

    response = client.post(address(lead, name), forms_of(lead, store, measurer)[name](user))

    assert response.status_code == 403
    assert not (FollowUp.objects.exists() or Assignment.objects.exists() or Measurement.objects.exists())


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("stranger", "follow_ups"),
        ("colleague", "follow_ups"),
        ("other_seller", "follow_ups"),
        ("idle_manager", "follow_ups"),
        ("idle_manager", "assign"),
        ("idle_manager", "measure"),
        ("administrator", "assign"),
    ],
)
def test_lead_out_of_sight_is_404(request, client, case, lead, store, measurer, who, name):
    user = request.getfixturevalue(who)
    client.force_login(user)

    page = client.get(address(lead, name))
    response = client.post(address(lead, name), forms_of(lead, store, measurer)[name](user))

    assert (page.status_code, response.status_code) == (404, 404)


@pytest.mark.parametrize("name", ["take_back", "reverse"])
def test_ending_needs_the_right_and_the_row(client, agent, idle_manager, case, lead, name):
    client.force_login(agent)
    assert client.post(address(lead, name, case.pk), because(agent)).status_code == 403
    client.force_login(idle_manager)
    assert client.post(address(lead, name, case.pk), because(idle_manager)).status_code == 404


@pytest.mark.parametrize("name", ["follow_ups", "assign", "measure"])
def test_replay_repeats_the_answer_and_writes_one_row(client, manager, lead, store, measurer, name):
    client.force_login(manager)
    said = forms_of(lead, store, measurer)[name](manager)

    first = client.post(address(lead, name), said)
    second = client.post(address(lead, name), said)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert FollowUp.objects.count() + Assignment.objects.count() + Measurement.objects.count() == 1


def test_replay_of_a_taking_back_and_of_a_report(client, manager, measurer, case, lead):
    own = measurement_of(lead, measurer)
    there = reverse("leads:measurement", args=[own.pk])
    for user, place, said in (
        (manager, address(lead, "take_back", case.pk), because(manager)),
        (measurer, there, {"once": new_key(measurer.pk, "ReportForm"), "result": "已量"}),
    ):
        client.force_login(user)
        first, second = client.post(place, said), client.post(place, said)
        assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)


@pytest.mark.parametrize("name", ["follow_ups", "assign", "measure"])
def test_wrong_method_is_405(client, manager, lead, name):
    client.force_login(manager)

    assert client.put(address(lead, name)).status_code == 405
