"""What approvals do at every tick: the calendar, and reminders of what is overdue."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from approvals.days import chinese_days
from approvals.models import CalendarDay, Request
from approvals.reminders import keep_calendar, remind_of_overdue
from approvals.services import decide
from jobs.ticking import PIECES
from notices.models import Outbox
from tests.approvals.conftest import DUE
from tests.factories import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DECEMBER = datetime(2059, 12, 1, 0, 0, tzinfo=SHANGHAI)


def test_approvals_take_part_in_the_tick():
    assert (PIECES["calendar"], PIECES["overdue requests"]) == (keep_calendar, remind_of_overdue)


def test_overdue_request_is_reminded_of_once_to_those_who_may_decide(asked, auditor, manager, office, stranger):
    assert remind_of_overdue(DUE - timedelta(seconds=1)) == 0
    assert remind_of_overdue(DUE) == 1
    assert remind_of_overdue(DUE + timedelta(days=1)) == 0

    message = Outbox.objects.get()
    assert (message.to, message.kind, message.sentence) == (auditor, "request_overdue", "Overdue: Close 办公室")
    assert (message.path, message.at) == (f"/todo/{asked.pk}/", DUE)


def test_nobody_who_left_is_reminded_nor_a_superuser_without_the_role(asked, auditor, administrator):
    User.objects.filter(pk=auditor.pk).update(is_active=False)

    assert remind_of_overdue(DUE) == 1
    assert not Outbox.objects.exists()


def test_own_permission_counts_as_one_of_a_group(asked, office):
    office.user_permissions.add(Permission.objects.get(codename="audit_lead"))

    remind_of_overdue(DUE)

    assert [message.to for message in Outbox.objects.all()] == [office]


def test_what_is_decided_or_without_a_limit_is_never_overdue(asked, auditor, colleague, request_of):
    request_of(colleague, due_at=None)
    decide(asked.pk, "refuse", by=auditor, answer="太早")

    assert remind_of_overdue(DUE + timedelta(days=9)) == 0
    assert not Request.objects.exclude(reminded_at=None).exists()


def test_tick_without_anything_overdue_costs_one_statement(asked, django_assert_num_queries):
    with django_assert_num_queries(1):
        remind_of_overdue(DUE - timedelta(seconds=1))


def test_tick_loads_last_this_and_next_year_once():
    at = datetime(2025, 6, 1, 12, tzinfo=SHANGHAI)

    assert keep_calendar(at) == len(chinese_days([2024, 2025, 2026]))
    assert keep_calendar(at) == 0


def test_year_begins_at_the_sites_midnight():
    keep_calendar(datetime.fromisoformat("2024-12-31T15:59:59Z"))
    before = set(CalendarDay.objects.values_list("day__year", flat=True))

    keep_calendar(datetime.fromisoformat("2024-12-31T16:00:00Z"))

    assert before == {2023, 2024, 2025}
    assert set(CalendarDay.objects.values_list("day__year", flat=True)) == {2023, 2024, 2025, 2026}


def test_calendar_without_make_up_days_is_asked_for_from_december_on(administrator, agent):
    keep_calendar(DECEMBER - timedelta(seconds=1))
    assert not Outbox.objects.exists()

    keep_calendar(DECEMBER)
    keep_calendar(DECEMBER + timedelta(days=3))

    message = Outbox.objects.get()
    assert (message.to, message.path) == (administrator, "/admin/approvals/calendarday/")
    assert message.sentence.startswith("The calendar of 2060 has no make-up days yet")


def test_calendar_that_was_entered_by_hand_is_not_asked_for(administrator):
    CalendarDay.objects.create(day="2060-05-08", working=True)

    keep_calendar(DECEMBER)

    assert not Outbox.objects.exists()
