"""The calendar in the administration: what is saved there is by hand."""

import pytest

from approvals.days import load_chinese_days
from approvals.models import CalendarDay

pytestmark = pytest.mark.django_db

ADMIN = "/admin/approvals/calendarday/"


def test_day_saved_by_an_administrator_is_by_hand_and_stays(client, administrator):
    load_chinese_days([2026])
    client.force_login(administrator)
    official = CalendarDay.objects.get(day="2026-10-10")

    edited = client.post(f"{ADMIN}{official.pk}/change/", {"day": "2026-10-10", "name": "不补班"})
    added = client.post(f"{ADMIN}add/", {"day": "2027-02-13", "working": "on", "name": "补班"})
    load_chinese_days([2026, 2027])

    rows = CalendarDay.objects.filter(by_hand=True).order_by("day").values_list("day", "working", "name")
    assert (edited.status_code, added.status_code) == (302, 302)
    assert [(str(day), working, name) for day, working, name in rows] == [
        ("2026-10-10", False, "不补班"),
        ("2027-02-13", True, "补班"),
    ]


def test_calendar_is_listed(client, administrator):
    load_chinese_days([2026])
    client.force_login(administrator)

    assert client.get(ADMIN).context["cl"].result_count == 28
