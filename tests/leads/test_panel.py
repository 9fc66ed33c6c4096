"""The protection panel of a filing: what each viewer learns of its end, of requests and of the queue (PROT-2, -6)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from approvals.kinds import KINDS
from approvals.models import Request
from approvals.services import decide
from leads.models import Lead, Protection
from leads.panel import Panel
from leads.services import filing, holding
from policies.terms import Term
from tests.factories import LeadFactory
from tests.ownership.scenes import at, file, held, lead_of, policy
from tests.test_statements import costs

pytestmark = pytest.mark.django_db
MONTH: dict[str, Any] = {"term": Term(1, "month"), "queue": 3}
HIDDEN = None
"""Somebody whose filing the viewer does not see."""


@pytest.fixture
def rules() -> Any:
    return policy("月度", **MONTH)


@pytest.fixture
def queue(agent: User, colleague: User, stranger: User, partner: User, rules: Any) -> dict[str, Lead]:
    """The agent holds a customer, three others wait for it in this order."""
    with at("2026-06-01"):
        found = {"agent": lead_of(file(agent, rules))}
    for day, who in ((3, colleague), (4, stranger), (5, partner)):
        with at(f"2026-06-0{day}"):
            found[who.username] = lead_of(file(who, rules, queue=True))
    return found


def panel(client: Client, user: User, lead: Lead, day: str = "2026-06-10") -> Panel:
    client.force_login(user)
    with at(day):
        response = client.get(lead.get_absolute_url())
    assert response.status_code == 200
    shown: Panel = response.context["panel"]
    return shown


SEEN_BY = {
    "agent": [HIDDEN, HIDDEN, HIDDEN],
    "manager": ["colleague", HIDDEN, HIDDEN],
    "office": ["colleague", HIDDEN, "partner"],
    "executive": ["colleague", "stranger", "partner"],
}


@pytest.mark.parametrize("who", SEEN_BY)
def test_holder_learns_that_somebody_waits_others_whose_filings_they_see(
    request: Any, client: Client, queue: dict[str, Lead], who: str
) -> None:
    shown = panel(client, request.getfixturevalue(who), queue["agent"]).queue

    assert shown and shown.own is None
    assert [place.entry.filer.username if place.seen else HIDDEN for place in shown.places] == SEEN_BY[who]


def test_holders_page_names_nobody_who_waits(client: Client, agent: User, queue: dict[str, Lead]) -> None:
    client.force_login(agent)
    with at("2026-06-10"):
        page = client.get(queue["agent"].get_absolute_url()).content.decode()

    assert page.count("data-place=") == 3
    words = [queue[who].number for who in ("colleague", "stranger", "partner")] + ["colleague", "stranger", "partner"]
    assert [word for word in words if word in page] == []


@pytest.mark.parametrize(("who", "place"), [("colleague", 1), ("stranger", 2), ("partner", 3)])
def test_waiter_sees_the_own_place_and_nobody_else(
    request: Any, client: Client, queue: dict[str, Lead], who: str, place: int
) -> None:
    shown = panel(client, request.getfixturevalue(who), queue[who])

    assert shown.queue and shown.queue.own and shown.queue.own.place == place
    assert (shown.queue.places, shown.queue.earliest, shown.facts, shown.lines) == ([], None, [], [])
    assert shown.mark.tone == "queued"


@pytest.mark.parametrize("who", ["colleague", "stranger", "partner"])
def test_waiters_page_does_not_say_who_holds_the_customer(
    request: Any, client: Client, queue: dict[str, Lead], who: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    with at("2026-06-10"):
        page = client.get(queue[who].get_absolute_url()).content.decode()

    assert "agent" not in page and queue["agent"].number not in page


def test_first_who_waits_is_told_the_earliest_day_where_the_policy_tells_it(
    client: Client, agent: User, colleague: User, stranger: User
) -> None:
    telling = policy("月度", **MONTH, tells_from=True)
    with at("2026-06-01"):
        file(agent, telling)
        first, second = (lead_of(file(who, telling, queue=True)) for who in (colleague, stranger))

    shown = [panel(client, who, lead).queue for who, lead in ((colleague, first), (stranger, second))]

    assert [each and each.earliest for each in shown] == [date(2026, 7, 2), None]


def test_place_moves_up_when_somebody_before_leaves(
    client: Client, colleague: User, stranger: User, queue: dict[str, Lead]
) -> None:
    with at("2026-06-06"):
        filing.withdraw(queue["colleague"], by=colleague)

    shown = panel(client, stranger, queue["stranger"])

    assert shown.queue and shown.queue.own and shown.queue.own.place == 1


def test_what_has_run_out_is_ended_before_anybody_reads_it(
    client: Client, agent: User, colleague: User, queue: dict[str, Lead]
) -> None:
    waiters = panel(client, colleague, queue["colleague"], "2026-07-02")
    holders = panel(client, agent, queue["agent"], "2026-07-02")

    assert (waiters.mark.tone, holders.mark.tone) == ("protected", "expired")
    assert Protection.objects.get(filer=colleague).started_at == held(queue["agent"]).ended_at
    assert [fact.day for fact in waiters.facts][1:] == [date(2026, 8, 2)]


def test_bar_counts_the_hours(client: Client, agent: User, rules: Any) -> None:
    with at("2026-06-01", "00:00"):
        lead = lead_of(file(agent, rules))

    shown = panel(client, agent, lead, "2026-06-11")

    assert shown.bar == (10 * 24 + 9, 31 * 24)
    assert "月度" in shown.policy


def test_panel_says_from_when_the_last_owner_may_file_again(client: Client, agent: User) -> None:
    rules = policy("冷静", term=Term(7), cool_down=Term(30))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    with at("2026-06-02"):
        holding.let_go(lead, why="let_go", reason="客户不再联系", by=agent)

    barred = panel(client, agent, lead).facts[-1]
    after = panel(client, agent, lead, "2026-07-03").facts

    assert barred.day == date(2026, 7, 3)
    assert [fact.day for fact in after if fact.day == barred.day] == []


@pytest.mark.parametrize(("who", "opens"), [("agent", True), ("manager", True), ("executive", False)])
def test_panel_names_what_waits_for_a_decision(
    request: Any, client: Client, agent: User, who: str, opens: bool
) -> None:
    viewer = request.getfixturevalue(who)
    rules = policy("可延", term=Term(7), extensions=1, extension_term=Term(7))
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        holding.extend(lead, until=None, reason="客户下周复尺", by=agent)

    [asked] = panel(client, viewer, lead, "2026-06-02").asked

    assert (asked.request.kind, asked.request.applicant, asked.opens) == ("extension", agent, opens)
    assert asked.label == KINDS["extension"].label


def prolonged(agent: User, decision: str, by: User, answer: str, **terms: Any) -> Lead:
    """A filing whose extension was asked for and decided."""
    rules = policy("可延", term=Term(7), extensions=2, extension_term=Term(7), **terms)
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        holding.extend(lead, until=None, reason="客户下周复尺", by=agent)
    with at("2026-06-02"):
        decide(Request.objects.get().pk, decision, by=by, answer=answer)
    return lead


@pytest.mark.parametrize(("decision", "state"), [("refuse", "refused"), ("grant", "granted")])
def test_panel_says_what_became_of_a_request_and_why(
    client: Client, agent: User, manager: User, decision: str, state: str
) -> None:
    lead = prolonged(agent, decision, manager, "客户已签约")

    decided = panel(client, agent, lead, "2026-06-03").decided
    with at("2026-06-03"):
        page = client.get(lead.get_absolute_url()).content.decode()

    assert decided and (decided.request.state, decided.request.decided_by) == (state, manager)
    assert f'data-decided="extension"\n  data-state="{state}"' in page and "客户已签约" in page


def test_decision_gives_way_to_a_newer_request_and_to_the_end(client: Client, agent: User, manager: User) -> None:
    lead = prolonged(agent, "refuse", manager, "客户已签约")

    with at("2026-06-03"):
        holding.extend(lead, until=None, reason="客户改期", by=agent)
    asked = panel(client, agent, lead, "2026-06-03")
    Request.objects.filter(state="pending").delete()
    ended = panel(client, agent, lead, "2026-06-20").decided

    assert (ended, asked.decided, len(asked.asked)) == (None, None, 1)


def test_history_tells_of_requests_once(client: Client, agent: User, manager: User, in_english: Any) -> None:
    lead = prolonged(agent, "refuse", manager, "客户已签约")
    client.force_login(agent)
    with at("2026-06-03"):
        history = client.get(lead.get_absolute_url()).context["history"]

    told = [(str(step.what), step.note) for step in history]
    assert told == [
        ("longer protection: refused", "客户已签约"),
        ("Longer protection asked for", "客户下周复尺"),
        ("Filed", ""),
    ]


def test_ledger_does_not_promise_the_customer_to_others_while_somebody_waits(
    client: Client, agent: User, queue: dict[str, Lead], rules: Any, in_english: Any
) -> None:
    with at("2026-06-01"):
        free = lead_of(file(agent, rules, mobile="13800138111"))

    awaited, alone = (panel(client, agent, lead).lines[0].sentences for lead in (queue["agent"], free))

    assert [any("Others may file" in each for each in said) for said in (awaited, alone)] == [False, True]


def test_former_holder_reads_that_another_filing_holds_the_customer(
    client: Client, agent: User, colleague: User, queue: dict[str, Lead], in_english: Any
) -> None:
    client.force_login(agent)
    with at("2026-07-02"):
        taken = client.get(queue["agent"].get_absolute_url()).context["waits_for"]

    assert taken == "Its protection has ended, and another filing holds the customer now."


def test_no_day_to_ask_is_named_when_none_is_left(client: Client, agent: User, manager: User, in_english: Any) -> None:
    lead = prolonged(agent, "grant", manager, "同意", promoted_extensions=0)

    def words(day: str) -> str:
        return next(fact.text for fact in panel(client, agent, lead, day).facts if "used" in fact.text)

    assert words("2026-06-03") == "to be asked for by 15 June; 1 of 2 used"
    Protection.objects.update(extensions=2)
    assert words("2026-06-03") == "2 of 2 used"


@pytest.mark.parametrize("waiting", [1, 3])
def test_who_waits_costs_one_statement(
    client: Client, agent: User, colleague: User, stranger: User, partner: User, rules: Any, waiting: int
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
        for who in (colleague, stranger, partner)[:waiting]:
            file(who, rules, queue=True)
    client.force_login(agent)

    with at("2026-06-02"), costs(9):
        response = client.get(lead.get_absolute_url())

    assert len(response.context["panel"].queue.places) == waiting


def test_filing_without_a_policy_shows_no_end(client: Client, agent: User) -> None:
    lead: Any = LeadFactory(filer=agent)

    shown = panel(client, agent, lead, "2026-08-01")

    assert (shown.mark.tone, shown.policy, shown.bar, shown.asked, shown.queue) == ("protected", "", None, [], None)


def test_protection_that_waits_for_approval_again_keeps_its_last_day(
    client: Client, agent: User, rules: Any, in_english: Any
) -> None:
    with at("2026-06-01"):
        lead = lead_of(file(agent, rules))
    Protection.objects.update(state="pending")
    Lead.objects.update(hold="pending")

    shown = panel(client, agent, lead)
    with at("2026-06-10"):
        words = client.get(lead.get_absolute_url()).context["waits_for"]

    assert date(2026, 7, 1) in [fact.day for fact in shown.facts]
    assert words.endswith("its end stays.")
