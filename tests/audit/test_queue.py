"""The audit queue: what it shows, how it is searched, what a row says (AUDIT-1…3)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import roles
from accounts.models import User
from leads.models import Assignment
from tests.audit import builders
from tests.audit.builders import case, company, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer() -> User:
    return person("xiaoman", roles.SALESPERSON, builders.organisation()[1])


@pytest.fixture
def auditor() -> User:
    return person("huifeng", roles.AUDITOR, builders.organisation()[0])


@pytest.fixture
def queue(auditor: User, client: Client) -> Client:
    client.force_login(auditor)
    return client


def page(queue: Client, query: str = "") -> str:
    response = queue.get(f"/audit/{query}")
    assert response.status_code == 200
    return response.content.decode()


def numbers(queue: Client, query: str = "") -> list[str]:
    return re.findall(r'<tbody data-assignment="\d+" data-number="(\w+)">', page(queue, query))


def test_queue_shows_by_itself_only_unaudited_cases_with_deposit(queue, filer):
    case(filer, "KH1", deposit="5000")
    case(filer, "KH2")
    Assignment.objects.filter(pk=case(filer, "KH3", deposit="1").pk).update(audit_status="success")
    Assignment.objects.filter(pk=case(filer, "KH4", deposit="1").pk).update(standing=False)

    assert numbers(queue) == ["KH1"]


def test_tick_taken_away_adds_cases_without_deposit(queue, filer):
    case(filer, "KH1", deposit="5000")
    case(filer, "KH2")

    assert sorted(numbers(queue, "?deposit_only=0")) == ["KH1", "KH2"]
    assert numbers(queue, "?deposit_only=0&deposit_only=1") == ["KH1"]


def test_several_audit_states_at_once(queue, filer):
    for number, status in (("KH1", "unaudited"), ("KH2", "success"), ("KH3", "failure")):
        Assignment.objects.filter(pk=case(filer, number, deposit="1").pk).update(audit_status=status)

    assert sorted(numbers(queue, "?audit_status=success&audit_status=failure")) == ["KH2", "KH3"]
    assert numbers(queue, "?audit_status=") == ["KH1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=半夏", ["KH1"]),
        ("name=夏至", ["KH2"]),
        ("mobile=6049", ["KH1"]),
        ("mobile=777", ["KH2"]),
        ("mobile=123-0000-7777", ["KH2"]),
        ("mobile=%2B86 123 0000 8888", ["KH2"]),
        ("mobile=１２３００００６０４９", ["KH1"]),
        ("mobile=5507764", ["KH2"]),
        ("mobile=(0771) 550", ["KH2"]),
        ("mobile=A5507764", []),
        ("mobile=-", []),
        ("name=ＬＥＥ", ["KH3"]),
        ("name=lee", ["KH3"]),
        ("address=星里3-2", ["KH1"]),
        ("address=南宁市星里", ["KH1"]),
        ("address=成都 呼啸", ["KH2"]),
        ("address=1602", ["KH1"]),
        ("address=３-２-１６０２", ["KH1"]),
        ("address=云隐里9栋b座", ["KH3"]),
    ],
)
def test_search_finds_both_versions(queue, filer, query, found):
    case(filer, "KH1", deposit="1", actual_building_room="3-2-1602")
    other = {"name": "方时雨", "actual_name": "方夏至", "mobile": "12300007777", "actual_mobile": "12300008888"}
    other |= {"community": "呼啸山庄", "building_room": "5号1楼", "phone": "0771-5507764", "actual_phone": ""}
    case(filer, "KH2", deposit="1", city=builders.city("成都"), **other)
    third = {"name": "Lee", "mobile": "12300005555", "phone": "", "community": "云隐里", "building_room": "９栋 B座"}
    case(filer, "KH3", deposit="1", address_text="南宁云隐里9栋b座", **third)

    assert numbers(queue, f"?{query}") == found


def test_search_by_outlet_company_and_designer(queue, filer):
    branch, outlet, _store = builders.organisation()
    other = person("zhiqiu", roles.SALESPERSON, unit("渠道一部", "outlet", branch))
    longfa, jinghua = company("龙发", "胡静华")
    ceshi, ming = company("测试公司", "刘明")
    case(filer, "KH1", deposit="1", decoration_company=longfa, designer=jinghua)
    case(other, "KH2", deposit="1", actual_decoration_company=ceshi, actual_designer=ming)

    assert numbers(queue, f"?outlet={outlet.pk}") == ["KH1"]
    assert numbers(queue, f"?decoration_company={longfa.pk}") == ["KH1"]
    assert numbers(queue, f"?designer={ming.pk}") == ["KH2"]
    assert numbers(queue, f"?outlet={outlet.pk}&designer={ming.pk}") == []


def test_orders(queue, filer):
    first = case(filer, "KH1", deposit="1")
    case(filer, "KH2", deposit="9000", actual_mobile="12300007764", actual_building_room="1")
    case(filer, "KH3", deposit="500", city=None, actual_phone="0771-3301764")
    Assignment.objects.filter(pk=first.pk).update(deposit_at="2026-01-01T00:00:00Z")

    assert numbers(queue) == numbers(queue, "?sort=risk") == ["KH2", "KH3", "KH1"]
    assert numbers(queue, "?sort=date") == ["KH1", "KH2", "KH3"]
    assert numbers(queue, "?sort=amount") == ["KH2", "KH3", "KH1"]


@pytest.mark.parametrize(
    "query",
    [
        "audit_status=maybe",
        "deposit_only=2",
        "sort=luck",
        "outlet=999",
        "outlet=x",
        "designer=0",
        "page=-1",
        "name=%00",
    ],
)
def test_unknown_value_is_told_and_finds_nothing(queue, filer, query):
    case(filer, "KH1", deposit="1")

    html = page(queue, f"?{query}")

    assert "data-assignment" not in html
    assert 'role="alert"' in html


def test_two_lines_with_marked_characters(queue, filer):
    made = case(filer, "KH1", deposit="5000", actual_building_room="3-2-1602", actual_phone="")

    html = page(queue)

    block = re.search(rf'<tbody data-assignment="{made.pk}" data-number="KH1">(.*?)</tbody>', html, re.S)[1]
    filed, actual = block.split('<tr data-version="actual">')
    assert '<tr data-version="filed">' in filed
    fields = ["name", "order_type", "mobile", "phone", "address", "designer", "decoration_company"]
    assert re.findall(r'data-field="(\w+)"', filed) == re.findall(r'data-field="(\w+)"', actual) == fields
    assert re.findall(r'data-field="(\w+)"[^>]* class="differs"', actual) == ["phone", "address"]
    assert "南宁 星里 3-2-160<mark>1</mark>" in filed
    assert "南宁 星里 3-2-160<mark>2</mark>" in actual
    assert "<mark>12300006049</mark>" in filed
    assert '<td data-field="mobile"' in actual and "12300006049</td>" in actual


def test_typed_text_is_escaped(queue, filer):
    case(filer, "KH1", deposit="1", name="<b>x</b>", actual_name="<i>y</i>")

    html = page(queue)

    assert "<b>x" not in html and "&lt;b&gt;x" in html.replace("<mark>", "").replace("</mark>", "")


def test_own_filing_has_no_controls_but_the_reason(queue, auditor):
    case(auditor, "KH1", deposit="1", outlet=builders.organisation()[1])

    html = page(queue)

    assert 'data-number="KH1"' in html
    assert 'id="case-' not in html
    assert re.search(r'name="assignment"[^>]* disabled', html)


def test_second_page(queue, filer):
    for at in range(51):
        case(filer, f"KH{at:02}", deposit="1")

    first, second = numbers(queue), numbers(queue, "?page=2")

    assert len(first) == 50
    assert set(first) | set(second) == {f"KH{at:02}" for at in range(51)}


def test_outlets_offered_are_those_with_cases_in_sight(queue, filer):
    branch = builders.organisation()[0]
    far = unit("成都分公司", "branch")
    stranger = person("yuanshan", roles.SALESPERSON, unit("渠道九部", "outlet", far))
    unit("渠道二部", "outlet", branch)
    case(filer, "KH1", deposit="1")
    case(stranger, "KH2", deposit="1")

    html = page(queue)

    assert ">办公室</option>" in html
    assert "渠道九部" not in html and "渠道二部" not in html


@pytest.mark.parametrize("cases", [1, 3])
def test_statements_do_not_grow_with_the_rows(queue, filer, cases):
    for at in range(cases):
        case(filer, f"KH{at}", deposit="1", actual_mobile="12300007764")

    with CaptureQueriesContext(
        connection,
    ) as statements:
        page(queue)

    assert len(statements) == 4, "\n".join(query["sql"] for query in statements)


def test_page_without_the_right_is_403(client, filer):
    client.force_login(filer)

    assert client.get("/audit/").status_code == 403


def test_other_methods_are_405(queue):
    assert queue.put("/audit/").status_code == 405
    assert queue.delete("/audit/").status_code == 405
