"""Import of leads from file to result (IMPEX-1, QUOTA-5): the import obeys what its preview said."""

import io
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import User
from config.demo.load import load
from core.models import Event
from jobs.models import Job
from leads.columns import IMPORTED
from leads.models import FilingAttempt, Lead, QuotaDay
from leads.services import importing
from policies.models import CustomerKind, FilingKind, Kind, OrderType, Quota, Source
from tests.leads.import_pages import counts_of, decide, numbered, once_of, rows_of, upload, workbook

MANUAL = Path(__file__).parents[2] / "data" / "manual-leads.xlsx"


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


@pytest.fixture
def demo(db: None, shipped_roles: None) -> None:
    Source.objects.all().delete()
    OrderType.objects.all().delete()
    call_command("sync_regions", verbosity=0)
    load()


def test_the_real_file_comes_out_to_the_row(client: Client, demo: None) -> None:
    before = Lead.objects.count()
    client.force_login(User.objects.get(username="sales1"))
    page = upload(client, SimpleUploadedFile("manual-leads.xlsx", MANUAL.read_bytes())).url
    assert counts_of(client, page) == (14, 1, 0, 0)
    html = client.get(page).content.decode()
    assert re.search(r'data-row="10" data-state="bad".*?data-problem="decoration_company"', html, re.S)
    assert Lead.objects.count() == before
    assert decide(client, page).url == page
    assert Lead.objects.count() == before + 14
    warned = Lead.objects.filter(mobile__in=["12345611111", "12331111111"])
    assert set(warned.values_list("name", flat=True)) == {"张三", "yu"}
    header, row = rows_of(client.get(f"{page}faulty/"))
    assert header[-1] == "原因"
    assert "家装公司" in row[-1]
    mended = ["龙发" if name == "家装公司" else value for name, value in zip(header, row, strict=True)]
    page = upload(client, workbook(mended, headers=list(header))).url
    assert counts_of(client, page) == (1, 0, 0, 0)
    decide(client, page)
    assert Lead.objects.filter(name="阿泰斯特", decoration_company__name="龙发").count() == 1
    assert Lead.objects.count() == before + 15


def test_the_preview_writes_no_lead_and_the_import_says_what_it_did(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(2))).url
    assert not Lead.objects.exists()
    assert not QuotaDay.objects.filter(used__gt=0).exists()
    assert decide(client, page).status_code == 302
    lead = Lead.objects.first()
    assert lead
    assert lead.outlet == agent.unit
    html = client.get(page).content.decode()
    assert 'data-state="done"' in html
    assert f"/leads/{lead.number}/" in html
    assert set(FilingAttempt.objects.values_list("door", "accepted")) == {("preview", False), ("import", True)}
    assert Event.objects.get(action="import").changes["good"] == 2


def test_two_decisions_import_once(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(2))).url
    first, second = once_of(client.get(page)), once_of(client.get(page))
    answers = [client.post(page, {"once": once, "decision": "import"}) for once in (first, first, second)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert answers[0].url == answers[1].url == page
    assert "already imported" in answers[2].content.decode()
    assert Lead.objects.count() == 2


def test_an_import_that_breaks_off_says_what_is_left(
    on: Callable[[User], Client], agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(5))).url
    monkeypatch.setattr(importing, "CHUNK", 2)
    real, calls = importing.file_batch, count(1)

    def file_batch(*args: Any, **options: Any) -> Any:
        if next(calls) == 2:
            raise MemoryError
        return real(*args, **options)

    monkeypatch.setattr(importing, "file_batch", file_batch)
    with pytest.raises(MemoryError):
        decide(client, page)
    assert Lead.objects.count() == QuotaDay.objects.get().used == 2
    assert counts_of(client, page) == (2, 0, 0, 0)
    assert client.get(page).content.decode().count('data-state="waiting"') == 3
    page = upload(client, workbook(*[row[:-1] for row in rows_of(client.get(f"{page}faulty/"))[1:]])).url
    assert counts_of(client, page) == (3, 0, 0, 0)


def test_chunks_see_each_other(on: Callable[[User], Client], agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(3), *numbered(3))).url
    monkeypatch.setattr(importing, "CHUNK", 2)
    decide(client, page)
    assert counts_of(client, page) == (3, 0, 3, 0)
    assert Lead.objects.count() == 3


def test_cancelled_is_cancelled(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(1))).url
    decide(client, page, "cancel")
    assert Job.objects.get().state == "cancelled"
    response = client.post(page, {"once": once_of(client.get("/leads/import/")), "decision": "import"})
    assert response.status_code == 422
    assert client.get(f"{page}faulty/").status_code == 404
    assert not Lead.objects.exists()


@pytest.mark.parametrize("data", [{"decision": "import"}, {"decision": "import", "once": "forged"}])
def test_a_decision_without_its_key(on: Callable[[User], Client], agent: User, data: dict[str, str]) -> None:
    client = on(agent)
    page = upload(client, workbook(*numbered(1))).url
    assert client.post(page, data).status_code == 422
    assert not Lead.objects.exists()


def test_rows_beyond_the_quota_are_refused(on: Callable[[User], Client], agent: User) -> None:
    Quota.objects.create(scope="person", person=agent, cap=3)
    client = on(agent)
    page = upload(client, workbook(*numbered(5))).url
    assert counts_of(client, page) == (3, 0, 0, 2)
    decide(client, page)
    assert counts_of(client, page) == (3, 0, 0, 2)
    assert QuotaDay.objects.get().used == Lead.objects.count() == 3


def test_beyond_quota_is_a_right_of_its_own_and_is_logged(on: Callable[[User], Client], agent: User) -> None:
    Quota.objects.create(scope="person", person=agent, cap=3)
    agent.user_permissions.add(Permission.objects.get(codename="beyond_quota"))
    client = on(agent)
    page = upload(client, workbook(*numbered(5))).url
    decide(client, page)
    assert Lead.objects.count() == 5
    assert Event.objects.get(action="import").changes["beyond_quota"] is True


@pytest.mark.parametrize("path", ["", "faulty/"])
def test_a_job_is_its_owners_alone(on: Callable[[User], Client], agent: User, manager: User, path: str) -> None:
    page = upload(on(agent), workbook(*numbered(1))).url
    client = on(manager)
    assert client.get(page + path).status_code == 404
    once = once_of(client.get("/leads/import/"))
    assert client.post(page, {"once": once, "decision": "import"}).status_code == 404


@pytest.mark.parametrize("path", ["", "template/"])
def test_the_import_needs_its_right(on: Callable[[User], Client], executive: User, path: str) -> None:
    assert on(executive).get(f"/leads/import/{path}").status_code == 403


def test_a_picture_called_a_workbook(on: Callable[[User], Client], agent: User) -> None:
    assert upload(on(agent), SimpleUploadedFile("a.xlsx", b"\x89PNG\r\n\x1a\n\0\0")).status_code == 422


def test_too_large_is_413(on: Callable[[User], Client], agent: User, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10
    assert upload(on(agent), workbook(*numbered(1))).status_code == 413


def test_the_template_is_read_back(on: Callable[[User], Client], agent: User) -> None:
    client = on(agent)
    [header] = rows_of(client.get("/leads/import/template/"))
    assert header == tuple(each.english for each in IMPORTED.values())
    client.cookies["django_language"] = "zh-hans"
    [header] = rows_of(client.get("/leads/import/template/"))
    assert header == tuple(each.chinese for each in IMPORTED.values())
    with translation.override("en"):
        assert upload(client, workbook(headers=list(header))).status_code == 422  # no rows, but no unknown column


def test_the_template_lists_the_words_of_the_site(on: Callable[[User], Client], agent: User) -> None:
    FilingKind.objects.create(kind="masked", active=False)
    response = on(agent).get("/leads/import/template/")
    header, *rows = load_workbook(io.BytesIO(response.getvalue())).worksheets[1].values
    listed = {name: [row[place] for row in rows if row[place]] for place, name in enumerate(header)}
    with translation.override("en"):
        assert set(listed["Filing kind"]) == {str(kind.label) for kind in Kind if kind != Kind.MASKED}
        assert set(listed["Kind of customer"]) == set(map(str, CustomerKind.labels))
    assert listed["Source"] == ["自然客户", "家装公司推荐"]


@pytest.mark.parametrize("rows", [3, 30])
def test_statements_do_not_grow_with_the_rows(
    on: Callable[[User], Client], agent: User, django_assert_max_num_queries: Any, rows: int
) -> None:
    client = on(agent)
    once = once_of(client.get("/leads/import/"))
    with django_assert_max_num_queries(18):
        page = client.post("/leads/import/", {"once": once, "file": workbook(*numbered(rows))}).url
    once = once_of(client.get(page))
    with django_assert_max_num_queries(40):
        client.post(page, {"once": once, "decision": "import"})
    assert Lead.objects.count() == rows
    with django_assert_max_num_queries(8):
        client.get(page)
