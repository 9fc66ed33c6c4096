"""The showroom's desk: its list, one case, the correction (ASSIGN-4)."""

import pytest
from django.urls import reverse

from accounts.models import Unit, User
from leads.models import Assignment, AuditDecision
from tests.factories import (
    AssignmentFactory,
    CompanyDesignerFactory,
    DecorationCompanyFactory,
    OrderTypeFactory,
    RegionFactory,
)
from tests.leads.sent import correction, deposit, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agent: User, store: Unit) -> Assignment:
    city = RegionFactory(name="南宁")
    return AssignmentFactory(
        store=store,
        lead__filer=agent,
        lead__mobile="12331111111",
        lead__city=city,
        lead__community="星里",
        lead__building_room="3-2-1601",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_long(client, seller, agent, store, django_assert_num_queries, count):
    AssignmentFactory.create_batch(count, store=store, lead__filer=agent)
    client.force_login(seller)

    with django_assert_num_queries(3):
        response = client.get(reverse("leads:store"))

    assert len(response.context["rows"]) == count


def test_list_shows_the_own_showroom_only_and_in_full(client, seller, case, other_store, agent):
    AssignmentFactory(store=other_store, lead__filer=agent, actual_name="别处")
    Assignment.objects.filter(pk=case.pk).update(actual_mobile="12331111112")
    client.force_login(seller)

    page = client.get(reverse("leads:store")).content.decode()

    assert f'data-assignment="{case.pk}" data-number="{case.lead.number}"' in page
    assert 'data-progress="assigned" data-audit="unaudited"' in page
    assert "12331111112" in page
    assert "别处" not in page


def test_list_is_narrowed_by_text_progress_and_audit_status(client, seller, case, store, agent):
    paid = AssignmentFactory(store=store, lead__filer=agent, paid=True, audit_status="success", actual_name="周生生")
    client.force_login(seller)

    def found(**query: str) -> set[int]:
        return {row.pk for row in client.get(reverse("leads:store"), query).context["rows"]}

    assert found() == {case.pk, paid.pk}
    assert found(q="生生") == {paid.pk}
    assert found(q="331111") == {case.pk}
    assert found(q="星里") == {case.pk}
    assert found(progress="deposit") == {paid.pk}
    assert found(audit_status="unaudited") == {case.pk}
    assert found(q="没有这个人") == set()


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("123 3111 1111", True),
        ("+86 12331111111", True),
        ("１２３－３１１１", True),
        ("(0771) 5507764", True),
        ("07715507764", True),
        ("号12331111111", False),
        ("12331111112", False),
        ("ｌｅｅ", True),
        ("３-２-１６０２", True),
        ("3-2-1601", True),
    ],
)
def test_search_counts_digits_of_numbers_and_folds_texts(client, seller, case, text, hits):
    Assignment.objects.filter(pk=case.pk).update(
        actual_phone="0771-5507764", actual_name="Lee", actual_building_room="3-2-1602"
    )
    case.lead.address_text = "南宁星里3-2-1601"
    case.lead.save()
    client.force_login(seller)

    assert bool(client.get(reverse("leads:store"), {"q": text}).context["rows"]) == hits


def test_unknown_filter_value_is_told_and_lists_nothing(client, seller, case):
    client.force_login(seller)

    response = client.get(reverse("leads:store"), {"progress": "gone"})

    assert response.status_code == 200
    assert response.context["rows"] == []
    assert 'data-problem="progress"' in response.content.decode()


def test_case_shows_filed_over_actual_with_what_differs(client, seller, case):
    Assignment.objects.filter(pk=case.pk).update(actual_building_room="3-2-1602")
    client.force_login(seller)

    page = client.get(desk(case)).content.decode()

    assert page.index('data-version="filed"') < page.index('data-version="actual"')
    assert page.count('data-field="address"') == 2
    assert "3-2-160<mark>1</mark>" in page
    assert "3-2-160<mark>2</mark>" in page
    assert 'name="building_room" value="3-2-1602"' in page


def test_correction_leaves_what_was_filed(client, seller, case):
    wardrobe = OrderTypeFactory(name="欧派衣柜")
    client.force_login(seller)
    said = correction(
        seller, case, name="韦夏", building_room="3-2-1602", order_type=wardrobe.pk, mobile="123 3111 1112"
    )

    response = client.post(desk(case, "correct"), said)

    case.refresh_from_db()
    assert (response.status_code, response.url) == (302, desk(case))
    assert (case.actual_name, case.actual_building_room, case.actual_mobile) == ("韦夏", "3-2-1602", "12331111112")
    assert (case.actual_order_type, case.order_type.name) == (wardrobe, "欧派橱柜")
    assert (case.lead.name, case.lead.building_room, case.lead.mobile) == ("韦半夏", "3-2-1601", "12331111111")
    assert case.corrected_by == seller
    toast = client.get(desk(case)).content.decode()
    assert f'<a href="{desk(case)}">{case.lead.number}</a>' in toast


def test_company_follows_its_designer_and_must_not_contradict(client, seller, case):
    hu = CompanyDesignerFactory()
    client.force_login(seller)

    other = DecorationCompanyFactory(name="青瓦装饰")
    refused = client.post(desk(case, "correct"), correction(seller, case, designer=hu.pk, decoration_company=other.pk))
    client.post(desk(case, "correct"), correction(seller, case, designer=hu.pk))

    case.refresh_from_db()
    assert (refused.status_code, 'data-problem="designer"' in refused.content.decode()) == (422, True)
    assert (case.actual_designer, case.actual_decoration_company) == (hu, hu.company)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": ""}, "name"),
        ({"mobile": "1233"}, "mobile"),
        ({"mobile": "", "phone": ""}, "mobile"),
        ({"order_type": ""}, "order_type"),
        ({"order_type": "999999"}, "order_type"),
        ({"city": "x"}, "city"),
        ({"once": "forged"}, "__all__"),
    ],
)
def test_faulty_correction_keeps_what_was_typed(client, seller, case, changed, problem):
    client.force_login(seller)

    response = client.post(desk(case, "correct"), correction(seller, case, community="幸福里二期") | changed)

    page = response.content.decode()
    assert response.status_code == 422
    assert f'data-problem="{problem}"' in page
    assert 'value="幸福里二期"' in page
    case.refresh_from_db()
    assert case.actual_community == "星里"


def test_word_switched_off_since_can_be_kept(client, seller, case):
    case.order_type.active = False
    case.order_type.save()
    client.force_login(seller)

    response = client.post(desk(case, "correct"), correction(seller, case, name="韦夏"))

    assert response.status_code == 302


@pytest.mark.parametrize("name", ["correct", "deposit"])
def test_replay_gives_the_first_answer_and_changes_nothing(client, seller, case, name):
    client.force_login(seller)
    said = correction(seller, case, name="韦夏") if name == "correct" else deposit(seller)

    first = client.post(desk(case, name), said)
    AuditDecision.objects.create(assignment=case, result="success", by=seller, at=case.at)
    Assignment.objects.filter(pk=case.pk).update(audit_status="success")
    second = client.post(desk(case, name), said | {"name": "另一个", "deposit_amount": "1"})

    case.refresh_from_db()
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert case.actual_name != "另一个"
    assert case.deposit_amount != 1


def test_audited_case_refuses_both_forms_and_says_why(client, seller, case):
    Assignment.objects.filter(pk=case.pk).update(audit_status="failure")
    client.force_login(seller)

    page = client.get(desk(case)).content.decode()
    corrected = client.post(desk(case, "correct"), correction(seller, case, name="韦夏"))
    paid = client.post(desk(case, "deposit"), deposit(seller))

    assert 'id="correction"' not in page
    assert 'id="deposit"' not in page
    assert (corrected.status_code, paid.status_code) == (422, 422)
    assert 'value="韦夏"' in corrected.content.decode()
    assert 'value="5000.50"' in paid.content.decode()


def test_other_showroom_gets_404_and_nothing_happens(client, other_seller, case):
    client.force_login(other_seller)

    answers = [
        client.get(desk(case)),
        client.get(desk(case, "receipt")),
        client.post(desk(case, "correct"), correction(other_seller, case, name="韦夏")),
        client.post(desk(case, "deposit"), deposit(other_seller)),
    ]

    case.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (case.actual_name, case.progress) == ("韦半夏", "assigned")


def test_taken_back_assignment_is_out_of_sight(client, seller, case):
    Assignment.objects.filter(pk=case.pk).update(standing=False)
    client.force_login(seller)

    assert client.get(desk(case)).status_code == 404
    assert client.get(reverse("leads:store")).context["rows"] == []


@pytest.mark.parametrize("who", ["agent", "manager", "auditor", "measurer"])
def test_people_of_other_roles_have_no_desk(request, client, case, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    answers = [
        client.get(reverse("leads:store")),
        client.get(desk(case)),
        client.post(desk(case, "correct"), correction(user, case)),
        client.post(desk(case, "deposit"), deposit(user)),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_wrong_methods(client, seller, case):
    client.force_login(seller)

    assert client.get(desk(case, "correct")).status_code == 405
    assert client.get(desk(case, "deposit")).status_code == 405
    assert client.post(desk(case)).status_code == 405
    assert client.post(reverse("leads:store")).status_code == 405
    assert client.post(desk(case, "receipt")).status_code == 405
