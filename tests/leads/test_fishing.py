"""What somebody learns in a day who wants to know which customers others have (MATCH-6, guarantees 2 and 3).

Of eight numbers every other is a colleague's. A door is open as far as its answers tell taken numbers from free ones.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from core.clock import told
from leads.models import Draft, FilingAttempt, Lead
from policies.models import FilingSettings, Quota, Source
from tests.factories import MORNING, LeadFactory
from tests.leads.filings import body
from tests.leads.import_pages import counts_of, decide, upload, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JSON = {"Accept": "application/json"}
BUDGET = 3
QUOTA = 2
NUMBERS = [f"138001380{place:02}" for place in range(8)]
TAKEN, FREE = NUMBERS[::2], NUMBERS[1::2]
TRUTH = dict.fromkeys(TAKEN, "taken") | dict.fromkeys(FREE, "free")

Learned = dict[str, str]


def truth(numbers: list[str]) -> Learned:
    return {number: TRUTH[number] for number in numbers}


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with told(MORNING):
        yield


@pytest.fixture(autouse=True)
def others(colleague: User) -> None:
    for number in TAKEN:
        LeadFactory(filer=colleague, mobile=number)
    FilingSettings.objects.create(pk=1, check_budget=BUDGET)
    Quota.objects.create(scope="site", cap=QUOTA)
    Source.objects.get_or_create(name="自然客户")
    Source.objects.create(name="家装公司推荐", decoration_company="required")


@pytest.fixture
def fisher(client: Client, agent: User) -> Client:
    client.force_login(agent)
    client.cookies["django_language"] = "en"
    return client


def by_check(fisher: Client, agent: User) -> Learned:
    learned = {}
    for number in NUMBERS:
        verdict = fisher.post("/leads/check/", body(agent, mobile=number), headers=JSON).json()["verdict"]
        if verdict:
            learned[number] = verdict
    return learned


def in_a_file(numbers: list[str], source: str = "自然客户") -> Any:
    rows = ([f"客户{number[-2:]}", number, "幸福里", source] for number in numbers)
    return workbook(*rows, headers=["客户姓名", "手机", "小区", "客户来源"])


def by_preview(fisher: Client, agent: User, numbers: list[str] = NUMBERS) -> Learned:
    return told_by(fisher.get(upload(fisher, in_a_file(numbers)).url).content.decode())


def told_by(html: str) -> Learned:
    """What the rows of an import's page say of their numbers."""
    learned = {}
    for state, cells in re.findall(r'<tr data-row="\d+" data-state="(\w+)"(.*?)</tr>', html, re.S):
        [number] = re.findall(r"138001380\d\d", cells)[:1]
        if "already filed" in cells:
            learned[number] = "taken"
        elif state == "good" and "Not checked beforehand" not in cells:
            learned[number] = "free"
    return learned


def by_form(fisher: Client, agent: User, **faults: Any) -> Learned:
    """Hits are refused and cost nothing; what is free is filed and uses quota."""
    learned = {}
    for number in NUMBERS:
        response = fisher.post("/leads/new/", body(agent, mobile=number, **faults))
        if response.status_code == 302:
            learned[number] = "free"
        elif "already filed" in response.content.decode():
            learned[number] = "taken"
    return learned


def by_faulty_form(fisher: Client, agent: User) -> Learned:
    return by_form(fisher, agent, source=faulty())


def faulty() -> int:
    """A source that needs a decoration company, which the fisher leaves out."""
    return Source.objects.get(name="家装公司推荐").pk


def by_edit(fisher: Client, agent: User) -> Learned:
    lead = Lead.objects.filter(filer=agent).first() or LeadFactory(filer=agent, mobile="13900139000")
    return edited(fisher, agent, lead)


def by_faulty_edit(fisher: Client, agent: User) -> Learned:
    return edited(fisher, agent, LeadFactory(filer=agent, mobile="13900139000"), source=faulty())


def edited(fisher: Client, agent: User, lead: Lead, **faults: Any) -> Learned:
    learned = {}
    for number in NUMBERS:
        sent = body(agent, mobile=number, order_type=lead.order_type_id or "", **faults)
        response = fisher.post(f"/leads/{lead.number}/edit/", sent)
        if response.status_code == 302:
            learned[number] = "free"
        elif "already filed" in response.content.decode():
            learned[number] = "taken"
    return learned


def by_mask(fisher: Client, agent: User) -> Learned:
    """A hidden number is filled in: its lead waits if somebody has the customer. Then the number is hidden again."""
    learned = {}
    lead = LeadFactory(filer=agent, filing_kind="masked", gender="male", mobile=mask(NUMBERS[0]), hold="pending")
    for number in NUMBERS:
        for typed in (mask(number), number):
            response = fisher.post(f"/leads/{lead.number}/edit/", body(agent, mobile=typed, gender="male"))
        lead.refresh_from_db()
        if response.status_code == 302:
            learned[number] = "taken" if lead.hold == "pending" else "free"
    return learned


def mask(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}"


def by_drafts(fisher: Client, agent: User) -> Learned:
    answers = {
        number: (response.status_code, response["Location"])
        for number in NUMBERS
        for response in [fisher.post("/leads/drafts/", body(agent, mobile=number))]
    }
    assert Draft.objects.filter(owner=agent).count() == len(NUMBERS)
    return parted(answers)


def by_search(fisher: Client, agent: User) -> Learned:
    found = {
        number: fisher.get("/leads/", {name: number}).content.count(b"data-number=")
        for name in ("q", "mobile")
        for number in NUMBERS
        if not Lead.objects.filter(filer=agent, mobile=number).exists()
    }
    return parted(found)


def by_address(fisher: Client, agent: User) -> Learned:
    pages = ("", "edit/", "delete/", "papers/", "assign/", "measure/", "follow-ups/")
    theirs = Lead.objects.exclude(filer=agent).values_list("number", "mobile")
    found = {mobile: [fisher.get(f"/leads/{number}/{page}").status_code for page in pages] for number, mobile in theirs}
    nothing = [fisher.get(f"/leads/KH209912310001/{page}").status_code for page in pages]
    return {mobile: "taken" for mobile, answers in found.items() if answers != nothing}


def parted(answers: dict[str, Any]) -> Learned:
    """Everything, if the answers differ; nothing, if all are the same."""
    return {} if len(set(answers.values())) == 1 else {number: str(said) for number, said in answers.items()}


def test_check_tells_as_many_as_the_budget(fisher: Client, agent: User):
    assert by_check(fisher, agent) == truth(NUMBERS[:BUDGET])


@pytest.mark.parametrize(("cap", "rows"), [(QUOTA, BUDGET), (5, 5), (0, 0), (None, BUDGET)])
def test_preview_tells_as_many_as_budget_or_quota(fisher: Client, agent: User, cap: int | None, rows: int):
    Quota.objects.update(cap=cap)

    learned = by_preview(fisher, agent)

    assert {number: said for number, said in learned.items() if said == "taken"} == {
        number: "taken" for number in TAKEN if number in NUMBERS[:rows]
    }
    assert set(learned) <= set(NUMBERS[:rows])


def test_preview_of_the_same_file_costs_nothing_and_another_tells_nothing(fisher: Client, agent: User):
    first = by_preview(fisher, agent, NUMBERS[:BUDGET])

    assert by_preview(fisher, agent, NUMBERS[:BUDGET]) == first == truth(NUMBERS[:BUDGET])
    assert by_preview(fisher, agent, NUMBERS[BUDGET:]) == {}
    assert by_check(fisher, agent) == first


def test_preview_counts_unasked_rows_as_good(fisher: Client, agent: User):
    page = upload(fisher, in_a_file([*TAKEN[:2], *TAKEN, *FREE])).url

    assert counts_of(fisher, page) == (len(NUMBERS) - BUDGET, 0, 0, BUDGET + 2)


def test_preview_logs_every_row_and_a_verdict_only_for_those_it_told(fisher: Client, agent: User):
    by_preview(fisher, agent)

    logged = FilingAttempt.objects.filter(actor=agent, door="preview").order_by("pk").values_list("verdict", flat=True)
    assert sorted(logged) == [""] * (len(NUMBERS) - BUDGET) + ["free", "taken", "taken"]


def test_preview_tells_those_who_may_know_everything(client: Client, office: User):
    client.force_login(office)
    client.cookies["django_language"] = "en"
    Quota.objects.all().delete()

    assert by_preview(client, office) == TRUTH


def test_faulty_rows_are_not_asked(fisher: Client, agent: User):
    page = upload(fisher, in_a_file(NUMBERS, source="家装公司推荐")).url

    assert counts_of(fisher, page) == (0, len(NUMBERS), 0, 0)
    assert told_by(fisher.get(page).content.decode()) == {}
    assert not FilingAttempt.objects.exists()


NOTHING = [by_faulty_form, by_faulty_edit, by_drafts, by_search, by_address]


@pytest.mark.parametrize("door", NOTHING)
def test_door_tells_nothing(fisher: Client, agent: User, door: Callable[[Client, User], Learned]):
    assert door(fisher, agent) == {}


def test_form_tells_hits_until_the_quota_is_filed_away(fisher: Client, agent: User):
    assert by_form(fisher, agent) == truth(NUMBERS[: 2 * QUOTA])
    assert Lead.objects.filter(filer=agent).count() == QUOTA


def test_import_tells_hits_until_the_quota_is_filed_away(fisher: Client, agent: User):
    page = upload(fisher, in_a_file(NUMBERS)).url

    decide(fisher, page)

    assert told_by(fisher.get(page).content.decode()) == truth(NUMBERS[: 2 * QUOTA])


@pytest.mark.parametrize("door", [by_edit, by_mask])
def test_edit_tells_as_many_as_the_budget(fisher: Client, agent: User, door: Callable[[Client, User], Learned]):
    learned = door(fisher, agent)

    assert 0 < len(learned) <= BUDGET
    assert learned == truth(list(learned))


def test_nothing_completes_what_is_typed():
    """There is no address that suggests customers; the only one that answers while typing is the check."""
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert not [name for name in names if re.search("suggest|complete|typeahead|autocomplete|search", name)]


def test_a_day_of_fishing_at_all_doors(fisher: Client, agent: User):
    doors = [by_check, by_preview, *NOTHING[:1], *NOTHING[2:], by_form, by_edit, by_check, by_preview]

    learned: list[Learned] = []
    for door in doors:
        before = {number: said for one in learned for number, said in one.items()}
        learned.append({number: said for number, said in door(fisher, agent).items() if number not in before})

    named = {door.__name__: one for door, one in zip(doors, learned, strict=True) if one}
    assert named == {
        "by_check": truth(NUMBERS[:3]),
        "by_form": truth(NUMBERS[3:4]),
        "by_edit": truth(NUMBERS[4:5]),
    }
