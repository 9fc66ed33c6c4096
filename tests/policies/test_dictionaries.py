"""Dictionaries, quotas and settings: what the administrator may change, and how lists are read."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Region, Unit
from policies.choosing import Facts
from policies.dictionaries import Word, Words, words
from policies.kinds import DEFAULT_FIELDS, FieldRule, Treatment
from policies.matching import DEFAULT_RULES, Rule
from policies.models import (
    EXTRA_FIELDS,
    Community,
    CommunityName,
    FieldNeed,
    FilingKind,
    FilingSettings,
    MatchRule,
    OrderType,
    Quota,
    Source,
)
from policies.services import save_community
from tests.factories import CompanyDesignerFactory, OrderTypeFactory, RegionFactory, SourceFactory, UnitFactory

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
    assert found["city"] == [Word(city.pk, "南宁", f",{city.code}")]
    assert found["nothing"] == []
    assert found.named("city") == {"南宁": found["city"][0]}
    assert (found.find("city", city.pk), found.find("city", 0), found.find("nothing", 1)) == (
        found["city"][0],
        None,
        None,
    )


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


def test_settings_of_matching_are_read_along():
    before = words(settings=FilingSettings.objects.all()).settings
    FilingSettings.objects.create(pk=1, check_budget=500, shared_after=0, scope="order_type")

    after = words(settings=FilingSettings.objects.all()).settings

    assert (before.check_budget, before.shared_after, before.scope) == (20, 5, "customer")
    assert (after.check_budget, after.shared_after, after.scope) == (500, 0, "order_type")


def test_city_carries_its_area_code_and_its_own():
    with_code, without = (
        RegionFactory(name="南宁", code="450100", area_code="0771"),
        RegionFactory(name="某地", code="450200"),
    )

    found = words(city=Region.objects.filter(pk__in=[with_code.pk, without.pk]))

    assert found["city"] == [Word(with_code.pk, "南宁", "0771,450100"), Word(without.pk, "某地", ",450200")]


def test_facts_for_policies_come_from_the_lists():
    city, home = RegionFactory(name="柳州", code="450200"), RegionFactory(name="南宁", code="450100")
    outlet = UnitFactory(region=home, parent=UnitFactory())
    bare = UnitFactory()
    found = words(city=Region.objects.filter(pk=city.pk), outlet=Unit.objects.all())
    given = {"source": 5, "order_type": 6, "outlet": outlet.pk, "city": city.pk, "customer_kind": "company"}
    expected = Facts(
        source_id=5,
        order_type_id=6,
        outlet_path=outlet.path,
        region_code="450200",
        customer_kind="company",
        filing_kind="normal",
    )

    assert found.facts(given) == expected
    assert found.facts(given | {"city": None}) == replace(expected, region_code="450100")
    assert found.facts({"outlet": bare.pk, "filing_kind": "special"}) == Facts(
        outlet_path=bare.path, customer_kind="person", filing_kind="special"
    )
    assert found.facts({"outlet": 0}) == Facts(customer_kind="person", filing_kind="normal")


def test_rules_are_the_rows_or_the_shipped_ones():
    before = words(matching=MatchRule.objects.all()).rules
    MatchRule.objects.create(evidence="mask45,name", firmness="likely")
    MatchRule.objects.create(evidence="mobile", firmness="same")

    after = words(matching=MatchRule.objects.all()).rules

    assert before == Words().rules == DEFAULT_RULES
    assert after == (Rule(frozenset({"mask45", "name"}), "likely"), Rule(frozenset({"mobile"}), "same"))


def test_kinds_are_the_rows_or_the_shipped_ones():
    lists = {"kinds": FilingKind.objects.all(), "fields": FieldNeed.objects.all()}
    before = words(**lists).kinds
    FilingKind.objects.create(kind="special", active=False, needs_approval=True, days_ahead=3)
    FilingKind.objects.create(kind="normal")
    FieldNeed.objects.create(field="gender", need="open")
    FieldNeed.objects.create(filing_kind="special", customer_kind="company", field="style", need="required")

    after = words(**lists).kinds

    assert (before.treatments, before.rules) == ({}, DEFAULT_FIELDS)
    assert after.treatments == {
        "special": Treatment(active=False, needs_approval=True, days_ahead=3),
        "normal": Treatment(active=True, needs_approval=False, days_ahead=0),
    }
    assert after.rules == (FieldRule("", "", "gender", "open"), FieldRule("special", "company", "style", "required"))


def community(city, name, *others):
    made = Community(city=city, name=name, aliases="\n".join(others))
    save_community(made)
    return made


def asked_for(*plain):
    """As the filing form asks: all names of the communities that have one of these."""
    known = CommunityName.objects.filter(plain__in=plain)
    return words(community=CommunityName.objects.filter(community__in=known.values("community")))


@pytest.mark.parametrize("asked", ["云上江南", "江南云庄", "听荷路18号"])
def test_community_is_known_by_all_its_names_the_one_to_keep_first(asked):
    city = RegionFactory()
    community(city, "云上江南", "听荷路18号", "江南云庄")
    community(city, "别的", "江南一品")

    assert asked_for(asked).known_as(city.pk, asked) == ("云上江南", "听荷路18号", "江南云庄")


def test_same_name_in_two_cities_leads_to_the_one_of_the_city():
    here, there, elsewhere = RegionFactory(), RegionFactory(), RegionFactory()
    community(here, "云上江南", "江南云庄")
    community(there, "云上江南", "半江居")

    found = asked_for("云上江南")

    assert found.known_as(here.pk, "云上江南") == ("云上江南", "江南云庄")
    assert found.known_as(there.pk, "云上江南") == ("云上江南", "半江居")
    assert found.known_as(elsewhere.pk, "云上江南") == found.known_as(None, "云上江南") == ()


def test_community_without_city_is_known_everywhere():
    city = RegionFactory()
    community(None, "云上江南", "江南云庄")

    found = asked_for("江南云庄")

    assert found.known_as(city.pk, "江南云庄") == found.known_as(None, "江南云庄") == ("云上江南", "江南云庄")


def test_name_that_is_not_in_the_dictionary_is_known_as_nothing():
    city = RegionFactory()
    community(city, "云上江南", "江南云庄")

    found = asked_for("江南云庄", "江南")

    assert found.known_as(city.pk, "江南") == Words().known_as(city.pk, "江南云庄") == ()


def test_all_that_filing_asks_is_one_statement(django_assert_num_queries):
    community(RegionFactory(), "云上江南", "江南云庄")
    known = CommunityName.objects.filter(plain="江南云庄")

    with django_assert_num_queries(1):
        found = words(
            city=Region.objects.all(),
            settings=FilingSettings.objects.all(),
            matching=MatchRule.objects.all(),
            kinds=FilingKind.objects.all(),
            fields=FieldNeed.objects.all(),
            community=CommunityName.objects.filter(community__in=known.values("community")),
        )
        assert (found.rules, found.kinds.rules) == (DEFAULT_RULES, DEFAULT_FIELDS)

    assert [word.name for word in found["community"]] == ["云上江南", "江南云庄"]


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
