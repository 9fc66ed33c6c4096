"""Dispatch of a designer, the designer's list and report (ASSIGN-3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.once import new_key
from leads.models import Lead, Measurement
from tests.factories import MORNING, LeadFactory
from tests.leads.sent import address, dispatching, measurement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(agent: User) -> Lead:
    return LeadFactory(filer=agent, mobile="12331111111", building_room="3-2-1601")


@pytest.mark.parametrize("moment", ["2026-08-01 10:30", "2026-08-01T10:30"])
def test_designer_is_dispatched_at_the_time_of_the_site(client, manager, measurer, lead, moment):
    client.force_login(manager)

    response = client.post(address(lead, "measure"), dispatching(manager, measurer, scheduled_at=moment))

    made = Measurement.objects.get()
    assert (response.status_code, response.url) == (302, lead.get_absolute_url())
    assert (made.designer, made.note, made.by) == (measurer, "带激光尺", manager)
    assert f"{timezone.localtime(made.scheduled_at):%Y-%m-%d %H:%M %Z}" == "2026-08-01 10:30 CST"
    assert f'data-measurement="{made.pk}"' in client.get(address(lead, "measure")).content.decode()


def test_only_working_designers_are_on_offer(client, manager, measurer, agent, lead):
    client.force_login(manager)
    salesperson = client.post(address(lead, "measure"), dispatching(manager, agent))
    User.objects.filter(pk=measurer.pk).update(is_active=False)
    gone = client.post(address(lead, "measure"), dispatching(manager, measurer))

    assert (salesperson.status_code, gone.status_code) == (422, 422)
    assert 'data-problem="designer"' in gone.content.decode()


@pytest.mark.parametrize("moment", ["", "明早", "0001-01-01 00:00", "9999-12-31 23:59"])
def test_impossible_moment_is_refused_with_the_rest_kept(client, manager, measurer, lead, moment):
    client.force_login(manager)

    response = client.post(address(lead, "measure"), dispatching(manager, measurer, scheduled_at=moment))

    assert response.status_code == 422
    assert 'data-problem="scheduled_at"' in response.content.decode()
    assert 'value="带激光尺"' in response.content.decode()


def test_designer_sees_the_own_sites_in_full(client, measurer, manager, lead, agent):
    own = measurement_of(lead, measurer)
    others = measurement_of(LeadFactory(filer=agent, name="别人的"), manager)
    client.force_login(measurer)

    page = client.get(reverse("leads:measurements")).content.decode()

    assert f'data-measurement="{own.pk}"' in page
    assert "12331111111" in page
    assert "3-2-1601" in page
    assert "别人的" not in page
    assert client.get(reverse("leads:measurement", args=[own.pk])).status_code == 200
    assert client.get(reverse("leads:measurement", args=[others.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_measurements_cost_the_same_however_many(client, measurer, lead, django_assert_num_queries, count):
    for _each in range(count):
        measurement_of(lead, measurer)
    client.force_login(measurer)

    with django_assert_num_queries(2):
        response = client.get(reverse("leads:measurements"))

    assert len(response.context["rows"]) == count


def test_what_is_to_be_measured_comes_first(client, measurer, lead):
    done = measurement_of(lead, measurer, result="已量", reported_at=MORNING)
    later = measurement_of(lead, measurer, scheduled_at=MORNING + timedelta(days=5))
    sooner = measurement_of(lead, measurer, scheduled_at=MORNING + timedelta(days=1))
    client.force_login(measurer)

    rows = client.get(reverse("leads:measurements")).context["rows"]

    assert rows == [sooner, later, done]


def test_designer_reports_the_result(client, measurer, lead):
    own = measurement_of(lead, measurer)
    there = reverse("leads:measurement", args=[own.pk])
    client.force_login(measurer)

    silent = client.post(there, {"once": new_key(measurer.pk, "ReportForm"), "result": " "})
    response = client.post(there, {"once": new_key(measurer.pk, "ReportForm"), "result": "厨房 3.2 × 2.1\n层高 2.7"})

    own.refresh_from_db()
    assert (silent.status_code, 'data-problem="result"' in silent.content.decode()) == (422, True)
    assert (response.status_code, response.url) == (302, there)
    assert own.result == "厨房 3.2 × 2.1\n层高 2.7"
    assert own.reported_at is not None


def test_measurements_are_for_designers(client, manager, measurer, lead):
    own = measurement_of(lead, measurer)
    client.force_login(manager)

    assert client.get(reverse("leads:measurements")).status_code == 403
    assert client.get(reverse("leads:measurement", args=[own.pk])).status_code == 403
