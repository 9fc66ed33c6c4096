"""The page of protections: whose end is near, what is held, where one waits; rows by role and cost (PROT-5, -6)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from leads.models import Lead
from leads.services import holding
from policies.terms import Term
from tests.factories import OrderTypeFactory
from tests.ownership.scenes import at, file, lead_of, policy
from tests.test_statements import costs

pytestmark = pytest.mark.django_db
NUMBERS = iter(range(13800200000, 13800299999))


def shown(client: Client, user: User, tab: str = "", day: str = "2026-06-10") -> Any:
    client.force_login(user)
    with at(day):
        response = client.get("/leads/protections/", {"show": tab} if tab else {})
    assert response.status_code == 200
    return response


def numbers(response: Any) -> list[str]:
    return [row.lead.number for row in response.context["rows"]]


def filed(who: User, rules: Any, day: str, **fields: Any) -> Lead:
    with at(day):
        return lead_of(file(who, rules, **{"mobile": str(next(NUMBERS))} | fields))


def test_ending_soon_lists_the_own_by_their_end(client: Client, agent: User, colleague: User) -> None:
    week, month = policy("周", term=Term(7)), policy("月", position=1, term=Term(1, "month"))
    later, first = filed(agent, week, "2026-06-08"), filed(agent, week, "2026-06-04")
    filed(agent, month, "2026-06-08")
    filed(agent, week, "2026-06-01")
    filed(colleague, week, "2026-06-04")

    response = shown(client, agent)

    assert numbers(response) == [first.number, later.number]
    assert [row.end for row in response.context["rows"]] == [date(2026, 6, 11), date(2026, 6, 15)]


def test_policy_that_reminds_earlier_shows_them_earlier(client: Client, agent: User) -> None:
    early = policy("早", term=Term(30), remind_days=20)
    usual = policy("常", position=1, term=Term(30))
    lead = filed(agent, early, "2026-06-01")
    filed(agent, usual, "2026-06-01")

    assert numbers(shown(client, agent, day="2026-06-15")) == [lead.number]


def test_all_mine_ends_with_those_without_an_end(client: Client, agent: User) -> None:
    endless, month = filed(agent, None, "2026-06-01"), policy("月", term=Term(1, "month"))
    ending = filed(agent, month, "2026-06-08")

    assert numbers(shown(client, agent, "mine")) == [ending.number, endless.number]


def test_waiting_shows_the_place(client: Client, agent: User, colleague: User, stranger: User) -> None:
    month = policy("月", term=Term(1, "month"), queue=2)
    mobile = str(next(NUMBERS))
    filed(agent, month, "2026-06-01", mobile=mobile)
    filed(colleague, month, "2026-06-02", mobile=mobile, queue=True)
    lead = filed(stranger, month, "2026-06-03", mobile=mobile, queue=True)

    [row] = shown(client, stranger, "waiting").context["rows"]

    assert (row.lead, row.hold.tone, row.end) == (lead, "queued", None)
    assert "2" in row.hold.words


def test_first_who_waits_reads_since_when_and_the_earliest_day(client: Client, agent: User, colleague: User) -> None:
    month = policy("月", term=Term(1, "month"), queue=2, tells_from=True)
    mobile = str(next(NUMBERS))
    filed(agent, month, "2026-06-01", mobile=mobile)
    lead = filed(colleague, month, "2026-06-02", mobile=mobile, queue=True)

    [row] = shown(client, colleague, "waiting").context["rows"]

    assert (row.since, row.end) == (lead.filed_at, date(2026, 7, 2))


VISIBLE = {
    "agent": None,
    "manager": {"agent", "colleague"},
    "office": {"agent", "colleague", "partner"},
    "executive": {"agent", "colleague", "partner", "stranger"},
}


@pytest.mark.parametrize("who", VISIBLE)
def test_all_in_sight_is_what_the_role_sees(
    request: Any, client: Client, agent: User, colleague: User, partner: User, stranger: User, who: str
) -> None:
    user = request.getfixturevalue(who)
    month = policy("月", term=Term(1, "month"))
    for each in (agent, colleague, partner, stranger):
        filed(each, month, "2026-06-01")

    response = shown(client, user, "all")

    tabs = [name for name, _words in response.context["tabs"]]
    if VISIBLE[who] is None:
        assert (tabs, response.context["rows"]) == (["soon", "mine", "waiting"], [])
    else:
        assert {row.lead.filer.username for row in response.context["rows"]} == VISIBLE[who]


def test_somebody_waits_lists_the_contested_with_how_many(
    client: Client, manager: User, agent: User, stranger: User, partner: User
) -> None:
    month = policy("月", term=Term(1, "month"), queue=2)
    mobile = str(next(NUMBERS))
    lead = filed(agent, month, "2026-06-01", mobile=mobile)
    filed(agent, month, "2026-06-01")
    for who in (stranger, partner):
        filed(who, month, "2026-06-02", mobile=mobile, queue=True)

    [row] = shown(client, manager, "awaited").context["rows"]

    assert (row.lead, row.waits) == (lead, 2)


def test_what_others_hold_is_masked(client: Client, manager: User, agent: User) -> None:
    lead = filed(agent, policy("月", term=Term(1, "month")), "2026-06-01", building_room="3栋1601")

    page = shown(client, manager, "all").content.decode()

    assert lead.mobile not in page and "1601" not in page
    assert lead.mobile in shown(client, agent, "mine").content.decode()


def test_next_step_is_longer_protection_where_the_policy_has_it(client: Client, agent: User) -> None:
    filed(agent, policy("周", term=Term(7)), "2026-06-08")
    longer = policy("延", position=1, term=Term(6), extensions=1, extension_term=Term(7))
    filed(agent, longer, "2026-06-08")

    assert [row.todo for row in shown(client, agent).context["rows"]] == ["leads:extend", "leads:follow_ups"]


def test_next_step_is_no_second_request(client: Client, agent: User) -> None:
    longer = policy("延", term=Term(6), extensions=1, extension_term=Term(7))
    lead = filed(agent, longer, "2026-06-08")
    with at("2026-06-09"):
        holding.extend(lead, until=None, reason="仍在比较", by=agent)

    assert [row.todo for row in shown(client, agent).context["rows"]] == ["leads:follow_ups"]


def test_two_filings_of_a_customer_are_one_row(client: Client, agent: User) -> None:
    week, mobile = policy("周", term=Term(7)), str(next(NUMBERS))
    other: Any = OrderTypeFactory(name="衣柜")
    first = filed(agent, week, "2026-06-08", mobile=mobile)
    filed(agent, week, "2026-06-08", mobile=mobile, order_type=other.pk)

    [row] = shown(client, agent).context["rows"]

    assert (row.lead, row.more) == (first, 1)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("tab", "statements"), [("soon", 6), ("mine", 5), ("waiting", 5), ("all", 5), ("awaited", 5)])
def test_page_costs_the_same_however_long_the_list(
    client: Client, manager: User, agent: User, stranger: User, tab: str, statements: int, rows: int
) -> None:
    week = policy("周", term=Term(7), queue=1)
    for _each in range(rows):
        filed(manager, week, "2026-06-08")
        mobile, other = str(next(NUMBERS)), str(next(NUMBERS))
        filed(agent, week, "2026-06-08", mobile=mobile)
        filed(stranger, week, "2026-06-08", mobile=mobile, queue=True)
        filed(stranger, week, "2026-06-08", mobile=other)
        filed(manager, week, "2026-06-08", mobile=other, queue=True)
    client.force_login(manager)

    with at("2026-06-10"), costs(statements):
        response = client.get("/leads/protections/", {"show": tab})

    assert len(response.context["rows"]) == (2 * rows if tab == "all" else rows)


@pytest.mark.parametrize("query", [{"show": "nonsense"}, {"after": "zzz"}])
def test_faulty_address_shows_a_message_no_rows_and_nothing_that_contradicts_it(
    client: Client, agent: User, in_english: Any, query: dict[str, str]
) -> None:
    filed(agent, policy("周", term=Term(7)), "2026-06-08")
    client.force_login(agent)

    with at("2026-06-10"):
        response = client.get("/leads/protections/", query)

    assert (response.status_code, response.context["rows"]) == (200, [])
    assert response.content.decode().count('data-problem="__all__"') == 1
    assert "None of your protections ends soon." not in response.content.decode()


def test_seven_days_left_are_a_week(client: Client, agent: User) -> None:
    week, longer = policy("周", term=Term(7)), policy("八天", position=1, term=Term(8))
    lead = filed(agent, week, "2026-06-10")
    filed(agent, longer, "2026-06-10")

    [row] = shown(client, agent).context["rows"]

    assert (row.lead, row.end) == (lead, date(2026, 6, 17))


def test_hidden_digits_have_no_last_day(client: Client, agent: User) -> None:
    filed(agent, policy("周", term=Term(7)), "2026-06-08", mobile="138****8000", filing_kind="masked", gender="male")

    [row] = shown(client, agent, "mine").context["rows"]

    assert (row.hold.tone, row.end) == ("pending", None)


@pytest.mark.parametrize("after", ["x", "W10"])
def test_place_that_does_not_exist_is_said(client: Client, agent: User, after: str) -> None:
    client.force_login(agent)

    response = client.get("/leads/protections/", {"after": after})

    assert (response.status_code, len(response.context["page"].problems)) == (200, 1)


ANSWERS = {"agent": 200, "auditor": 200, "executive": 200, "seller": 403, "measurer": 403, "administrator": 200}


@pytest.mark.parametrize("who", ANSWERS)
def test_page_answers_each_role_so(request: Any, client: Client, who: str) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get("/leads/protections/").status_code == ANSWERS[who]
