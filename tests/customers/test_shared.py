"""The list of shared keys: what is on it is held by nobody."""

import pytest

from core.clock import told
from customers.keys import Key
from customers.models import Customer, IdentityKey, SharedKey
from customers.shared import share
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SHOP = Key("mobile", "12300008888")
DESK = Key("phone", "0771-1230012")
LIST = "/admin/customers/sharedkey/"
ADD = f"{LIST}add/"


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def hold(*keys, held=True):
    customer = Customer.objects.create(name="韦半夏")
    for key in keys:
        IdentityKey.objects.create(customer=customer, kind=key.kind, value=key.value, held=held)


def held():
    return set(IdentityKey.objects.filter(held=True).values_list("kind", "value"))


def listed():
    return list(SharedKey.objects.order_by("pk").values_list("kind", "value", "active", "note", "by", "at"))


def test_shared_key_is_listed_and_let_go_everywhere():
    other = Key("mobile", "12300001111")
    hold(SHOP, other)
    hold(SHOP, held=False)
    hold(DESK)
    hold(Key("phone", SHOP.value), Key("mobile", DESK.value))

    with told(MORNING):
        share([SHOP, DESK])

    assert listed() == [
        ("mobile", SHOP.value, True, "", None, MORNING),
        ("phone", DESK.value, True, "", None, MORNING),
    ]
    assert held() == {("mobile", other.value), ("phone", SHOP.value), ("mobile", DESK.value)}


def test_list_says_who_why_and_when(administrator):
    share([SHOP], by=administrator, note="前台", at=MORNING)

    assert listed() == [("mobile", SHOP.value, True, "前台", administrator.pk, MORNING)]


def test_known_row_stays_as_it_is(administrator):
    share([SHOP], by=administrator, note="前台", at=MORNING)
    hold(SHOP)

    with told(MORNING):
        share([SHOP, DESK, SHOP])

    assert listed() == [
        ("mobile", SHOP.value, True, "前台", administrator.pk, MORNING),
        ("phone", DESK.value, True, "", None, MORNING),
    ]
    assert held() == set()


def test_key_that_was_switched_off_stays_off_and_held():
    SharedKey.objects.create(kind=SHOP.kind, value=SHOP.value, active=False)
    hold(SHOP, DESK)

    share([SHOP, DESK])

    assert SharedKey.objects.get(value=SHOP.value).active is False
    assert held() == {("mobile", SHOP.value)}


def test_nothing_to_share_is_nothing_done():
    hold(SHOP)

    share([])

    assert listed() == []
    assert held() == {("mobile", SHOP.value)}


@pytest.mark.parametrize("count", [1, 3])
def test_keys_of_a_kind_cost_the_same_however_many(count, django_assert_num_queries):
    keys = [Key("mobile", f"1230000{number:04}") for number in range(count)]
    hold(*keys)

    with django_assert_num_queries(4):  # a savepoint's two, the rows, the keys
        share(keys, at=MORNING)

    assert held() == set()


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("mobile", "+86 123-0000-8888", SHOP),
        ("phone", "１２３００００８８８８", SHOP),
        ("phone", "（0771）123 0012", DESK),
        ("mobile", "0771-1230012", DESK),
        ("phone", "400-123-0012", Key("phone", "4001230012")),
        ("company", "450100|鹿鸣示例酒店管理||", Key("company", "450100|鹿鸣示例酒店管理||")),
        ("credit_code", "91450100DEM0DEM0XM", Key("credit_code", "91450100DEM0DEM0XM")),
    ],
)
def test_administrator_lists_a_key_as_people_write_it(desk, administrator, kind, typed, stored):
    hold(stored)

    response = desk.post(ADD, {"kind": kind, "value": typed, "active": "on", "note": "前台"})

    row = SharedKey.objects.get()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (row.kind, row.value, row.active, row.note, row.by) == (
        *(stored.kind, stored.value),
        True,
        "前台",
        administrator,
    )
    assert row.at is not None
    assert held() == set()


@pytest.mark.parametrize("typed", ["韦半夏", "138****8888", "1230012", "12"])
@pytest.mark.parametrize("kind", ["mobile", "phone"])
def test_what_is_no_whole_number_is_refused(desk, kind, typed):
    response = desk.post(ADD, {"kind": kind, "value": typed, "active": "on"})

    form = response.context["adminform"].form
    assert form.errors == {"value": ["This is no whole telephone number."]}
    assert form["value"].value() == typed
    assert listed() == []


def test_key_stands_once_however_it_was_written(desk):
    share([SHOP])

    response = desk.post(ADD, {"kind": "mobile", "value": "123 0000 8888", "active": "on"})

    form = response.context["adminform"].form
    assert form.errors == {"__all__": ["Shared number or address with this Kind and Value already exists."]}
    assert form["value"].value() == "123 0000 8888"


def test_row_is_switched_off_without_holding_and_on_again_without_being_held(desk, administrator):
    share([SHOP], by=administrator, note="前台", at=MORNING)
    hold(SHOP, held=False)
    path = f"{LIST}{SharedKey.objects.get().pk}/change/"

    desk.post(path, {"note": "前台"})
    off, held_then = SharedKey.objects.get().active, held()
    IdentityKey.objects.update(held=True)
    desk.post(path, {"note": "前台", "active": "on", "value": "12300009999", "kind": "phone"})

    assert (off, held_then) == (False, set())
    assert listed() == [("mobile", SHOP.value, True, "前台", administrator.pk, MORNING)]
    assert held() == set()


def test_list_is_searched_by_number_and_note(desk):
    share([SHOP], note="前台")
    share([DESK], note="热线")

    found = [desk.get(LIST, {"q": asked}).context["cl"].result_list for asked in ("0000888", "热线", "韦")]

    assert [[row.value for row in rows] for rows in found] == [[SHOP.value], [DESK.value], []]
