"""The first page of everybody: only what a person's roles give them, and never many statements."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from time_machine import travel

from accounts import roles
from accounts.models import User
from leads.models import Lead
from policies.terms import Term
from tests.ownership.scenes import at, file, policy
from tests.reports import builders as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("midsummer")]


@pytest.fixture
def midsummer() -> Any:
    with travel("2026-07-22 09:00+08:00", tick=False):
        yield


def in_role(role: str, username: str = "somebody") -> User:
    rights = [name.removeprefix("leads.") for name in roles.ROLES[role] if name.startswith("leads.")]
    return make.person(username, *rights, home=make.unit(f"部门 {username}"), name="罗小满")


def opened(client: Client, user: User) -> Any:
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def test_somebody_without_rights_is_told_whom_to_ask(client: Client) -> None:
    response = opened(client, make.person("nobody", name="白露"))

    assert response.context["cards"] == {}
    assert response.context["month"] is None
    assert 'class="empty"' in response.content.decode()


@pytest.mark.parametrize(
    ("role", "cards"),
    [
        (roles.SALESPERSON, {"asked", "ending", "due", "decided"}),
        (roles.PARTNER, {"asked", "ending", "due", "decided"}),
        (roles.MANAGER, {"todo", "asked", "ending", "due", "decided", "audit"}),
        (roles.AUDITOR, {"audit"}),
        (roles.SHOWROOM, {"store"}),
        (roles.DESIGNER, {"measure"}),
        (roles.OFFICE, {"todo", "asked", "ending", "due", "decided"}),
        (roles.EXECUTIVE, set()),
        (roles.ADMINISTRATOR, set()),
    ],
)
def test_each_role_has_exactly_these_cards(client: Client, role: str, cards: set[str]) -> None:
    response = opened(client, in_role(role))

    assert set(response.context["cards"]) == cards


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("leads", [1, 3])
def test_the_page_takes_at_most_eleven_statements(client: Client, role: str, leads: int) -> None:
    user = in_role(role)
    store = make.unit("琅东展厅", "store")
    for _ in range(leads):
        make.decision(make.assignment(make.lead(user, next_follow_up_on=date(2026, 7, 1)), store), "success", user)
    client.force_login(user)

    with CaptureQueriesContext(connection) as statements:
        client.get("/")

    assert len(statements) <= 11


def test_the_month_is_my_own(client: Client) -> None:
    me, other = in_role(roles.OFFICE), make.person("other", home=make.unit("办公室"))
    store = make.unit("琅东展厅", "store")
    make.assignment(make.lead(me), store, progress="deposit")
    make.lead(me)
    make.lead(me, filed_on=date(2026, 6, 30))
    make.lead(other, outlet=me.unit)

    month = opened(client, me).context["month"]

    assert (month.total, month.deposit, month.deposit_share, month.success_share) == (2, 1, "50", "0")


def test_the_month_of_who_files_none_is_all_they_see(client: Client) -> None:
    make.lead(make.person("sales1", home=make.unit("办公室")))

    assert opened(client, in_role(roles.EXECUTIVE)).context["month"].total == 1


@pytest.fixture
def mixed() -> Any:
    """Leads of a person and a colleague in every state that the figures of the month tell apart."""

    def filed(me: User) -> None:
        colleague = make.person("colleague", home=me.unit)
        store = make.unit("琅东展厅", "store")
        for filer in (me, colleague):
            twice = make.lead(filer, next_follow_up_on=date(2026, 7, 1))
            make.assignment(twice, store, progress="deposit")
            make.assignment(twice, store, "欧派衣柜", progress="deposit")
            Lead.objects.filter(pk=twice.pk).update(audit_status="success")
            make.lead(filer, progress="won", next_follow_up_on=date(2026, 7, 22))
            make.lead(filer, hold="queued", next_follow_up_on=date(2026, 7, 23))
            for closed in ("withdrawn", "rejected", "lost"):
                make.lead(filer, progress=closed, next_follow_up_on=date(2026, 7, 1))
            make.lead(filer, filed_on=date(2026, 6, 30), next_follow_up_on=date(2026, 7, 1))

    return filed


def listed(client: Client, url: str) -> int:
    page = client.get(url).context["page"]
    assert not page.problems
    return len(page.rows)


@pytest.mark.parametrize("role", [roles.SALESPERSON, roles.PARTNER, roles.MANAGER, roles.OFFICE, roles.EXECUTIVE])
def test_the_month_counts_what_its_links_list(client: Client, role: str, mixed: Any) -> None:
    me = in_role(role)
    mixed(me)

    response = opened(client, me)

    month = response.context["month"]
    for url, figure in (
        (month.url, month.total),
        (month.deposit_url, month.deposit),
        (month.success_url, month.success),
    ):
        assert f'href="{escape(url)}"' in response.content.decode()
        assert listed(client, url) == figure > 0


@pytest.mark.parametrize("role", [roles.SALESPERSON, roles.MANAGER, roles.OFFICE])
def test_the_follow_ups_due_are_those_the_link_lists(client: Client, role: str, mixed: Any) -> None:
    me = in_role(role)
    mixed(me)

    response = opened(client, me)

    link = f"/leads/?due=true&filer={me.pk}"
    assert f'href="{escape(link)}"' in response.content.decode()
    assert listed(client, link) == response.context["cards"]["due"].count == 3


def test_the_protections_that_end_soon_are_the_first_five_of_those_the_link_lists(
    client: Client, agent: User, colleague: User
) -> None:
    week = policy("周", term=Term(7))
    with at("2026-07-20"):
        filed = [file(agent, week, mobile=f"1380030000{number}").lead.number for number in range(6)]
        file(colleague, week, mobile="13800300009")

    with at("2026-07-22"):
        card = opened(client, agent).context["cards"]["ending"]
        listed = client.get("/leads/protections/").context["rows"]

    assert ([row.lead.number for row in card.rows], card.count) == (filed[:5], 6)
    assert [row.lead.number for row in listed] == filed


def test_follow_ups_are_due_on_their_day(client: Client) -> None:
    me = in_role(roles.SALESPERSON)
    today = make.lead(me, next_follow_up_on=date(2026, 7, 22))
    late = make.lead(me, next_follow_up_on=date(2026, 7, 1))
    make.lead(me, next_follow_up_on=date(2026, 7, 23))
    for closed in ("withdrawn", "rejected", "lost"):
        make.lead(me, next_follow_up_on=date(2026, 7, 1), progress=closed)
    make.lead(make.person("other", home=me.unit), next_follow_up_on=date(2026, 7, 1))

    due = opened(client, me).context["cards"]["due"]

    assert (due.rows, due.count) == ([late, today], 2)


def test_the_count_goes_on_where_the_card_ends(client: Client) -> None:
    me = in_role(roles.SALESPERSON)
    for _ in range(8):
        make.lead(me, next_follow_up_on=date(2026, 7, 1))

    due = opened(client, me).context["cards"]["due"]

    assert (len(due.rows), due.count) == (6, 8)


def test_results_are_of_my_own_filings(client: Client) -> None:
    me, other = in_role(roles.SALESPERSON), make.person("other", home=make.unit("办公室"))
    store = make.unit("琅东展厅", "store")
    mine = make.decision(make.assignment(make.lead(me), store), "success", other)
    make.decision(make.assignment(make.lead(other), store), "failure", me)

    assert opened(client, me).context["cards"]["decided"].rows == [mine]


def test_a_showroom_sees_who_waits_for_a_deposit(client: Client) -> None:
    staff = in_role(roles.SHOWROOM)
    filer = make.person("other", home=make.unit("办公室"))
    waiting = make.assignment(make.lead(filer), staff.unit)
    make.assignment(make.lead(filer), staff.unit, progress="deposit")
    make.assignment(make.lead(filer), staff.unit, standing=False)
    make.assignment(make.lead(filer), make.unit("别的展厅", "store"))

    assert opened(client, staff).context["cards"]["store"].rows == [waiting]


def test_figures_of_nothing_lead_nowhere(client: Client) -> None:
    """The list knows only filers with leads: a link by filer would be told off."""
    response = opened(client, in_role(roles.SALESPERSON))

    assert response.context["month"].total == 0
    assert "filer=" not in response.content.decode()


def test_who_waits_for_a_deposit_are_those_the_link_lists(client: Client) -> None:
    staff = in_role(roles.SHOWROOM)
    filer = make.person("other", home=make.unit("办公室"))
    for given in ({}, {"progress": "deposit"}, {"audit_status": "failure"}):
        make.assignment(make.lead(filer), staff.unit, **given)

    response = opened(client, staff)

    link = "/store/?progress=assigned&audit_status=unaudited"
    assert f'href="{escape(link)}"' in response.content.decode()
    assert len(client.get(link).context["rows"]) == response.context["cards"]["store"].count == 1


def test_an_auditor_sees_what_waits_but_nothing_of_their_own(client: Client) -> None:
    auditor = in_role(roles.AUDITOR)
    filer = make.person("other", home=auditor.unit)
    store = make.unit("琅东展厅", "store")
    waiting = make.assignment(make.lead(filer), store, progress="deposit")
    make.assignment(make.lead(filer), store)
    make.assignment(make.lead(auditor), store, progress="deposit")
    make.assignment(make.lead(filer, filed_by=auditor), store, progress="deposit")
    make.assignment(make.lead(filer), store, progress="deposit", audit_status="success")

    assert opened(client, auditor).context["cards"]["audit"].rows == [waiting]
    assert client.get("/audit/").context["views"][0]["count"] == "1"


def test_a_designer_sees_the_sites_not_reported_yet(client: Client) -> None:
    designer = in_role(roles.DESIGNER)
    lead = make.lead(make.person("other", home=make.unit("办公室")))
    waiting = make.measurement(lead, designer)
    done = make.measurement(lead, designer)
    type(done).objects.filter(pk=done.pk).update(reported_at=make.noon(make.DAY))
    make.measurement(lead, make.person("designer2", home=designer.unit))

    response = opened(client, designer)

    assert response.context["cards"]["measure"].rows == [waiting]
    assert lead.name in response.content.decode()


def test_staff_find_the_admin(client: Client) -> None:
    user = make.person("boss")
    User.objects.filter(pk=user.pk).update(is_staff=True)

    assert 'href="/admin/"' in opened(client, user).content.decode()
    assert Lead.objects.count() == 0
