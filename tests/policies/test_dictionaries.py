"""Dictionaries, quotas and settings: what the administrator may change, and how lists are read."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Region
from policies.dictionaries import Word, Words, words
from policies.models import EXTRA_FIELDS, FilingSettings, OrderType, Quota, Source
from tests.factories import CompanyDesignerFactory, OrderTypeFactory, RegionFactory, SourceFactory

pytestmark = pytest.mark.django_db


def test_lists_are_read_in_one_statement_and_kept_apart(django_assert_num_queries):
    second, first = OrderTypeFactory(name="乙", position=2), OrderTypeFactory(name="甲", position=1)
    source, city = SourceFactory(), RegionFactory(name="南宁")

    with django_assert_num_queries(1):
        found = words(
            order_type=OrderType.objects.all(), source=Source.objects.all(), city=Region.objects.filter(pk=city.pk)
        )

    assert [word.pk for word in found["order_type"]] == [first.pk, second.pk]
    assert [(word.pk, word.name) for word in found["source"]] == [(source.pk, "自然客户")]
    assert found["city"] == [Word(city.pk, "南宁")]
    assert found["nothing"] == []
    assert found.named("city") == {"南宁": Word(city.pk, "南宁")}


def test_nothing_asked_is_nothing_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert words() == Words()


def test_source_carries_what_it_needs():
    source = SourceFactory(name="家装", designer="open", decoration_company="required")
    found = words(source=Source.objects.all())

    expected = dict.fromkeys(EXTRA_FIELDS, "closed") | {"designer": "open", "decoration_company": "required"}
    assert found.needs(source.pk) == expected
    assert found.needs(None) == found.needs(999_999) == dict.fromkeys(EXTRA_FIELDS, "closed")


def test_settings_are_the_saved_ones_or_the_defaults():
    before = words(settings=FilingSettings.objects.all()).settings
    FilingSettings.objects.create(pk=1, mobile_check="warn", phone_instead_of_mobile=True, follow_up_after_days=7)

    after = words(settings=FilingSettings.objects.all()).settings

    assert (before.mobile_check, before.phone_instead_of_mobile, before.follow_up_after_days) == ("refuse", False, 3)
    assert (after.mobile_check, after.phone_instead_of_mobile, after.follow_up_after_days) == ("warn", True, 7)


def test_settings_are_one_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingSettings.objects.create(pk=2)


@pytest.mark.parametrize(
    "named",
    [("site", "person"), ("site", "unit"), ("person",), ("unit",), ("role",), ("unit", "person"), ("role", "unit")],
)
def test_quota_names_just_what_its_scope_says(agent, named):
    given = {"person": agent, "unit": agent.unit, "role": agent.groups.get()}
    scope = named[0]
    fields = {name: given[name] for name in named[1:]}

    with pytest.raises(ValidationError) as caught:
        Quota(scope=scope, cap=5, **fields).full_clean()

    assert len(caught.value.messages) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.create(scope=scope, cap=5, **fields)


@pytest.mark.parametrize("scope", ["site", "person", "unit", "role"])
def test_quota_of_one_thing_stands_once(agent, scope):
    given = {"person": agent, "unit": agent.unit, "role": agent.groups.get()}
    fields = {name: value for name, value in given.items() if name == scope}
    Quota.objects.create(scope=scope, cap=5, **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.create(scope=scope, cap=6, **fields)


def test_designer_stands_once_in_a_company():
    designer = CompanyDesignerFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(designer).objects.create(company=designer.company, name=designer.name)
