"""Rows of dictionaries that policies name: kept in the form, and not deleted (RULE-1)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Region
from core.clock import told
from policies.models import Policy, Source
from policies.presets import FURNISHING
from policies.terms import Conditions, Term, Terms
from policies.versions import add_version, put_in_force, save_draft
from tests.factories import MORNING, OrderTypeFactory, RegionFactory, SourceFactory, UnitFactory
from tests.policies.test_policy_admin import page_of, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def policy():
    policy = Policy.objects.create(name="甲", position=1)
    with told(MORNING):
        add_version(policy, FURNISHING.terms)
    return policy


def chosen(form: Any, name: str) -> list[tuple[str, str]]:
    """What a browser would send of a select, with its words."""
    groups = form[name].field.widget.optgroups(name, list(map(str, form[name].value())))
    options = [option for _group, listed, _index in groups for option in listed]
    return [(str(option["value"]), str(option["label"])) for option in options if option["selected"]]


def test_condition_that_is_no_longer_on_offer_is_kept(desk, policy):
    county = RegionFactory(code="450103", name="青秀区", level="county", offered=True)
    source = SourceFactory()
    when = Conditions(regions=("450103",), sources=(source.pk,))
    with told(MORNING + DAY):
        add_version(policy, Terms(when=when, term=Term(3)))
    Region.objects.filter(pk=county.pk).update(offered=False)
    Source.objects.filter(pk=source.pk).delete()

    with told(MORNING + DAY):
        form = desk.get(page_of(policy)).context["adminform"].form
    kept = {name: chosen(form, name) for name in ("regions", "sources")}
    with told(MORNING + 2 * DAY):
        desk.post(
            page_of(policy),
            sent(policy, Terms(term=Term(4)), **{name: [value for value, _word in kept[name]] for name in kept}),
        )

    assert kept == {
        "regions": [("450103", county.full_name)],
        "sources": [(str(source.pk), f"no longer there ({source.pk})")],
    }
    assert Terms.from_json(policy.versions.get(starts_at=None).body) == Terms(when=when, term=Term(4))


NAMED = {
    "sources": (SourceFactory, "pk", "/admin/policies/source/"),
    "order_types": (OrderTypeFactory, "pk", "/admin/policies/ordertype/"),
    "units": (UnitFactory, "pk", "/admin/accounts/unit/"),
    "regions": (RegionFactory, "code", "/admin/accounts/region/"),
}


@pytest.mark.parametrize("condition", NAMED)
@pytest.mark.parametrize("way", ["judges", "draft", "later", "before"])
def test_row_that_a_policy_names_is_not_deleted(desk, policy, condition, way):
    factory, column, page = NAMED[condition]
    row = factory()
    terms = Terms(when=Conditions(**{condition: (getattr(row, column),)}))
    with told(MORNING + DAY):
        if way in {"judges", "before"}:
            add_version(policy, terms)
        else:
            save_draft(policy, terms)
        if way == "later":
            put_in_force(policy, MORNING + 9 * DAY)
    with told(MORNING + 2 * DAY):
        if way == "before":
            add_version(policy, Terms())
        shown = desk.get(f"{page}{row.pk}/delete/").content.decode()
        desk.post(f"{page}{row.pk}/delete/", {"post": "yes"})
        desk.post(page, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert ("甲 v2" in shown) is (way != "before")
    assert type(row).objects.filter(pk=row.pk).exists() is (way != "before")
