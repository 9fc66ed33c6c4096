"""What the kinds of filings and customers open, require and store (LEAD-11, LEAD-12)."""

import json
import re
from datetime import date, datetime
from html import unescape

import pytest

from core.clock import told
from leads.forms.kinds import KIND_NAMES
from leads.models import Lead
from policies.models import CustomerKind, FieldNeed, FilingKind, Kind
from tests.factories import MORNING, SHANGHAI, LeadFactory, RegionFactory
from tests.leads.filings import MOBILE, body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NEW = "/leads/new/"
CODE = "91350100M000100Y43"
COMPANY = {"credit_code": CODE, "contact_name": "何处暑", "industry": "装修"}
REQUIRED = {
    "normal": set(),
    "special": {"special_reason"},
    "cross_region": {"cross_region_case", "target_city", "special_reason"},
    "project": {"project_name", "project_site", "contact_name"},
    "pre_visit": {"visit_planned_at", "visit_purpose"},
    "masked": {"gender"},
    "person": set(),
    "company": {"credit_code", "contact_name", "industry"},
}
OPEN = {
    "normal": set(),
    "special": {"customer_category", "first_contact_on", "help_wanted"},
    "cross_region": set(),
    "project": {
        "contact_post",
        "customer_category",
        "first_contact_on",
        "floor_area",
        "signed_elsewhere",
        "help_wanted",
        "expected_unit_price",
        "expected_signing_on",
        "contact_feedback",
    },
    "pre_visit": {"floor_area", "style", "first_contact_on"},
    "masked": set(),
    "person": {"gender"},
    "company": {"contact_post", "customer_category"},
}
EVERY_PAIR = [(kind, customer) for kind in Kind.values for customer in CustomerKind.values]


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def problems(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def required_by(kind: str, customer: str) -> set[str]:
    return REQUIRED[kind] | REQUIRED[customer]


def shown_by(kind: str, customer: str) -> set[str]:
    return required_by(kind, customer) | OPEN[kind] | OPEN[customer]


def fields_in(html: str) -> dict[str, bool]:
    """The fields of kinds drawn there, and whether they are starred."""
    found = re.findall(r'data-field="(\w+)">\s*<label\s*(class="need")?', html)
    return {name: bool(star) for name, star in found if name in KIND_NAMES}


def sent_back(desk, agent, kind: str, customer: str) -> str:
    sent = body(agent, name="", filing_kind=kind, customer_kind=customer)
    html: str = desk.post(NEW, sent).content.decode()
    return html


@pytest.mark.parametrize(("kind", "customer"), EVERY_PAIR)
def test_page_shows_and_stars_exactly_what_the_kinds_ask_for(desk, agent, kind, customer):
    html = sent_back(desk, agent, kind, customer)

    before, folded = html.split('<details class="wide rest">')
    folded, after = folded.split("</details>")
    in_view = fields_in(before + after)
    assert in_view.keys() - {"gender"} == shown_by(kind, customer) - {"gender"}
    assert {name for name, star in in_view.items() if star} == required_by(kind, customer)
    assert fields_in(folded) == dict.fromkeys(set(KIND_NAMES) - shown_by(kind, customer) - {"gender"}, False)


def test_script_gets_the_same_rules(desk):
    html = desk.get(NEW).content.decode()

    rules = json.loads(unescape(re.search(r'data-kinds="([^"]*)"', html)[1]))
    assert {pair: set(needs) for pair, needs in rules.items()} == {
        f"{kind}|{customer}": shown_by(kind, customer) for kind, customer in EVERY_PAIR
    }
    assert {pair: {name for name, need in needs.items() if need == "required"} for pair, needs in rules.items()} == {
        f"{kind}|{customer}": required_by(kind, customer) for kind, customer in EVERY_PAIR
    }


@pytest.mark.parametrize(("kind", "customer"), EVERY_PAIR)
def test_missing_fields_of_the_kinds_are_named_all_at_once(desk, agent, kind, customer):
    response = desk.post(NEW, body(agent, filing_kind=kind, customer_kind=customer))

    assert response.status_code == (422 if required_by(kind, customer) else 302)
    if response.status_code == 422:
        assert problems(response).keys() == required_by(kind, customer)


def test_rules_are_the_administrators(desk, agent):
    FieldNeed.objects.create(field="style", need="required")

    response = desk.post(NEW, body(agent, filing_kind="special", gender="male"))

    assert problems(response) == {"style": ["This kind of filing or customer needs: style. Please fill it in."]}


def test_project_is_stored_with_all_its_fields(desk, agent):
    said = {
        "customer_kind": "company",
        "filing_kind": "project",
        **COMPANY,
        "contact_post": "经理",
        "customer_category": "new",
        "first_contact_on": "2026-07-20",
        "floor_area": "1200.50",
        "signed_elsewhere": "没有",
        "help_wanted": "样品",
        "expected_unit_price": "880.00",
        "expected_signing_on": "2026-09-01",
        "contact_feedback": "要求环保\n工期紧",
        "project_name": "云水花园二期",
        "project_site": "南宁市良庆区",
    }

    response = desk.post(NEW, body(agent, name="云水置业有限公司", **said))

    assert response.status_code == 302
    lead = Lead.objects.get()
    assert {name: str(getattr(lead, name)) for name in said} == said
    assert lead.hold == "pending"
    page = desk.get(response["Location"])
    waits = "It waits for approval. Until then nobody else can file the customer; its time begins with the approval."
    [said_of_it] = [str(message) for message in page.context["messages"]]
    assert said_of_it.endswith(waits)
    facts = {str(fact.label): fact.text for fact in page.context["facts"]}
    assert (facts["floor area"], facts["expected unit price"], facts["customer category"]) == (
        "1,200.50 ㎡",
        "880 yuan",
        "new customer",
    )
    assert page.context["waits_for"] == waits
    assert 'data-hold="pending"' in page.content.decode()


@pytest.mark.parametrize("moment", ["2026-08-01T10:30", "2026-08-01 10:30"])
def test_visit_is_stored_by_the_clock_of_the_site(desk, agent, moment):
    sent = body(agent, filing_kind="pre_visit", visit_planned_at=moment, visit_purpose="看样")

    response = desk.post(NEW, sent)

    assert response.status_code == 302
    assert Lead.objects.get().visit_planned_at == datetime(2026, 8, 1, 10, 30, tzinfo=SHANGHAI)
    assert ("visit planned at", "2026-08-01 10:30") in desk.get(response["Location"]).context["facts"]


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-07-22 18:00", "A filing of this kind is made at least 1 day(s) before the visit."),
        ("0001-01-01 00:00", "Please check the year."),
        ("9999-12-31 23:59", "Please check the year."),
        ("明早", "Please give the day and the time, such as 2026-08-01 10:30."),
    ],
)
def test_impossible_visit_is_refused(desk, agent, moment, sentence):
    sent = body(agent, filing_kind="pre_visit", visit_planned_at=moment, visit_purpose="看样")

    assert problems(desk.post(NEW, sent)) == {"visit_planned_at": [sentence]}


def test_first_contact_is_today_at_the_latest(desk, agent):
    said = {"filing_kind": "special", "special_reason": "老客户"}

    tomorrow = desk.post(NEW, body(agent, first_contact_on="2026-07-23", **said))
    today = desk.post(NEW, body(agent, first_contact_on="2026-07-22", **said))

    assert problems(tomorrow) == {
        "first_contact_on": ["The first contact can't lie in the future. Please check the date."]
    }
    assert (today.status_code, Lead.objects.get().first_contact_on) == (302, date(2026, 7, 22))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"gender": "unsure"}, "gender"),
        ({"customer_kind": "animal"}, "customer_kind"),
        ({"filing_kind": "other"}, "filing_kind"),
        ({"filing_kind": "pre_visit", "floor_area": "-1"}, "floor_area"),
        ({"filing_kind": "pre_visit", "floor_area": "1.234"}, "floor_area"),
        ({"filing_kind": "pre_visit", "style": "新" * 41}, "style"),
        ({"filing_kind": "cross_region", "target_city": "999999"}, "target_city"),
        ({"filing_kind": "special", "special_reason": "因" * 501}, "special_reason"),
        ({"customer_kind": "company", "credit_code": "无"}, "credit_code"),
        ({"customer_kind": "company", "credit_code": CODE[:-1] + "4"}, "credit_code"),
    ],
)
def test_faulty_field_of_a_kind_is_named_and_stays_typed(desk, agent, changed, field):
    filled = {"visit_planned_at": "2026-08-01 10:30", "visit_purpose": "看样", "cross_region_case": "design"}
    filled |= COMPANY | {"special_reason": "老客户", "target_city": RegionFactory().pk}

    response = desk.post(NEW, body(agent, **filled | changed))

    assert (response.status_code, problems(response).keys()) == (422, {field})
    form = response.context["form"]
    assert {name: form[name].value() for name in changed} == changed


def test_closed_fields_are_ignored_faulty_or_not_and_said_so(desk, agent):
    closed = {"first_contact_on": "2026-02-30", "target_city": "x", "floor_area": "много", "referrer_mobile": "138****"}

    response = desk.post(NEW, body(agent, gender="female", **closed))

    lead = Lead.objects.get()
    assert (lead.gender, lead.first_contact_on, lead.target_city, lead.floor_area) == ("female", None, None, None)
    said = [str(message) for message in desk.get(response["Location"]).context["messages"]]
    assert said[1:] == [
        "Not stored, since the source does not need it: referring customer's mobile",
        "Not stored, since this kind of filing or customer does not need it: first contact on, floor area, region"
        " filed into",
    ]


def test_kinds_that_a_script_leaves_out_are_the_ordinary_ones(desk, agent):
    desk.post(NEW, body(agent))

    lead = Lead.objects.get()
    assert (lead.filing_kind, lead.customer_kind, lead.hold) == ("normal", "person", "protected")


def test_company_is_named_as_on_its_licence(desk, agent):
    assert "company&#x27;s full name, as on its licence</label>" in sent_back(desk, agent, "normal", "company")
    assert "company&#x27;s full name, as on its licence</label>" not in sent_back(desk, agent, "normal", "person")


def test_credit_code_is_stored_in_one_way_of_writing(desk, agent):
    sent = body(agent, customer_kind="company", **COMPANY | {"credit_code": "９１３５ 0100-m000100y43"})

    assert (desk.post(NEW, sent).status_code, Lead.objects.get().credit_code) == (302, CODE)


@pytest.mark.parametrize("typed", ["138****8000", "１３８＊＊＊＊８０００", "138-xxxx-8000"])
def test_mobile_with_hidden_digits_is_stored_as_its_pattern(desk, agent, typed):
    response = desk.post(NEW, body(agent, mobile=typed, filing_kind="masked", gender="male"))

    lead = Lead.objects.get()
    assert (lead.mobile, lead.hold) == ("138****8000", "pending")
    html = desk.get(response["Location"]).content.decode()
    assert "138****8000" in html and "tel:138" not in html
    assert html.count("the customer is protected once the whole number is filled in.") == 2


def test_hidden_digits_are_for_their_kind_and_field_alone(desk, agent):
    normal = desk.post(NEW, body(agent, mobile="138****8000"))
    phone = desk.post(NEW, body(agent, phone="138****8000"))

    assert problems(normal) == {
        "mobile": [
            "Hidden digits are for the filing kind “filing with hidden digits”. Choose it, or fill in the whole number."
        ]
    }
    assert problems(phone) == {
        "phone": ["Only the customer's mobile can have hidden digits. Please fill in the whole number."]
    }


def test_kind_that_is_switched_off_is_neither_offered_nor_taken(desk, agent):
    FilingKind.objects.create(kind="special", active=False)

    offered = desk.get(NEW)
    response = desk.post(NEW, body(agent, filing_kind="special", special_reason="老客户"))

    assert '<option value="special"' not in offered.content.decode()
    assert problems(response) == {
        "filing_kind": ["This filing kind is switched off. Please choose another one."],
    }
    assert '<option value="special" selected' in response.content.decode()


def test_edit_keeps_the_kind_of_the_filing_though_it_be_switched_off(desk, agent):
    lead = LeadFactory(filer=agent, filing_kind="special", special_reason="老客户", mobile=MOBILE)
    FilingKind.objects.create(kind="special", active=False)
    page = f"/leads/{lead.number}/edit/"

    html = desk.get(page).content.decode()
    response = desk.post(page, body(agent, filing_kind="normal", special_reason="新理由", outlet=lead.outlet_id))

    assert 'name="filing_kind"' not in html and 'name="draft"' not in html
    lead.refresh_from_db()
    assert (response.status_code, lead.filing_kind, lead.special_reason) == (302, "special", "新理由")


def test_edit_from_company_to_person_empties_what_is_closed(desk, agent):
    lead = LeadFactory(filer=agent, customer_kind="company", mobile=MOBILE, **COMPANY)

    response = desk.post(f"/leads/{lead.number}/edit/", body(agent, customer_kind="person", gender="male", **COMPANY))

    lead.refresh_from_db()
    assert (response.status_code, lead.customer_kind, lead.gender) == (302, "person", "male")
    assert {name: getattr(lead, name) for name in COMPANY} == dict.fromkeys(COMPANY, "")
    history = desk.get(f"/leads/{lead.number}/").context["history"][0]
    changes = {str(change.label): (change.before, change.after) for change in history.changes}
    assert changes["kind of customer"] == ("company", "individual")


def test_quick_filing_copies_the_kinds_and_their_fields(desk, agent):
    moment = datetime(2026, 8, 1, 10, 30, tzinfo=SHANGHAI)
    lead = LeadFactory(
        filer=agent, filing_kind="pre_visit", visit_planned_at=moment, visit_purpose="看样", style="简约"
    )

    html = desk.get(f"{NEW}?copy={lead.number}").content.decode()

    assert '<option value="pre_visit" selected' in html
    for name, value in {"visit_planned_at": "2026-08-01T10:30", "visit_purpose": "看样", "style": "简约"}.items():
        assert re.search(rf'name="{name}" value="{value}"', html)


def test_address_as_understood_is_for_those_who_see_it_in_full(client, agent, manager):
    lead = LeadFactory(
        filer=agent, city=RegionFactory(name="南宁"), community="幸福里小区", building_room="三栋2单元1601"
    )
    hints = {}
    for user in (agent, manager):
        client.force_login(user)
        hints[user] = client.get(lead.get_absolute_url()).context["understood"]

    assert hints == {agent: "南宁 · 幸福里 · 3 栋 2 单元 1601", manager: ""}
