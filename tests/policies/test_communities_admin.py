"""The dictionary of communities in the administrator's hands: every name leads to one place."""

import pytest
from django.contrib import admin

from core.verdicts import Refused
from policies.admin import CommunityAdmin
from policies.models import Community, CommunityName
from policies.services import names_elsewhere, save_community
from tests.factories import RegionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ADD = "/admin/policies/community/add/"
LIST = "/admin/policies/community/"
TAKEN = "“{}” is a name of the community “{}” already. Add it there, or remove it here."


@pytest.fixture
def city():
    return RegionFactory(name="南宁")


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def made(city, name, *others):
    community = Community(city=city, name=name, aliases="\n".join(others))
    save_community(community)
    return community


def names_of(community):
    return list(community.names.order_by("position").values_list("plain", "city"))


def errors_of(response):
    return response.context["adminform"].form.errors


def test_community_is_added_with_all_its_names(desk, city):
    sent = {"city": city.pk, "name": "云上江南小区", "aliases": " 江南云庄 \r\n\r\n听荷路１８号\r\n江南云庄"}

    response = desk.post(ADD, sent)

    community = Community.objects.get()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (community.name, community.aliases) == ("云上江南小区", "江南云庄\n听荷路１８号")
    assert names_of(community) == [("云上江南", city.pk), ("江南云庄", city.pk), ("听荷路18号", city.pk)]


def test_changed_community_is_found_by_its_new_names_only(desk, city):
    community = made(city, "云上江南", "江南云庄")
    sent = {"city": city.pk, "name": "云上江南", "aliases": "听荷路18号"}

    page = desk.get(f"{LIST}{community.pk}/change/")
    response = desk.post(f"{LIST}{community.pk}/change/", sent)

    assert page.context["adminform"].form["aliases"].value() == "江南云庄"
    assert response.status_code == 302
    assert names_of(community) == [("云上江南", city.pk), ("听荷路18号", city.pk)]


@pytest.mark.parametrize(
    ("name", "aliases", "field", "said"),
    [
        ("云上江南（小区）", "", "name", "云上江南"),
        ("江南云庄", "", "name", "江南云庄"),
        ("江南新庄", "别的\n江南 云庄", "aliases", "江南云庄"),
    ],
)
def test_name_of_another_community_is_refused_beside_its_field(desk, city, name, aliases, field, said):
    made(city, "云上江南", "江南云庄")

    response = desk.post(ADD, {"city": city.pk, "name": name, "aliases": aliases})

    assert response.status_code == 200
    assert errors_of(response) == {field: [TAKEN.format(said, "云上江南")]}
    assert response.context["adminform"].form["aliases"].value() == aliases
    assert Community.objects.count() == 1


def test_same_name_stands_once_in_each_city(desk, city):
    first = made(city, "云上江南")
    elsewhere = RegionFactory(name="柳州")

    response = desk.post(ADD, {"city": elsewhere.pk, "name": "云上江南", "aliases": ""})

    assert response.status_code == 302
    assert set(CommunityName.objects.values_list("plain", "city")) == {
        ("云上江南", city.pk),
        ("云上江南", elsewhere.pk),
    }
    assert names_elsewhere(first) == []


@pytest.mark.parametrize("first_has_city", [True, False])
def test_name_of_all_cities_is_no_name_of_a_single_one(desk, city, first_has_city):
    made(city if first_has_city else None, "云上江南")

    response = desk.post(ADD, {"city": "" if first_has_city else city.pk, "name": "云上江南", "aliases": ""})

    assert errors_of(response) == {"name": [TAKEN.format("云上江南", "云上江南")]}
    assert Community.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "（）", "This says nothing that tells one community from another."),
        ("aliases", "长" * 81, "A name has at most 80 characters: “长长长长长长长长长长…”."),
        ("aliases", "㍿" * 40, "A name has at most 80 characters: “㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿…”."),
        ("name", "云上\u200b江南", "There is an invisible character (U+200B) in it. Please type the text anew."),
    ],
)
def test_what_is_no_name_is_refused(desk, city, field, text, sentence):
    sent = {"city": city.pk, "name": "云上江南", "aliases": ""} | {field: text}

    response = desk.post(ADD, sent)

    assert errors_of(response) == {field: [sentence]}
    assert not Community.objects.exists()


def test_name_taken_in_the_same_instant_is_said_and_loses_nothing(desk, city, monkeypatch):
    made(city, "云上江南", "江南云庄")
    before = [[]]
    monkeypatch.setattr(
        "policies.forms.names_elsewhere", lambda community: before.pop() if before else names_elsewhere(community)
    )

    response = desk.post(ADD, {"city": city.pk, "name": "江南新庄", "aliases": "江南云庄"})

    assert errors_of(response) == {"aliases": [TAKEN.format("江南云庄", "云上江南")]}
    assert response.context["adminform"].form["name"].value() == "江南新庄"
    assert Community.objects.count() == 1


@pytest.mark.parametrize("with_city", [True, False])
def test_database_keeps_a_name_from_being_taken_twice(city, monkeypatch, with_city):
    made(city if with_city else None, "云上江南")
    monkeypatch.setattr("policies.services.names_elsewhere", lambda community: [])

    with pytest.raises(Refused) as caught:
        made(city if with_city else None, "别的", "云上江南")

    assert str(caught.value) == (
        "Another community of this city has one of these names. Add them there, or remove it here."
    )
    assert Community.objects.count() == CommunityName.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("云上江南", {"云上江南"}),
        ("江南云庄", {"云上江南"}),
        ("听荷路１８号", {"云上江南"}),
        ("江南云庄小区", {"云上江南"}),
        ("江南", {"云上江南", "江南一品"}),
        ("无此小区", set()),
    ],
)
def test_any_name_finds_a_community_once(desk, city, asked, found):
    made(city, "云上江南", "江南云庄", "听荷路18号")
    made(None, "江南一品")

    response = desk.get(LIST, {"q": asked})

    results = list(response.context["cl"].result_list)
    assert {community.name for community in results} == found
    assert len(results) == len(found)


@pytest.mark.parametrize("communities", [1, 3])
def test_list_shows_city_and_number_of_names_in_the_same_statements(
    desk, city, communities, django_assert_max_num_queries
):
    for number in range(communities):
        made(city, f"云上江南{number}", f"江南云庄{number}")

    with django_assert_max_num_queries(10):
        page = desk.get(LIST)

    listed = page.context["cl"].result_list
    assert [CommunityAdmin(Community, admin.site).names_count(community) for community in listed] == [2] * communities
    assert page.content.decode().count(f'<td class="field-city nowrap">{city}</td>') == communities


def test_deleted_community_takes_its_names_along(desk, city):
    community = made(city, "云上江南", "江南云庄")

    response = desk.post(f"{LIST}{community.pk}/delete/", {"post": "yes"})

    assert response.status_code == 302
    assert not CommunityName.objects.exists()
