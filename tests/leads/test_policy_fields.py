"""What a policy asks of a filing, in the form, its edit and the import (RULE-1, LEAD-11)."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from core.clock import told
from leads.forms.kinds import KIND_NAMES
from leads.models import Lead
from policies.models import Policy
from policies.presets import CONTRACT
from policies.terms import Conditions, Term, Terms
from policies.versions import add_version
from tests.factories import MORNING, LeadFactory, OrderTypeFactory, RegionFactory, SourceFactory
from tests.leads.filings import MOBILE, body
from tests.leads.import_pages import HEADERS, counts_of, decide, numbered, upload, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NEW = "/leads/new/"
NEEDS = "The policy “甲” needs: {}. Please fill it in."


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def policy(name="甲", position=0, **settings):
    made = Policy.objects.create(name=name, position=position)
    version = add_version(made, Terms(**settings))
    assert version
    return version


def problems(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def shown_in(html: str) -> dict[str, bool]:
    """The fields of kinds in view, and whether they are starred."""
    in_view = html.split('<details class="wide rest">')[0] + html.split("</details>")[-1]
    found = re.findall(r'data-field="(\w+)">\s*<label\s*(class="need")?', in_view)
    return {name: bool(star) for name, star in found if name in KIND_NAMES}


def starred(html: str, name: str) -> bool:
    return bool(re.search(rf'data-field="{name}">\s*<label\s*class="need"', html))


def test_page_shows_and_stars_what_the_policy_asks_for(desk):
    policy(required=("phone", "project_name", "designer"), contact_within=Term(30))

    html = desk.get(NEW).content.decode()

    shown = shown_in(html)
    assert (shown["project_name"], shown["first_contact_on"], "project_site" in shown) == (True, True, False)
    assert (starred(html, "phone"), starred(html, "building_room")) == (True, False)


def test_script_gets_the_rules_of_policies_by_kind_and_by_source(desk):
    source, other = SourceFactory(name="推荐"), SourceFactory(name="自然客户")
    policy("甲", 0, when=Conditions(sources=(source.pk,)), required=("designer",))
    policy("乙", 1, when=Conditions(filing_kinds=("special",), customer_kinds=("company",)), required=("style",))

    html = desk.get(NEW).content.decode()

    by_source = {
        int(pk): json.loads(unescape(rules))["designer"]
        for pk, rules in re.findall(r'<option value="(\d+)" data-rules="([^"]*)"', html)
    }
    by_kind = json.loads(unescape(re.search(r'data-kinds="([^"]*)"', html)[1]))
    assert by_source == {source.pk: "required", other.pk: "closed"}
    assert [pair for pair, needs in by_kind.items() if needs.get("style") == "required"] == ["special|company"]


def test_missing_fields_are_named_with_the_policy_and_everything_typed_stays(desk, agent):
    policy(required=("phone", "project_name", "building_room", "designer"), contact_within=Term(30))

    response = desk.post(NEW, body(agent, name="韦半夏", budget_note="两万"))

    assert response.status_code == 422
    assert problems(response) == {
        "phone": [NEEDS.format("phone")],
        "project_name": [NEEDS.format("project name")],
        "building_room": [NEEDS.format("building and room")],
        "designer": [NEEDS.format("designer")],
        "first_contact_on": [NEEDS.format("first contact on")],
    }
    form = response.context["form"]
    assert (form["name"].value(), form["budget_note"].value()) == ("韦半夏", "两万")
    assert not Lead.objects.exists()


def test_policy_that_no_page_could_foresee_opens_its_fields_with_the_refusal(desk, agent):
    order_type = OrderTypeFactory(name="欧派衣柜")
    policy(when=Conditions(order_types=(order_type.pk,)), required=("style",))
    sent = body(agent, order_type=order_type.pk, style="")

    before = desk.get(NEW).content.decode()
    response = desk.post(NEW, sent)

    assert "style" not in shown_in(before)
    assert problems(response) == {"style": [NEEDS.format("style")]}
    assert shown_in(response.content.decode())["style"] is True
    assert desk.post(NEW, body(agent, order_type=order_type.pk, style="简约")).status_code == 302
    assert Lead.objects.get().style == "简约"


@pytest.mark.parametrize(
    ("condition", "refused"),
    [
        ({"units": "own"}, True),
        ({"units": "branch"}, True),
        ({"units": "other"}, False),
        ({"regions": ("450000",)}, True),
        ({"regions": ("440000",)}, False),
        ({"customer_kinds": ("person",), "filing_kinds": ("normal",)}, True),
        ({"customer_kinds": ("company",)}, False),
    ],
)
def test_policy_is_chosen_by_what_is_filed(desk, agent, stranger, condition, refused):
    units = {"own": agent.unit_id, "branch": agent.unit.parent_id, "other": stranger.unit_id}
    when = {name: (units[value],) if name == "units" else value for name, value in condition.items()}
    policy(when=Conditions(**when), required=("phone",))

    response = desk.post(NEW, body(agent, city=RegionFactory(code="450100").pk))

    assert response.status_code == (422 if refused else 302)


def test_region_is_that_of_the_outlet_where_no_city_is_given(desk, agent):
    agent.unit.region = RegionFactory(code="450100")
    agent.unit.save()
    policy(when=Conditions(regions=("450000",)), required=("phone",))

    assert desk.post(NEW, body(agent, city="")).status_code == 422
    assert desk.post(NEW, body(agent, city=RegionFactory(code="440100").pk)).status_code == 302


def test_first_policy_that_fits_judges_and_the_lead_remembers_its_version(desk, agent):
    policy("专项", 0, when=Conditions(filing_kinds=("special",)), required=("phone",))
    version = policy("其余", 1, term=Term(7))

    response = desk.post(NEW, body(agent))

    assert response.status_code == 302
    assert Lead.objects.get().policy_version == version


def test_check_says_nothing_of_what_is_merely_missing(desk, agent):
    policy(required=("phone",), contact_within=Term(3))
    sent = body(agent, filing_kind="special", first_contact_on="2026-07-01")

    answer = desk.post("/leads/check/", sent, headers={"Accept": "application/json"}).json()

    assert list(answer["problems"]) == ["first_contact_on"]


def test_limits_count_from_what_was_typed(desk, agent):
    policy(contact_within=Term(3), minutes_ahead=60)
    told_of = {"first_contact_on": "2026-07-18", "visit_planned_at": "2026-07-22 10:00"}

    late = problems(desk.post(NEW, body(agent, **told_of)))
    good = desk.post(NEW, body(agent, first_contact_on="2026-07-19", visit_planned_at="2026-07-22 10:30"))

    assert late == {
        "first_contact_on": [
            "By the policy “甲” a filing is made within 3 days of “first contact on”, so by 2026-07-21 at the latest."
            " Check the date; if it is right, turn to the filing office."
        ],
        "visit_planned_at": ["By the policy “甲” a filing is made at least 60 minute(s) before the visit."],
    }
    assert good.status_code == 302


@pytest.mark.parametrize(
    ("kind_days", "policy_days", "sentence"),
    [
        (1, 3, "By the policy “甲” a filing is made at least 3 day(s) before the visit."),
        (1, 1, "A filing of this kind is made at least 1 day(s) before the visit."),
        (1, 0, "A filing of this kind is made at least 1 day(s) before the visit."),
    ],
)
def test_stricter_of_kind_and_policy_counts(desk, agent, kind_days, policy_days, sentence):
    policy(days_ahead=policy_days)
    sent = body(agent, filing_kind="pre_visit", visit_purpose="看样", visit_planned_at="2026-07-22 18:00")

    assert problems(desk.post(NEW, sent)) == {"visit_planned_at": [sentence]}


CONTRACT_FIELDS = {
    "legal_representative": "何处暑",
    "registered_address": "南宁市良庆区",
    "project_name": "云水花园二期",
    "project_site": "良庆大道",
    "project_scale": "300 套",
    "project_progress": "封顶",
    "product": "橱柜",
    "quantity": "300",
    "contract_name": "供货合同",
    "contract_signed_on": "2026-07-20",
    "contract_term": "两年",
}


@pytest.fixture
def contract():
    made = Policy.objects.create(name=CONTRACT.name)
    add_version(made, replace(CONTRACT.terms, needs_approval=False))


@pytest.mark.usefixtures("contract")
def test_contract_is_stored_with_all_its_fields_and_shown(desk, agent):
    response = desk.post(NEW, body(agent, estimated_amount="800000", **CONTRACT_FIELDS))

    assert response.status_code == 302
    lead = Lead.objects.get()
    assert {name: str(getattr(lead, name)) for name in CONTRACT_FIELDS} == CONTRACT_FIELDS
    facts = {str(fact.label): fact.text for fact in desk.get(response["Location"]).context["facts"]}
    assert {facts[label] for label in ("contract name", "contract signed on", "quantity")} == {
        "供货合同",
        "2026-07-20",
        "300",
    }


@pytest.mark.usefixtures("contract")
def test_contract_of_tomorrow_is_none(desk, agent):
    sent = body(agent, estimated_amount="1", **(CONTRACT_FIELDS | {"contract_signed_on": "2026-07-23"}))

    assert problems(desk.post(NEW, sent)) == {
        "contract_signed_on": ["The contract can't be signed in the future. Please check the date."]
    }


def test_what_no_policy_asks_for_is_not_stored(desk, agent):
    desk.post(NEW, body(agent, **CONTRACT_FIELDS))

    lead = Lead.objects.get()
    assert (lead.contract_name, lead.contract_signed_on, lead.product) == ("", None, "")


def test_edit_is_judged_by_the_version_that_judged_the_filing(desk, agent):
    first = policy(required=("style",))
    lead = LeadFactory(filer=agent, mobile=MOBILE, style="简约", policy_version=first)
    with told(MORNING + timedelta(days=1)):
        add_version(first.policy, Terms(required=("phone",)))
        page = f"/leads/{lead.number}/edit/"
        shown = shown_in(desk.get(page).content.decode())
        missing = desk.post(page, body(agent, "FilingForm", style="", outlet=lead.outlet_id))
        good = desk.post(page, body(agent, "FilingForm", style="北欧", outlet=lead.outlet_id))

    lead.refresh_from_db()
    assert shown["style"] is True
    assert problems(missing) == {"style": [NEEDS.format("style")]}
    assert (good.status_code, lead.style, lead.policy_version) == (302, "北欧", first)


def test_import_judges_each_row_by_its_policy(desk, agent):
    desk.cookies["django_language"] = "en"
    SourceFactory(name="自然客户")
    policy(when=Conditions(filing_kinds=("special",)), required=("phone", "project_name"))
    headers = [*HEADERS, "电话", "报备类型", "特殊报备原因", "工程名称"]
    rows = numbered(4)
    cells = [
        ["", "", "", "云水花园"],
        ["0771-5617382", "特殊报备", "老客户", "云水花园"],
        ["", "特殊报备", "老客户", "云水花园"],
        ["0771-5617382", "特殊报备", "老客户", ""],
    ]

    page = upload(desk, workbook(*[row + more for row, more in zip(rows, cells, strict=True)], headers=headers)).url
    html = unescape(desk.get(page).content.decode())
    decide(desk, page)

    assert counts_of(desk, page) == (2, 2, 0, 0)
    assert NEEDS.format("phone") in html and NEEDS.format("project name") in html
    stored = Lead.objects.order_by("pk").values_list("filing_kind", "project_name", "phone")
    assert list(stored) == [("normal", "", ""), ("special", "云水花园", "0771-5617382")]


def test_import_takes_the_columns_of_a_contract(desk, agent):
    desk.cookies["django_language"] = "en"
    SourceFactory(name="自然客户")
    made = Policy.objects.create(name="甲")
    add_version(made, Terms(required=("contract_name", "quantity"), signed_within=Term(5, "working_day")))
    row = [*numbered(1)[0], "供货合同", "2026-07-20", "300"]

    page = upload(desk, workbook(row, headers=[*HEADERS, "合同名称", "合同签订日期", "数量"])).url
    decide(desk, page)

    lead = Lead.objects.get()
    assert (lead.contract_name, lead.contract_signed_on, lead.quantity) == ("供货合同", date(2026, 7, 20), "300")


@pytest.mark.parametrize("policies", [1, 3])
def test_form_costs_the_same_however_many_policies(desk, policies, django_assert_num_queries):
    desk.get(NEW)
    for number in range(policies):
        policy(f"甲{number}", number, when=Conditions(filing_kinds=("special",)), required=("phone",))

    with django_assert_num_queries(3):
        desk.get(NEW)
