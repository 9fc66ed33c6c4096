from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings
from python_calamine import CalamineWorkbook

from accounts.models import Grant, Region, User
from approvals.models import Request
from config.demo import dictionaries, people
from config.demo.meetings import MEETINGS, SHOP_NUMBER
from config.demo.stories import STORIES, Story
from core.clock import day_of, likely_now
from customers.keys.codes import is_credit_code
from customers.models import IdentityKey, SharedKey
from leads.choices import FollowUpKind, FollowUpStatus
from leads.invariants import complaints
from leads.models import Collision, Draft, Lead, Protection, QueueEntry
from policies.models import (
    EXTRA_FIELDS,
    KIND_FIELDS,
    Community,
    FieldNeed,
    FilingKind,
    FilingSettings,
    MatchRule,
    OrderType,
    Quota,
    Source,
)
from policies.presets import preset
from policies.versions import policies_in_force
from tests.ownership.scenes import taken_back

TOLD = STORIES + MEETINGS
HOTEL = "南宁鹿鸣示例酒店管理有限公司"
MANUAL = Path(__file__).resolve().parent.parent / "data" / "manual-leads.xlsx"


def prepare() -> str:
    out = StringIO()
    call_command("demo", "--no-serve", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The demo, loaded once for the tests of this file, each of which takes back what it writes itself."""
    quick = {
        "DEBUG": True,  # static files are not what is tested here
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "MEDIA_ROOT": tmp_path_factory.mktemp("media"),
    }
    with django_db_blocker.unblock(), override_settings(**quick), taken_back():
        yield prepare()


@pytest.fixture
def demo(loaded: str, db: None, settings: Settings) -> str:
    settings.DEBUG = True
    return loaded


def test_the_demo_has_the_documented_accounts(demo: str) -> None:
    documented = {
        "admin", "sales1", "sales2", "manager1", "manager2", "store1", "store2",
        "designer1", "auditor1", "office1", "executive1",
    }  # fmt: skip

    usernames = set(User.objects.values_list("username", flat=True))
    announced = {line.split()[0] for line in demo.splitlines() if line.startswith("  ")}

    assert announced == documented
    assert usernames == documented | people.BACKGROUND
    assert not User.objects.filter(must_change_password=True).exists()
    assert all(user.check_password("Filing-2026!") for user in User.objects.filter(username__in=["admin", "sales1"]))
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]
    assert set(Lead.objects.values_list("filer__username", flat=True)) == {"sales3", "sales4"} <= people.BACKGROUND
    assert not Draft.objects.exists()


def test_managers_are_granted_what_the_demo_says(demo: str) -> None:
    granted = Grant.objects.values_list("manager__username", "person__username", "unit__name")

    assert set(granted) == {
        ("manager1", "sales1", None),
        ("manager1", "sales2", None),
        ("manager3", None, "渠道二部"),
    }


def test_dictionaries_and_settings_of_the_demo(demo: str) -> None:
    offered = set(Region.objects.filter(offered=True).values_list("name", flat=True))
    strict = Source.objects.get(name="老客户推荐")

    assert dictionaries.CITIES | {"柳州", "桂林", "北海"} <= offered
    assert "广州" not in offered
    assert set(OrderType.objects.values_list("name", flat=True)) == set(dictionaries.ORDER_TYPES)
    assert (strict.referrer_name, strict.referrer_card, strict.designer) == ("required", "open", "closed")
    assert set(Quota.objects.values_list("scope", "person__username", "cap")) == {
        ("site", None, 30),
        ("person", "sales1", 200),
    }
    settings = FilingSettings.objects.get()
    assert (settings.mobile_check, settings.check_budget, settings.shared_after) == ("warn", 500, 5)
    assert min(model.objects.count() for model in (MatchRule, FilingKind, FieldNeed)) > 0
    assert {(place.city.name, place.name, place.names.count()) for place in Community.objects.all()} == {
        (city, name, 1 + len(others)) for city, name, others in dictionaries.COMMUNITIES
    }


def test_the_demo_has_a_filing_of_every_kind_and_some_wait_to_be_approved(demo: str) -> None:
    special = Lead.objects.exclude(filing_kind="normal").values_list("filing_kind", "hold", "customer_kind")
    companies = Lead.objects.filter(customer_kind="company")

    assert sorted(special) == [
        ("cross_region", "protected", "person"),
        ("masked", "pending", "person"),
        ("pre_visit", "pending", "person"),
        ("project", "pending", "company"),
        ("special", "protected", "person"),
    ]
    assert sorted(Request.objects.values_list("kind", "state")) == [
        ("cross_region", "granted"),
        ("filing", "pending"),
        ("filing", "pending"),
        ("special", "granted"),
    ]
    assert companies.count() == 3
    assert all(is_credit_code(lead.credit_code) and lead.contact_name and lead.industry for lead in companies)


def test_filings_of_the_demo_meet_others_in_every_way(demo: str) -> None:
    met = Collision.objects.values_list("firmness", "evidence", "lead__name", "attempt__lead__name", "state")

    assert sorted(met, key=str) == [
        ("likely", ["address_part", "surname"], "谢寻安", "谢女士", "open"),
        ("likely", ["mask34", "name"], "覃谷雨", "覃谷雨", "open"),
        ("likely", ["name", "phone_part"], "洛听澜", "洛听澜", "open"),
        ("same", ["address"], "覃谷雨", None, "open"),
        ("same", ["company", "credit_code"], HOTEL, HOTEL, "open"),
    ]
    assert Lead.objects.count() == len(TOLD) - 1
    [first, second] = Lead.objects.filter(name__in=["覃谷雨", "覃太太"], filer__username="sales3").order_by("filed_at")
    assert (first.community, second.community) == ("良庆区云上江南", "听荷路18号")
    assert (first.customer, first.canonical_address) == (second.customer, second.canonical_address)
    shared, keys = SharedKey.objects.get(), IdentityKey.objects.filter(kind="mobile", value=SHOP_NUMBER)
    assert (shared.value, shared.active, shared.by.username) == (SHOP_NUMBER, True, "admin")
    assert [key.held for key in keys] == [False, False]


def test_the_demo_runs_furnishing_and_a_queue_for_companies(demo: str) -> None:
    policies = policies_in_force(likely_now())
    ends = Protection.objects.filter(version__policy__name="家居零售报备", state="protected").values_list(
        "started_at", "ends_at", "leads__assignments__deposit_at"
    )

    assert [policy.name for policy in policies] == ["企业客户月度报备（可排队）", "家居零售报备"]
    assert policies[1].terms == preset("furnishing", None)[0].terms
    assert {(day_of(end) - day_of(paid or start)).days - 1 for start, end, paid in ends} == {7, 90}
    assert set(Lead.objects.exclude(hold="protected").values_list("hold", flat=True)) == {
        "pending", "expired", "queued",
    }  # fmt: skip
    assert list(QueueEntry.objects.values_list("lead__name", "place", "state")) == [(HOTEL, 1, "waiting")]


def test_nothing_in_the_demo_contradicts_itself(demo: str) -> None:
    assert list(complaints()) == []


def test_a_second_start_keeps_the_data(demo: str) -> None:
    User.objects.filter(username="sales1").update(name="改名")
    User.objects.create(username="newcomer", name="新人")

    assert "kept as it was" in prepare()

    assert User.objects.filter(username="sales1", name="改名").exists()
    assert User.objects.filter(username="newcomer").exists()


def test_the_manuals_workbook_speaks_the_words_of_the_demo() -> None:
    sheet = CalamineWorkbook.from_path(MANUAL).get_sheet_by_index(0)
    headers, *rows = sheet.to_python(skip_empty_area=False)

    def words(header: str) -> set[str]:
        return {row[headers.index(header)] for row in rows} - {""}

    assert len(rows) == 15
    assert words("报备人") == {"sales1"}
    assert words("报备网点") == {"办公室"}
    assert words("城市") <= dictionaries.CITIES
    assert words("订货类型") <= set(dictionaries.ORDER_TYPES)
    assert words("客户来源") <= {source.name for source in dictionaries.SOURCES}
    assert words("家装公司") <= {name for name, _ in dictionaries.COMPANIES}
    assert words("家装设计师") <= {name for _, designers in dictionaries.COMPANIES for name, _ in designers}


def test_the_stories_keep_away_from_today_and_from_what_the_manual_files() -> None:
    sheet = CalamineWorkbook.from_path(MANUAL).get_sheet_by_index(0)
    manual = {cell for row in sheet.to_python()[1:] for cell in row[:7]}
    known = {person.username for person in people.PEOPLE}

    assert len(STORIES) == 40
    assert len({story.mobile for story in TOLD}) == len(TOLD)
    assert len({(story.city, story.community, story.building_room) for story in TOLD}) == len(TOLD)
    assert {story.filer for story in TOLD} == {"sales3", "sales4"} <= known
    assert all(0 < story.days_ago <= 21 for story in TOLD)
    assert all(story.mobile.startswith("123") for story in TOLD)
    assert not manual & {value for story in TOLD for value in (story.name, story.mobile, story.community)}
    assert not manual & {name for _, name, others in dictionaries.COMMUNITIES for name in (name, *others)}


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.mobile)
def test_a_story_uses_words_of_the_dictionaries_and_what_its_source_requires(story: Story) -> None:
    [source] = [source for source in dictionaries.SOURCES if source.name == story.source]
    stores = {unit.name for unit in people.UNITS if unit.kind == "store"}
    order_types = [handling.order_type for handling in story.handlings]

    asked = set(story.extra) & set(EXTRA_FIELDS)
    others = set(story.extra) - asked
    assert set(source.required) <= asked <= set(source.required) | set(source.open)
    assert others <= {"phone", "filing_kind", "customer_kind", *KIND_FIELDS}
    assert {story.order_type, *order_types} - {""} <= set(dictionaries.ORDER_TYPES)
    assert len(set(order_types)) == len(order_types)
    assert {handling.store for handling in story.handlings} <= stores
    assert all(contact.kind in FollowUpKind and contact.status in FollowUpStatus for contact in story.contacts)
    assert all(contact.after < story.days_ago for contact in story.contacts)
    assert all(handling.deposit for handling in story.handlings if handling.result)
