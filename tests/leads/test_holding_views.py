"""The forms that prolong, end or confirm a protection: who may, what is asked, what they answer (PROT-3, -4)."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from approvals.models import Request
from core.once import new_key
from leads.models import Lead, Protection
from policies.terms import Contest, Term
from tests.factories import OrderTypeFactory
from tests.leads.sent import address
from tests.ownership.scenes import at, file, held, lead_of, moment, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FORMS = {
    "extend": ("ExtendForm", {"reason": "客户下周复尺", "until": ""}),
    "release": ("ReleaseForm", {"why": "let_go", "reason": "客户不再联系"}),
    "void": ("VoidForm", {"why": "false", "reason": "号码不实"}),
    "visit": ("VisitForm", {"note": "三方签字"}),
    "won": ("WonForm", {"note": ""}),
}
TERMS: dict[str, Any] = {
    "term": Term(7),
    "queue": 1,
    "extensions": 1,
    "extension_term": Term(7),
    "extension_term_waiting": Term(3),
    "visit_term": Term(30),
    "cool_down": Term(30),
    "void_ban": Term(3, "month"),
}


def sent(user: User, action: str, **changed: Any) -> dict[str, Any]:
    form, said = FORMS[action]
    return {"once": new_key(user.pk, form)} | said | changed


@pytest.fixture
def rules() -> Any:
    return policy("全", **TERMS)


@pytest.fixture
def lead(agent: User, rules: Any) -> Lead:
    with at("2026-06-01"):
        return lead_of(file(agent, rules))


@pytest.fixture
def waiting(lead: Lead, stranger: User, rules: Any) -> Lead:
    with at("2026-06-02"):
        return lead_of(file(stranger, rules, queue=True))


def get(client: Client, user: User, lead: Lead, action: str, day: str = "2026-06-03") -> Any:
    client.force_login(user)
    with at(day):
        return client.get(address(lead, action))


def post(client: Client, user: User, lead: Lead, action: str, day: str = "2026-06-03", **changed: Any) -> Any:
    client.force_login(user)
    with at(day):
        return client.post(address(lead, action), sent(user, action, **changed))


ANSWERS = {
    "agent": (200, 200, 403, 403, 403),
    "manager": (422, 422, 200, 200, 422),
    "idle_manager": (404, 404, 404, 404, 404),
    "office": (422, 422, 200, 200, 422),
    "stranger": (404, 404, 403, 403, 403),
    "auditor": (403, 403, 403, 403, 403),
    "executive": (403, 403, 403, 403, 403),
    "administrator": (404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("who", ANSWERS)
def test_forms_answer_each_role_so(request: Any, client: Client, lead: Lead, who: str) -> None:
    user = request.getfixturevalue(who)

    assert tuple(get(client, user, lead, action).status_code for action in FORMS) == ANSWERS[who]


@pytest.mark.parametrize("action", FORMS)
def test_sending_without_the_right_is_403_and_changes_nothing(
    client: Client, auditor: User, lead: Lead, action: str
) -> None:
    assert post(client, auditor, lead, action).status_code == 403
    assert held(lead).ends_at == moment("2026-06-09", "00:00")


FORESEEN = {
    "extend": [
        "It is protected through 2026-06-08 now, and through 2026-06-15 at the longest then.",
        "It can be asked for through 2026-06-08; 0 of 1 used so far.",
        "Somebody with the right decides; until then the end stays what it is.",
    ],
    "release": [
        "The customer becomes free for others at once.",
        "You may file the customer again from 2026-07-04.",
        "Signed with a competitor: the filing counts as lost besides.",
    ],
    "void": [
        "The customer becomes free for others at once.",
        "If the filing proved false, its filer may file the customer again from 2026-09-04.",
        "If the customer signed with a competitor, its filer may file it again from 2026-07-04.",
        "Its filer reads the reason on the page of the filing.",
    ],
    "visit": ["The protection then runs through 2026-07-03: 30 days from today."],
}


@pytest.mark.parametrize("action", FORESEEN)
def test_form_says_first_what_will_happen(client: Client, agent: User, manager: User, lead: Lead, action: str) -> None:
    user = agent if action in {"extend", "release"} else manager

    assert get(client, user, lead, action).context["sentences"] == FORESEEN[action]


def test_form_says_that_the_next_takes_over(client: Client, agent: User, lead: Lead, waiting: Lead) -> None:
    release = get(client, agent, lead, "release").context["sentences"]
    extend = get(client, agent, lead, "extend").context["sentences"]

    assert release[0] == "The next who waits for the customer takes over at once."
    assert extend[:2] == [
        "It is protected through 2026-06-08 now, and through 2026-06-11 at the longest then.",
        "Somebody waits for the customer, so it is only 3 days.",
    ]


def test_release_lets_the_next_have_it_and_goes_back_to_the_lead(
    client: Client, agent: User, lead: Lead, waiting: Lead
) -> None:
    response = post(client, agent, lead, "release")

    assert (response.status_code, response["Location"]) == (302, address(lead, "detail"))
    lead.refresh_from_db()
    waiting.refresh_from_db()
    assert (lead.hold, lead.progress, waiting.hold) == ("released", "filed", "protected")
    page = client.get(response["Location"]).content.decode()
    assert f"{lead.number}</a>: the customer is let go." in page


def test_release_to_a_competitor_loses_the_lead(client: Client, agent: User, lead: Lead) -> None:
    post(client, agent, lead, "release", why="competitor")

    lead.refresh_from_db()
    assert (lead.hold, lead.progress) == ("released", "lost")


def test_void_bars_the_filer(client: Client, manager: User, lead: Lead) -> None:
    assert post(client, manager, lead, "void").status_code == 302

    lead.refresh_from_db()
    assert (lead.hold, lead.progress) == ("voided", "filed")
    assert held(lead).barred_until == moment("2026-09-04", "00:00")


def test_extension_is_asked_for_and_the_end_stays(client: Client, agent: User, lead: Lead) -> None:
    response = post(client, agent, lead, "extend", until="2026-06-12")

    assert response.status_code == 302
    asked = Request.objects.get()
    assert (asked.kind, asked.details, asked.state) == ("extension", {"until": "2026-06-12"}, "pending")
    assert held(lead).ends_at == moment("2026-06-09", "00:00")
    assert get(client, agent, lead, "extend").status_code == 422


def test_extension_that_nobody_decides_is_granted_at_once(client: Client, agent: User) -> None:
    rules = policy("自动", **TERMS | {"extension_needs_approval": False})
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))

    response = post(client, agent, lead, "extend")

    assert held(lead).ends_at == moment("2026-06-16", "00:00")
    assert "the protection is prolonged." in client.get(response["Location"]).content.decode()


def test_refused_day_keeps_everything_typed(client: Client, agent: User, lead: Lead) -> None:
    response = post(client, agent, lead, "extend", until="2027-01-01")
    page = response.content.decode()

    assert response.status_code == 422
    assert 'data-problem="until"' in page and "2026-06-09 to 2026-06-15" in page
    assert 'value="客户下周复尺"' in page and 'value="2027-01-01"' in page
    assert not Request.objects.exists()


@pytest.mark.parametrize(("action", "field"), [("extend", "reason"), ("release", "reason"), ("release", "why")])
def test_missing_field_is_named(client: Client, agent: User, lead: Lead, action: str, field: str) -> None:
    response = post(client, agent, lead, action, **{field: ""})

    assert response.status_code == 422
    assert f'data-problem="{field}"' in response.content.decode()
    assert held(lead).state == "protected"


def test_extension_without_such_a_policy_says_why(client: Client, agent: User) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy(term=Term(7))))

    response = get(client, agent, lead, "extend")

    assert response.status_code == 422
    assert "The policy knows no longer protection here." in response.content.decode()


def test_visit_moves_the_end(client: Client, manager: User, lead: Lead) -> None:
    assert post(client, manager, lead, "visit").status_code == 302
    assert held(lead).ends_at == moment("2026-07-04", "00:00")


def test_deal_is_foreseen_recorded_and_ends_the_queue(client: Client, manager: User, lead: Lead, waiting: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(progress="deposit")

    foreseen = get(client, manager, lead, "won").context["sentences"]
    response = post(client, manager, lead, "won")

    assert foreseen == [
        "The customer stays its filer's, without an end.",
        "Whoever waits for the customer waits no longer.",
    ]
    assert response.status_code == 302
    lead.refresh_from_db()
    waiting.refresh_from_db()
    assert (lead.progress, held(lead).ends_at, waiting.hold) == ("won", None, "cancelled")


def test_replay_repeats_the_first_answer(client: Client, agent: User, lead: Lead) -> None:
    client.force_login(agent)
    body = sent(agent, "release")

    with at("2026-06-03"):
        first, again = client.post(address(lead, "release"), body), client.post(address(lead, "release"), body)

    assert [(each.status_code, each["Location"]) for each in (first, again)] == [(302, address(lead, "detail"))] * 2
    assert Protection.objects.count() == 1


def test_what_has_run_out_can_not_be_prolonged(client: Client, agent: User, lead: Lead, waiting: Lead) -> None:
    response = get(client, agent, lead, "extend", "2026-06-09")

    waiting.refresh_from_db()
    assert (response.status_code, waiting.hold) == (422, "protected")


def test_menu_of_a_lead_shows_what_is_shut_with_its_reason(client: Client, agent: User, lead: Lead) -> None:
    client.force_login(agent)
    with at("2026-06-03"):
        open_page = client.get(address(lead, "detail")).content.decode()
    post(client, agent, lead, "extend")
    with at("2026-06-03"):
        asked_page = client.get(address(lead, "detail")).content.decode()

    extend = f'href="{address(lead, "extend")}"'
    assert extend in open_page and extend not in asked_page
    assert "Longer protection is asked for already; somebody has to decide." in asked_page
    assert f'href="{address(lead, "release")}"' in asked_page


def test_page_of_another_filing_says_that_longer_protection_is_asked_for(
    client: Client, agent: User, lead: Lead, rules: Any
) -> None:
    with at("2026-06-02"):
        other = lead_of(file(agent, rules, order_type=OrderTypeFactory(name="欧派衣柜").pk))
    post(client, agent, lead, "extend")

    refused = get(client, agent, other, "extend")
    with at("2026-06-03"):
        page = client.get(other.get_absolute_url())

    assert refused.status_code == 422
    assert "Longer protection is asked for already" in refused.content.decode()
    assert not page.context["moves"]["extend"]
    assert [each.request.subject_id for each in page.context["panel"].asked] == [lead.pk]


def test_release_is_shut_beside_a_won_filing(client: Client, agent: User, lead: Lead, rules: Any) -> None:
    with at("2026-06-02"):
        other = lead_of(file(agent, rules, order_type=OrderTypeFactory(name="欧派衣柜").pk))
    Lead.objects.filter(pk=lead.pk).update(progress="won")

    refused, sent_anyway = get(client, agent, other, "release"), post(client, agent, other, "release")
    with at("2026-06-03"):
        page = client.get(other.get_absolute_url())

    assert (refused.status_code, sent_anyway.status_code) == (422, 422)
    assert "Another filing under this protection is won" in refused.content.decode()
    assert not page.context["moves"]["release"]
    assert Lead.objects.get(pk=other.pk).hold == "protected"


def test_who_waits_for_the_customer_is_told_that_a_colleague_has_to_end_its_protection(
    client: Client, manager: User, office: User, lead: Lead, rules: Any
) -> None:
    with at("2026-06-02"):
        file(manager, rules, queue=True)

    response = get(client, manager, lead, "void")

    assert (response.status_code, get(client, office, lead, "void").status_code) == (422, 200)
    assert "You wait for this customer, or have filed it as well." in response.content.decode()
    assert post(client, manager, lead, "void").status_code == 422
    assert held(lead).state == "protected"


def deleting(client: Client, user: User, lead: Lead, day: str = "2026-06-03") -> list[str]:
    client.force_login(user)
    with at(day):
        return list(client.get(address(lead, "delete")).context["sentences"][:-1])


def test_deleting_says_what_becomes_of_the_customer(
    client: Client, agent: User, stranger: User, lead: Lead, rules: Any
) -> None:
    free = deleting(client, agent, lead)
    with at("2026-06-02"):
        waiting = lead_of(file(stranger, rules, queue=True))

    assert free == [
        "The customer becomes free for others at once.",
        "You may file the customer again from 2026-07-04.",
    ]
    assert deleting(client, agent, lead)[0] == "The next who waits for the customer takes over at once."
    assert deleting(client, stranger, waiting) == [
        "The filing leaves the queue and loses its place. Whoever holds the customer keeps it."
    ]


@pytest.mark.parametrize(
    ("fields", "terms", "said"),
    [
        ({"mobile": "138****8001", "filing_kind": "masked", "gender": "male"}, {}, "does not hold the customer"),
        ({}, {"needs_approval": True}, "becomes free for others at once"),
        ({}, {"needs_approval": True, "contest": Contest.EVIDENCE}, "does not hold the customer"),
    ],
)
def test_deleting_what_waits_says_so(
    client: Client, agent: User, fields: dict[str, Any], terms: dict[str, Any], said: str
) -> None:
    with at("2026-06-01"):
        waiting = lead_of(file(agent, policy("待", term=Term(7), **terms), **fields))

    assert said in deleting(client, agent, waiting)[0]


def test_queued_filing_leaves_the_queue_by_that_name(client: Client, stranger: User, waiting: Lead) -> None:
    client.force_login(stranger)
    with at("2026-06-03"):
        page = client.get(address(waiting, "detail")).content.decode()
        client.post(address(waiting, "delete"), {"once": new_key(stranger.pk, "DeleteForm")})
        said = client.get("/leads/").content.decode()

    assert "Leave the queue</a>" in page
    assert "has left the queue." in said


def test_menu_offers_no_visit_without_a_term_and_no_end_of_what_waits(
    client: Client, agent: User, manager: User
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, policy("待", term=Term(7), needs_approval=True)))
    client.force_login(manager)
    with at("2026-06-02"):
        moves = client.get(address(lead, "detail")).context["moves"]

    assert {"confirm_visit", "void"} & set(moves) == set()


def test_deal_needs_a_deposit_first(client: Client, manager: User, lead: Lead) -> None:
    response = get(client, manager, lead, "won")

    assert "A deal can be recorded once the deposit is paid." in response.content.decode()


def test_page_of_a_request_says_what_granting_does(
    client: Client, agent: User, manager: User, lead: Lead, waiting: Lead
) -> None:
    post(client, agent, lead, "extend")
    client.force_login(manager)
    with at("2026-06-03"):
        sentences = client.get(f"/todo/{Request.objects.get().pk}/").context["sentences"]

    assert sentences == [
        "It is protected through 2026-06-08 now.",
        "Somebody waits for the customer.",
        "Granted, it is protected through 2026-06-11.",
    ]


def test_page_of_a_filing_that_waits_says_what_granting_does(client: Client, agent: User, manager: User) -> None:
    with at("2026-06-01"):
        file(agent, policy("待", term=Term(7), needs_approval=True))
    client.force_login(manager)
    with at("2026-06-03"):
        sentences = client.get(f"/todo/{Request.objects.get().pk}/").context["sentences"]

    assert sentences == [
        "Granted today, the customer is protected through 2026-06-10.",
        "Refused, the customer becomes free at once.",
    ]


def test_former_request_has_no_page_to_decide(client: Client, agent: User, manager: User, lead: Lead) -> None:
    post(client, agent, lead, "extend")
    asked = Request.objects.get()
    post(client, agent, lead, "release")
    client.force_login(manager)
    with at("2026-06-03"):
        body = {"once": new_key(manager.pk, "AnswerForm"), "decision": "refuse", "answer": "不同意"}
        response = client.post(f"/todo/{asked.pk}/", body)

    page = response.content.decode()
    assert (response.status_code, response.context["form"]) == (422, None)
    assert "This has lapsed and needs no decision any more." in page and "不同意" in page
