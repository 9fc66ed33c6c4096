"""What the import makes of each row: the reason stands at its cell (IMPEX-1, QUOTA-5)."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import User
from jobs.models import Job
from leads.choices import CustomerCategory
from leads.models import Lead
from policies.models import Community, CustomerKind, Kind, OrderType, Quota, Source
from policies.services import save_community
from tests.factories import SHANGHAI, LeadFactory, RegionFactory
from tests.leads.import_pages import HEADERS, counts_of, decide, numbered, rows_of, upload, workbook


@pytest.fixture(autouse=True)
def words(db: None) -> None:
    Source.objects.create(name="自然客户")
    Source.objects.create(name="家装公司推荐", decoration_company="required")
    OrderType.objects.create(name="欧派橱柜")


@pytest.fixture
def on(client: Client) -> Callable[[User], Client]:
    def logged_in(user: User) -> Client:
        client.force_login(user)
        client.cookies["django_language"] = "en"
        return client

    return logged_in


def kinds_workbook(cells: dict[str, Any], number: int = 0) -> SimpleUploadedFile:
    """One good row, with these cells over or beside its own."""
    row = dict(zip(HEADERS, numbered(1, start=number)[0], strict=True)) | cells
    return workbook(list(row.values()), headers=list(row))


def test_own_taken_and_repeated_rows(on: Callable[[User], Client], agent: User, stranger: User) -> None:
    LeadFactory(filer=agent, mobile="13800138001", order_type=None)
    LeadFactory(filer=stranger, mobile="13800138002")
    client = on(agent)
    page = upload(client, workbook(*numbered(4), *numbered(1, start=3))).url
    assert counts_of(client, page) == (2, 0, 2, 1)
    html = client.get(page).content.decode()
    assert "row 5 of this file" in html
    assert stranger.name not in html
    decide(client, page)
    assert Lead.objects.filter(filer=agent).count() == 3
    assert len(rows_of(client.get(f"{page}faulty/"))) == 4


def test_a_faulty_row_does_not_tell_whether_the_customer_is_known(
    on: Callable[[User], Client], agent: User, stranger: User
) -> None:
    LeadFactory(filer=stranger, mobile="13800138000")
    [[name, mobile, _community, source, filer]] = numbered(1)
    client = on(agent)
    page = upload(client, workbook([name, mobile, "", source, filer], [name, mobile, "幸福里", "家装公司推荐", ""])).url
    assert counts_of(client, page) == (0, 2, 0, 0)
    assert "already filed" not in client.get(page).content.decode()


def test_rows_for_others_use_their_quota_and_outlet(
    on: Callable[[User], Client], manager: User, agent: User, colleague: User, stranger: User
) -> None:
    Quota.objects.create(scope="person", person=colleague, cap=1)
    client = on(manager)
    rows = [*numbered(1, "agent"), *numbered(2, "colleague", 1), *numbered(1, "stranger", 3), *numbered(1, "", 4)]
    page = upload(client, workbook(*rows)).url
    assert counts_of(client, page) == (3, 0, 0, 2)
    decide(client, page)
    filed = Lead.objects.values_list("filer__username", "outlet__name", "filed_by__username")
    assert set(filed) == {
        ("agent", "办公室", "manager"),
        ("colleague", "渠道一部", "manager"),
        ("manager", "办公室", "manager"),
    }


def test_without_the_right_only_for_oneself(on: Callable[[User], Client], agent: User, colleague: User) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(1, "colleague"), *numbered(1, "agent", 1))).url
    assert counts_of(client, page) == (1, 0, 0, 1)
    assert 'data-problem="filer"' in client.get(page).content.decode()


def test_a_formula_is_stored_as_the_text_it_is(on: Callable[[User], Client], agent: User) -> None:
    text = "客户姓名,手机,小区,客户来源\n=1+1,13800138000,幸福里,自然客户\n"
    client = on(agent)
    page = upload(client, SimpleUploadedFile("leads.csv", text.encode())).url
    decide(client, page)
    assert Lead.objects.get().name == "=1+1"


def test_english_headers_in_any_order(on: Callable[[User], Client], agent: User) -> None:
    headers = ["Source", "Community", "Estimated amount", "Mobile", "Customer name", "Follow-up status", "Reason"]
    row = ["自然客户", "幸福里", 28000.5, 13800138000, "韦半夏", "visited", "mended"]
    client = on(agent)
    page = upload(client, workbook(row, headers=headers)).url
    assert counts_of(client, page) == (1, 0, 0, 0)
    decide(client, page)
    lead = Lead.objects.get()
    assert (lead.mobile, str(lead.estimated_amount), lead.follow_up_status) == ("13800138000", "28000.50", "visited")


@pytest.mark.parametrize("language", ["zh-hans", "en", "code"])
def test_kinds_and_their_fields_in_words_of_either_language(
    on: Callable[[User], Client], agent: User, language: str
) -> None:
    choices = {"报备类型": Kind.PROJECT, "客户类型": CustomerKind.COMPANY, "客户类别": CustomerCategory.NEW}
    with translation.override(language if language != "code" else "en"):
        words = {name: str(choice if language == "code" else choice.label) for name, choice in choices.items()}
    cells = words | {
        "联系人": "何处暑",
        "统一社会信用代码": "91350100M000100Y43",
        "所属行业": "装修",
        "首次接触时间": date(2026, 7, 20),
        "面积": 1200.5,
        "工程名称": "云水花园二期",
        "工程地点": "良庆区",
        "接洽反馈": "要求环保",
    }
    client = on(agent)
    page = upload(client, kinds_workbook(cells)).url
    assert counts_of(client, page) == (1, 0, 0, 0)
    decide(client, page)
    lead = Lead.objects.get()
    assert (lead.filing_kind, lead.customer_kind, lead.hold) == ("project", "company", "pending")
    assert (lead.credit_code, lead.customer_category, str(lead.floor_area)) == ("91350100M000100Y43", "new", "1200.50")
    assert (lead.first_contact_on, lead.project_name) == (date(2026, 7, 20), "云水花园二期")


def test_a_visit_and_a_region_by_name(on: Callable[[User], Client], agent: User) -> None:
    RegionFactory(name="柳州")
    moment = datetime(2099, 8, 1, 10, 30)
    visit = {"报备类型": "pre_visit", "预计到访时间": moment, "到访目的": "看样"}
    cross = {"报备类型": "cross_region", "跨区域情形": "tender", "报备区域": "柳州", "特殊报备原因": "统一招标"}
    client = on(agent)
    for number, cells in enumerate((visit, cross)):
        decide(client, upload(client, kinds_workbook(cells, number)).url)
    first, second = Lead.objects.order_by("pk")
    assert first.visit_planned_at == moment.replace(tzinfo=SHANGHAI)
    assert (str(second.target_city), second.cross_region_case) == ("柳州", "tender")


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({"报备类型": "火星报备"}, ["filing_kind"]),
        ({"客户类型": "火星人"}, ["customer_kind"]),
        ({"性别": "未知"}, ["gender"]),
        ({"报备类型": "special", "特殊报备原因": ""}, ["special_reason"]),
        ({"报备类型": "special"}, ["__all__"]),
        (
            {"报备类型": "cross_region", "跨区域情形": "tender", "报备区域": "火星", "特殊报备原因": "x"},
            ["target_city"],
        ),
        ({"报备类型": "pre_visit", "预计到访时间": "周六", "到访目的": "看样"}, ["visit_planned_at"]),
        ({"客户类型": "company", "统一社会信用代码": "9135", "联系人": "何", "所属行业": "装修"}, ["credit_code"]),
    ],
)
def test_each_reason_of_a_kind_stands_at_its_cell(
    on: Callable[[User], Client], agent: User, cells: dict[str, str], fields: list[str]
) -> None:
    client = on(agent)
    page = upload(client, kinds_workbook(cells)).url
    assert counts_of(client, page) == (0, 1, 0, 0)
    assert re.findall(r'data-problem="(\w+)"', client.get(page).content.decode()) == fields


def test_what_the_kinds_close_is_said_and_not_stored(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    page = upload(
        client, kinds_workbook({"性别": "female", "报备区域": "火星", "面积": "很大", "工程名称": "云水"})
    ).url
    assert counts_of(client, page) == (1, 0, 0, 0)
    sentence = "kind of filing or customer does not need it: Floor area, Region filed into, Project name"
    assert sentence in client.get(page).content.decode()
    decide(client, page)
    lead = Lead.objects.get()
    assert (lead.gender, lead.target_city, lead.floor_area, lead.project_name) == ("female", None, None, "")


def test_a_masked_number(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    decide(client, upload(client, kinds_workbook({"报备类型": "masked", "性别": "male", "手机": "138xxxx8000"})).url)
    assert Lead.objects.get().mobile == "138****8000"


def test_one_place_under_two_names_is_one_row(on: Callable[[User], Client], agent: User) -> None:
    city = RegionFactory(name="南宁")
    save_community(Community(city=city, name="云水花园", aliases="听荷苑"))
    headers = [*HEADERS, "城市", "楼号房间号"]
    rows = [
        [name, f"1380013810{number}", community, "自然客户", "", "南宁", "3-2-1601"]
        for number, (name, community) in enumerate([("韦一", "云水花园"), ("韦二", "听荷苑"), ("韦三", "听荷里")])
    ]
    client = on(agent)
    assert counts_of(client, upload(client, workbook(*rows, headers=headers)).url) == (2, 0, 1, 0)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ([*HEADERS, "手机"], "twice: 手机"),
        ([*HEADERS, "Mobile"], "twice: Mobile"),
        ([*HEADERS, "归属时间"], "does not know: 归属时间"),
        (HEADERS[1:], "missing: Customer name"),
    ],
)
def test_columns_are_refused_by_name(
    on: Callable[[User], Client], agent: User, headers: list[str], sentence: str
) -> None:
    response = upload(on(agent), workbook(headers=headers))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("客户来源", "火星客户", "source"),
        ("订货类型", "火星橱柜", "order_type"),
        ("城市", "火星", "city"),
        ("报备网点", "外地渠道", "outlet"),
        ("预估金额", "三万", "estimated_amount"),
        ("下次跟进时间", "明天", "next_follow_up_on"),
        ("手机", "1380013", "mobile"),
    ],
)
def test_each_reason_stands_at_its_cell(
    on: Callable[[User], Client], agent: User, stranger: User, column: str, value: str, field: str
) -> None:
    cells = dict(zip(HEADERS, numbered(1)[0], strict=True)) | {column: value}
    client = on(agent)
    page = upload(client, workbook(list(cells.values()), headers=list(cells))).url
    assert counts_of(client, page) == (0, 1, 0, 0)
    assert re.findall(r'data-problem="(\w+)"', client.get(page).content.decode()) == [field]


def test_what_the_source_closes_is_not_stored_and_said(on: Callable[[User], Client], agent: User) -> None:
    cells = dict(zip(HEADERS, numbered(1)[0], strict=True)) | {"家装公司": "没有的公司", "推荐客户姓名": "某人"}
    client = on(agent)
    page = upload(client, workbook(list(cells.values()), headers=list(cells))).url
    assert counts_of(client, page) == (1, 0, 0, 0)
    assert "Not stored" in client.get(page).content.decode()
    decide(client, page)
    assert Lead.objects.get().referrer_name == ""
