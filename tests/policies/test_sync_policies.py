"""`manage.py sync_policies`: the shipped rules as rows that an administrator can edit."""

from io import StringIO

import pytest
from django.core.management import call_command

from approvals.models import CalendarDay
from policies.dictionaries import words
from policies.kinds import DEFAULT_FIELDS, DEFAULT_TREATMENTS
from policies.matching import DEFAULT_RULES
from policies.models import FieldNeed, FilingKind, MatchRule

pytestmark = pytest.mark.django_db
RULES = ("policies.MatchRule", "policies.FilingKind", "policies.FieldNeed")


def sync():
    said = StringIO()
    call_command("sync_policies", stdout=said)
    return said.getvalue().splitlines()


def in_force():
    return words(matching=MatchRule.objects.all(), kinds=FilingKind.objects.all(), fields=FieldNeed.objects.all())


def test_shipped_rules_are_written_and_say_the_same_as_without():
    said = sync()

    found = in_force()
    assert said == [
        f"policies.MatchRule: {len(DEFAULT_RULES)} written",
        f"policies.FilingKind: {len(DEFAULT_TREATMENTS)} written",
        f"policies.FieldNeed: {len(DEFAULT_FIELDS)} written",
        f"approvals.CalendarDay: {CalendarDay.objects.count()} written",
    ]
    assert CalendarDay.objects.filter(by_hand=False).exists()
    assert found.rules == DEFAULT_RULES
    assert found.kinds.treatments == DEFAULT_TREATMENTS
    assert set(found.kinds.rules) == set(DEFAULT_FIELDS)


def test_written_rows_are_valid_as_an_administrator_would_save_them():
    sync()

    for model in (MatchRule, FilingKind, FieldNeed):
        for row in model.objects.all():
            row.full_clean()


def test_second_time_changes_nothing_and_keeps_what_was_edited():
    sync()
    MatchRule.objects.exclude(evidence="mobile").delete()
    FilingKind.objects.filter(kind="special").update(needs_approval=False)

    said = sync()

    assert said == [f"{table}: kept" for table in (*RULES, "approvals.CalendarDay")]
    assert in_force().rules == tuple(rule for rule in DEFAULT_RULES if rule.evidence == {"mobile"})
    assert in_force().kinds.treatment("special").needs_approval is False


def test_emptied_table_is_written_anew_and_the_others_are_kept():
    sync()
    FieldNeed.objects.all().delete()

    assert sync() == [
        "policies.MatchRule: kept",
        "policies.FilingKind: kept",
        f"policies.FieldNeed: {len(DEFAULT_FIELDS)} written",
        "approvals.CalendarDay: kept",
    ]
