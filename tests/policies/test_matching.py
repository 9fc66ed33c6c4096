"""How firmly evidence speaks: the rule, the shipped combinations, and their form in the admin."""

import pytest

from customers.keys import KeyKind
from policies.forms import WHOLE
from policies.matching import DEFAULT_RULES, Rule, firm_kinds, firmness_of
from policies.models import Evidence, MatchRule

LIST = "/admin/policies/matchrule/"
ADD = f"{LIST}add/"


def rule(words, firmness):
    return Rule(frozenset(words.split("+")), firmness)


@pytest.mark.parametrize(
    ("evidence", "firmness"),
    [
        (set(), ""),
        ({"name"}, ""),
        ({"name", "gender", "surname"}, ""),
        ({"building"}, ""),
        ({"building", "surname"}, ""),
        ({"building", "name"}, "likely"),
        ({"mobile"}, "same"),
        ({"phone"}, "same"),
        ({"address"}, "same"),
        ({"address_name"}, "same"),
        ({"credit_code"}, "same"),
        ({"company"}, "same"),
        ({"project"}, "same"),
        ({"mask_name"}, "likely"),
        ({"mask45"}, "possible"),
        ({"mask45", "surname", "gender"}, "possible"),
        ({"mask45", "name"}, "likely"),
        ({"mask34"}, "possible"),
        ({"mask34", "name"}, "likely"),
        ({"phone_part"}, "possible"),
        ({"phone_part", "name"}, "likely"),
        ({"address_part"}, "possible"),
        ({"address_part", "name"}, "likely"),
        ({"company_part"}, "likely"),
        ({"project_part"}, "likely"),
        ({"address_part", "surname"}, "likely"),
        ({"address_part", "name", "mobile"}, "same"),
        (set(Evidence.values), "same"),
        ({"what nobody knows"}, ""),
    ],
)
def test_shipped_rules_say(evidence, firmness):
    assert firmness_of(evidence) == firmness


@pytest.mark.parametrize("turned", [False, True])
def test_firmest_combination_that_fits_counts_in_any_order(turned):
    rules = [rule("mask45", "possible"), rule("mask45+name", "same"), rule("name", "likely"), rule("mobile", "none")]
    rules = rules[::-1] if turned else rules

    found = [firmness_of(words, rules) for words in ({"mask45"}, {"name"}, {"mask45", "name"}, {"mobile", "gender"})]

    assert found == ["possible", "likely", "same", ""]


def test_rule_that_says_nothing_takes_nothing_away():
    rules = [rule("mobile", "same"), rule("mobile+name", "none")]

    assert firmness_of({"mobile", "name"}, rules) == "same"


def test_without_rules_nothing_speaks():
    assert firmness_of(set(Evidence.values), ()) == ""
    assert firm_kinds(()) == frozenset()


def test_firm_kinds_are_those_firm_alone():
    rules = [rule("mobile", "same"), rule("address+name", "same"), rule("phone", "likely")]

    assert firm_kinds(rules) == {"mobile"}
    assert firm_kinds(DEFAULT_RULES) == set(KeyKind.values) - {"mask_name"}


def test_only_whole_keys_can_be_guarded():
    assert set(KeyKind.values) == WHOLE


@pytest.fixture
def desk(client, administrator, in_english):
    client.force_login(administrator)
    return client


def stored():
    return list(MatchRule.objects.values_list("evidence", "firmness"))


@pytest.mark.django_db
def test_rule_is_ticked_and_stored_sorted(desk):
    response = desk.post(ADD, {"evidence": ["name", "address_part"], "firmness": "likely"})

    assert response.status_code == 302
    assert stored() == [("address_part,name", "likely")]
    assert str(MatchRule.objects.get()) == "same building and room, unit or phase unknown + same name"


@pytest.mark.django_db
def test_rule_is_shown_ticked_and_changed(desk):
    made = MatchRule.objects.create(evidence="mask45,name", firmness="likely")
    path = f"{LIST}{made.pk}/change/"

    page = desk.get(path)
    desk.post(path, {"evidence": ["mask45", "name", "gender"], "firmness": "possible"})

    assert page.context["adminform"].form["evidence"].value() == ["mask45", "name"]
    assert page.content.decode().count("checked") == 2
    assert stored() == [("gender,mask45,name", "possible")]


@pytest.mark.django_db
@pytest.mark.parametrize("word", Evidence.values)
def test_only_whole_evidence_is_firm_alone(desk, word):
    response = desk.post(ADD, {"evidence": [word], "firmness": "same"})

    if word in KeyKind.values:
        assert stored() == [(word, "same")]
    else:
        sentence = (
            f"“{Evidence(word).label}” can't make two customers the same: only whole keys are guarded when two people"
            " file at one instant. Choose “likely the same”, or tick a whole key with it."
        )
        assert response.context["adminform"].form.errors == {"firmness": [sentence]}
        assert response.context["adminform"].form["evidence"].value() == [word]
        assert stored() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"firmness": "same"}, {"evidence": ["This field is required."]}),
        ({"evidence": ["name"]}, {"firmness": ["This field is required."]}),
        (
            {"evidence": ["colour"], "firmness": "likely"},
            {"evidence": ["Select a valid choice. colour is not one of the available choices."]},
        ),
        (
            {"evidence": ["name", "mask45"], "firmness": "possible"},
            {"evidence": ["Matching rule with this Evidence already exists."]},
        ),
    ],
)
def test_faulty_rule_is_named(desk, sent, errors):
    MatchRule.objects.create(evidence="mask45,name", firmness="likely")

    response = desk.post(ADD, sent)

    found = response.context["adminform"].form.errors
    assert {field: list(said)[:1] for field, said in found.items()} == errors
    assert stored() == [("mask45,name", "likely")]


@pytest.mark.django_db
def test_all_rules_fit_in_the_list_and_say_what_they_combine(desk):
    for shipped in DEFAULT_RULES:
        MatchRule.objects.create(evidence=",".join(sorted(shipped.evidence)), firmness=shipped.firmness)

    page = desk.get(LIST)

    assert len(page.context["cl"].result_list) == len(DEFAULT_RULES)
    assert page.content.decode().count(">hidden digits: 7 or 8 shown ones agree + same name<") == 1


@pytest.mark.django_db
def test_longest_combination_fits_into_the_column(desk):
    response = desk.post(ADD, {"evidence": Evidence.values, "firmness": "likely"})

    assert response.status_code == 302
    assert len(MatchRule.objects.get().evidence) <= 200
