"""The live check while somebody types (LEAD-10), and the fetch of a designer's phone."""

from typing import Any

import pytest

from core.clock import told
from leads.models import Collision, FilingAttempt, Lead
from tests.factories import MORNING, CompanyDesignerFactory, LeadFactory, OrderTypeFactory
from tests.leads.filings import MOBILE, body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

CHECK = "/leads/check/"
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


def asked(client, user, **changed: Any) -> dict[str, Any]:
    client.force_login(user)
    response = client.post(CHECK, body(user, **changed), headers=JSON)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = response.json()
    return found


def test_free_customer(client, agent):
    assert asked(client, agent) == {"verdict": "free", "from": None, "next": ["file"], "problems": {}}


def test_own_customer_for_the_same_order_type(client, agent):
    LeadFactory(filer=agent, mobile=MOBILE, order_type=None)

    assert asked(client, agent) == {"verdict": "own", "from": None, "next": ["open"], "problems": {}}


def test_own_customer_for_another_order_type(client, agent):
    LeadFactory(filer=agent, mobile=MOBILE)

    assert asked(client, agent) == {"verdict": "own", "from": None, "next": ["file", "open"], "problems": {}}


def test_taken_is_the_same_whoever_holds_it_and_however(client, agent, colleague, stranger, store):
    LeadFactory(filer=colleague, mobile=MOBILE)
    LeadFactory(filer=stranger, mobile="13900139000", progress="deposit")
    LeadFactory(filer=stranger, phone="0771-5617382")

    answers = [
        asked(client, agent),
        asked(client, agent, mobile="13900139000"),
        asked(client, agent, mobile="", phone="0771-5617382"),
    ]

    assert answers == [{"verdict": "taken", "from": None, "next": ["ask"], "problems": {}}] * 3


def test_taken_draws_the_same_fragment_whoever_holds_it(client, agent, colleague, stranger):
    LeadFactory(filer=colleague, mobile=MOBILE)
    LeadFactory(filer=stranger, mobile="13900139000", progress="deposit")
    client.force_login(agent)

    answers = {client.post(CHECK, body(agent, mobile=mobile)).content for mobile in (MOBILE, "13900139000")}

    [drawn] = answers
    assert b'<output id="verdict"' in drawn and b'data-verdict="taken"' in drawn
    assert b"colleague" not in drawn and b"KH" not in drawn


@pytest.mark.parametrize("sent", [{}, {"name": "韦半夏"}, {"once": "x"}, {"community": "幸福里"}])
def test_nothing_to_go_by_is_unclear_and_asks_nothing(client, agent, sent):
    client.force_login(agent)

    response = client.post(CHECK, sent, headers=JSON)

    assert response.status_code == 200
    assert response.json() == {"verdict": "unclear", "from": None, "next": [], "problems": {}} | (
        {"problems": response.json()["problems"]}
    )
    assert not FilingAttempt.objects.exists()


def test_empty_form_names_no_missing_fields(client, agent):
    client.force_login(agent)

    assert client.post(CHECK, {}, headers=JSON).json()["problems"] == {}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mobile": "138"}, {"mobile": ["A mobile number has 11 digits and begins with 1."]}),
        ({"mobile": "12300000001"}, {"mobile": ["No operator has given out this mobile number. Please check it."]}),
        ({"mobile": "电话"}, {"mobile": ["A telephone number has digits, blanks and dashes only."]}),
        ({"city": "x"}, {"city": ["Choose one of the entries in the list."]}),
        ({"source": "0"}, {"source": ["Choose one of the entries in the list."]}),
        ({"estimated_amount": "viel"}, {"estimated_amount": ["Enter a number."]}),
    ],
)
def test_faulty_fields_are_named(client, agent, changed, named):
    assert asked(client, agent, **changed)["problems"] == named


def test_hostile_text_is_answered(client, agent):
    answer = asked(client, agent, name="\x00", community="\u202e", mobile="１" * 500, once=None)

    assert (answer["verdict"], set(answer["problems"])) == ("unclear", {"name", "community", "mobile"})


def test_keys_are_for_those_with_the_right(client, office, agent):
    lead = LeadFactory(filer=agent, mobile=MOBILE)

    answer = asked(client, office)

    assert answer["keys"] == [{"kind": "mobile", "firmness": "same", "lead": lead.number}]
    assert asked(client, office, mobile="13900139000")["keys"] == []


@pytest.mark.parametrize("who", ["agent", "manager", "partner"])
def test_keys_are_for_nobody_else(request, client, who, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)

    assert set(asked(client, request.getfixturevalue(who))) == {"verdict", "from", "next", "problems"}


def test_check_uses_up_no_key_and_files_nothing(client, agent):
    sent = body(agent)
    client.force_login(agent)
    for _time in range(2):
        client.post(CHECK, sent)
    attempts = list(FilingAttempt.objects.values_list("door", "verdict", "accepted"))

    response = client.post("/leads/new/", sent)

    assert (response.status_code, Lead.objects.count()) == (302, 1)
    assert attempts == [("check", "free", False)] * 2
    assert not Collision.objects.exists()


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        ("free", "Free to file."),
        ("own", "This is your own customer."),
        ("taken", "This customer is already filed."),
        ("unclear", "Not to be said yet."),
    ],
)
def test_fragment_says_the_same_as_the_json(client, agent, colleague, verdict, headline):
    if verdict in {"own", "taken"}:
        LeadFactory(filer=agent if verdict == "own" else colleague, mobile=MOBILE, order_type=OrderTypeFactory())
    client.force_login(agent)

    drawn = client.post(CHECK, body(agent, mobile="" if verdict == "unclear" else MOBILE)).content.decode()

    assert f'data-verdict="{verdict}"' in drawn
    assert f"<strong>{headline}</strong>" in drawn


def test_own_fragment_links_the_lead(client, agent):
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=None)
    client.force_login(agent)

    drawn = client.post(CHECK, body(agent)).content.decode()

    assert f'<a href="/leads/{lead.number}/">{lead.number}</a>' in drawn


def test_designers_phone_is_fetched_from_the_directory(client, agent):
    designer = CompanyDesignerFactory(phone="12300007788")
    client.force_login(agent)

    response = client.get(f"/leads/designer-phone/?designer={designer.pk}")

    assert (response.status_code, response.json()) == (200, {"phone": "12300007788"})


@pytest.mark.parametrize("designer", ["", "0", "x", "-1", "９", "1" * 40, "\x00"])
def test_designer_nobody_knows_is_404(client, agent, designer):
    client.force_login(agent)

    assert client.get("/leads/designer-phone/", {"designer": designer}).status_code == 404


@pytest.mark.parametrize("switched_off", ["designer", "company"])
def test_designer_switched_off_is_404(client, agent, switched_off):
    designer = CompanyDesignerFactory()
    gone = designer if switched_off == "designer" else designer.company
    type(gone).objects.update(active=False)
    client.force_login(agent)

    assert client.get(f"/leads/designer-phone/?designer={designer.pk}").status_code == 404
