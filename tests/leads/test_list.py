"""The lead list: search, order and paging (LEAD-1, -2), also of what no form would send."""

import base64
import json
from datetime import timedelta
from itertools import product

import pytest

from core.clock import told
from core.tables import place
from leads.filters import SORTS
from leads.models import Lead
from leads.services import filing
from tests.factories import (
    MORNING,
    CompanyDesignerFactory,
    DecorationCompanyFactory,
    LeadFactory,
    OrderTypeFactory,
    RegionFactory,
    SourceFactory,
)
from tests.leads.filings import claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def names(client, **query) -> list[str]:
    response = client.get("/leads/", query)
    assert response.status_code == 200
    assert response.context["page"].problems == []
    return [row.lead.name for row in response.context["rows"]]


@pytest.fixture
def leads(agent):
    """Three leads that differ in everything the list can be searched by."""
    nanning = RegionFactory(name="南宁")
    LeadFactory(
        filer=agent,
        name="韦半夏",
        mobile="13800138000",
        city=nanning,
        community="幸福里",
        building_room="3-2-1601",
        search_text="韦半夏|南宁幸福里|kh202607010001",
        address_text="南宁幸福里3-2-1601",
        filed_at=MORNING - timedelta(days=2),
        filed_on=(MORNING - timedelta(days=2)).date(),
        next_follow_up_on=MORNING.date(),
    )
    LeadFactory(
        filer=agent,
        name="覃佩兰",
        mobile="",
        phone="0771-5617382",
        community="星里",
        source=SourceFactory(name="转介绍"),
        order_type=OrderTypeFactory(name="欧派衣柜"),
        decoration_company=DecorationCompanyFactory(name="龙发"),
        designer=CompanyDesignerFactory(name="胡静华"),
        search_text="覃佩兰|星里|kh202607010002",
        progress="assigned",
        audit_status="failure",
        filed_at=MORNING - timedelta(days=1),
        filed_on=(MORNING - timedelta(days=1)).date(),
        next_follow_up_on=MORNING.date() + timedelta(days=1),
    )
    LeadFactory(
        filer=agent,
        name="蒙嘉懿",
        mobile="13900139000",
        search_text="蒙嘉懿|幸福里|kh202607010003",
        progress="deposit",
        hold="expired",
        audit_status="success",
        last_followed_up_at=MORNING,
    )


def test_newest_comes_first(desk, leads):
    assert names(desk) == ["蒙嘉懿", "覃佩兰", "韦半夏"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "半夏"}, {"韦半夏"}),
        ({"q": "幸福"}, {"韦半夏", "蒙嘉懿"}),
        ({"q": "138001"}, {"韦半夏"}),
        ({"q": "0771-5617382"}, {"覃佩兰"}),
        ({"q": "KH202607010002"}, {"覃佩兰"}),
        ({"q": "２０２６０７０１０００３"}, {"蒙嘉懿"}),
        ({"q": "没有"}, set()),
        ({"q": "%"}, set()),
        ({"q": "_"}, set()),
        ({"name": "佩"}, {"覃佩兰"}),
        ({"name": "幸福"}, set()),
        ({"address": "南宁幸福里"}, {"韦半夏"}),
        ({"address": "3-2-16"}, {"韦半夏"}),
        ({"mobile": "13900139000"}, {"蒙嘉懿"}),
        ({"mobile": "+86 139 0013 9000"}, {"蒙嘉懿"}),
        ({"mobile": "0013"}, {"韦半夏", "蒙嘉懿"}),
        ({"mobile": "5617382"}, {"覃佩兰"}),
        ({"mobile": "半夏"}, set()),
        ({"audit_status": "unaudited"}, {"韦半夏"}),
        ({"audit_status": ["success", "failure"]}, {"覃佩兰", "蒙嘉懿"}),
        ({"progress": "assigned"}, {"覃佩兰"}),
        ({"progress": ["filed", "deposit"]}, {"韦半夏", "蒙嘉懿"}),
        ({"hold": "expired"}, {"蒙嘉懿"}),
        ({"filed_from": "2026-07-21"}, {"覃佩兰", "蒙嘉懿"}),
        ({"filed_to": "2026-07-21"}, {"韦半夏", "覃佩兰"}),
        ({"filed_from": "2026-07-21", "filed_to": "2026-07-21"}, {"覃佩兰"}),
        ({"audit_status": "success", "progress": "assigned"}, set()),
    ],
)
def test_search_finds_exactly(desk, leads, query, found):
    assert set(names(desk, **query)) == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("source", "转介绍", {"覃佩兰"}),
        ("order_type", "欧派橱柜", {"韦半夏", "蒙嘉懿"}),
        ("decoration_company", "龙发", {"覃佩兰"}),
        ("designer", "胡静华", {"覃佩兰"}),
        ("outlet", "办公室", {"韦半夏", "覃佩兰", "蒙嘉懿"}),
        ("filer", "agent", {"韦半夏", "覃佩兰", "蒙嘉懿"}),
    ],
)
def test_search_by_the_words_of_the_lists(desk, leads, name, value, found):
    form = desk.get("/leads/").context["filter"].form
    pk = next(pk for pk, word in form.fields[name].choices if word == value)

    assert set(names(desk, **{name: pk})) == found


def test_due_leads_are_those_to_follow_up_by_today(desk, leads):
    with told(MORNING):
        assert names(desk, due="true") == ["韦半夏"]


def test_what_was_filed_by_the_form_is_found_by_any_part(desk, agent):
    city = RegionFactory(name="南宁")
    with told(MORNING):
        claim = claim_of(agent, city=city.pk, building_room="３－２－1601")
        filing.file_lead(claim, by=agent)

    for part in ("半夏", "幸福里", "kh20260722", "3-2-1601", "800138"):
        assert names(desk, q=part) == ["韦半夏"], part


HOSTILE = [
    {"audit_status": "asleep"},
    {"progress": ["filed", "asleep"]},
    {"hold": "x"},
    {"outlet": "999999"},
    {"outlet": "x"},
    {"filer": "999999"},
    {"source": "-1"},
    {"order_type": "1 OR 1=1"},
    {"decoration_company": "x"},
    {"designer": "9" * 40},
    {"filed_from": "yesterday"},
    {"filed_to": "2026-02-30"},
    {"sort": "--"},
    {"sort": "password"},
    {"sort": "-mobile"},
    {"after": "x"},
    {"after": "é"},
    {"q": "\x00"},
    {"name": "\x00"},
    {"address": "a\x00"},
    {"mobile": "\x00"},
    {"q": "长" * 500},
    {"name": "长" * 500},
    {"address": "长" * 500},
    {"mobile": "1" * 500},
]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


PLACES = [
    {"after": encoded(["2026-07-22T09:30:00+08:00"])},
    {"after": encoded([None, "1"])},
    {"after": encoded([None, True])},
    {"after": encoded([None, None])},
    {"after": encoded({"a": 1})},
    {"after": encoded("ab")},
    {"after": encoded([[], 1])},
    {"after": encoded([5, 1])},
    {"after": encoded([True, 1])},
    {"after": encoded(["yesterday", 1])},
    {"after": encoded(["2026-07-22T09:30:00", 1])},
    {"after": encoded(["2026-07-22", 1])},
    {"after": encoded(["9999-12-31T23:59:59-12:00", 1])},
    {"sort": "name", "after": encoded([5, 1])},
    {"sort": "name", "after": encoded(["a\x00", 1])},
    {"sort": "name", "after": encoded(["\ud800", 1])},
    {"sort": "name", "after": encoded(["a", 10**30])},
    {"sort": "name", "after": encoded(["a", -(10**30)])},
    {"sort": "name", "after": "[" * 3000},
    {"sort": "last_followed_up_at", "after": encoded(["x", 1])},
]


@pytest.mark.parametrize("query", HOSTILE + PLACES, ids=str)
def test_unknown_value_is_told_and_finds_nothing(desk, leads, query):
    response = desk.get("/leads/", query)

    assert response.status_code == 200
    assert len(response.context["page"].problems) == 1
    assert list(response.context["rows"]) == []
    drawn = response.content.decode()
    assert 'data-problem="__all__"' in drawn and "<tr data-number" not in drawn


@pytest.mark.parametrize("query", HOSTILE[:16], ids=str)
def test_table_alone_tells_it_as_well(desk, leads, query):
    headers = {"HX-Request": "true", "HX-Target": "table"}

    drawn = desk.get("/leads/", query, headers=headers).content.decode()

    assert 'data-problem="__all__"' in drawn and "<tr data-number" not in drawn and "<html" not in drawn


@pytest.mark.parametrize("query", [{"unknown": "1"}, {"page": "x"}, {"q": ""}, {"sort": ""}, {"after": ""}, {"q": "'"}])
def test_names_nobody_knows_and_empty_values_do_no_harm(desk, leads, query):
    response = desk.get("/leads/", query)

    assert (response.status_code, response.context["page"].problems) == (200, [])


def test_foreign_filer_is_an_unknown_value(desk, leads, colleague):
    response = desk.get("/leads/", {"filer": colleague.pk})

    assert len(response.context["page"].problems) == 1


def read_through(client, sort: str) -> list[int]:
    """All rows by turning the pages."""
    found: list[int] = []
    url = f"?sort={sort}"
    for _page in range(5):
        page = client.get(f"/leads/{url}").context["page"]
        found += [lead.pk for lead in page.rows]
        if not page.next_url:
            return found
        url = page.next_url
    raise AssertionError("the pages never end")


def test_pages_show_every_row_once_in_every_order(desk, agent):
    for row in range(65):
        LeadFactory(
            filer=agent,
            name=f"客户{row % 4}",
            filed_at=MORNING - timedelta(minutes=row % 5),
            last_followed_up_at=None if row % 3 else MORNING + timedelta(hours=row % 2),
            audit_status=("unaudited", "success", "failure")[row % 3],
            progress=("filed", "assigned")[row % 2],
        )

    for name, way in product(SORTS, ("", "-")):
        rows = {lead.pk: getattr(lead, name) for lead in Lead.objects.all()}
        full = sorted((pk for pk in rows if rows[pk] is not None), key=lambda pk: (rows[pk], pk), reverse=way == "-")
        empty = sorted((pk for pk in rows if rows[pk] is None), reverse=way == "-")

        assert read_through(desk, way + name) == full + empty


def test_order_is_newest_first_unless_asked_and_equal_moments_go_by_id(desk, agent):
    same = [LeadFactory(filer=agent) for _row in range(3)]

    response = desk.get("/leads/")

    assert [row.lead.pk for row in response.context["rows"]] == [lead.pk for lead in reversed(same)]
    assert response.context["sort"] == "-filed_at"


def test_second_page_can_be_shared_and_leads_back(desk, agent):
    LeadFactory.create_batch(51, filer=agent, name="客户")
    first = desk.get("/leads/?name=客户").context["page"]

    second = desk.get(f"/leads/{first.next_url}").context["page"]

    assert (len(first.rows), first.total, first.first_url) == (50, 51, "")
    assert (len(second.rows), second.total, second.next_url) == (1, 51, "")
    assert [lead.pk for lead in desk.get(f"/leads/{second.first_url}").context["page"].rows] == [
        lead.pk for lead in first.rows
    ]


def test_place_of_a_row_deleted_since_still_leads_on(desk, agent):
    kept = LeadFactory(filer=agent)

    response = desk.get("/leads/", {"after": place(MORNING + timedelta(days=1), kept.pk + 100)})

    assert [row.lead.pk for row in response.context["rows"]] == [kept.pk]


def test_tab_of_unaudited_counts_the_rows_in_sight(desk, leads, colleague):
    LeadFactory(filer=colleague)

    assert desk.get("/leads/").context["unaudited"] == 1


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({}, "all"),
        ({"audit_status": "success"}, "success"),
        ({"due": "true"}, "due"),
        ({"audit_status": ["success", "failure"]}, "all"),
    ],
)
def test_view_in_force_is_marked(desk, leads, query, view):
    assert desk.get("/leads/", query).context["view"] == view
