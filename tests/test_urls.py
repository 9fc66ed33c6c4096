"""Every address: closed to a passer-by, and for the main pages who gets what (`screens.md`)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from tests.factories import AssignmentFactory, CollisionFactory, LeadFactory

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {
    "/accounts/login/": 200,
    "/accounts/inactive/": 200,
    "/healthz": 200,
    "/readyz": 200,
}
SAMPLES = {"number": "KH202607220001"}
LOG_IN = ("/accounts/login/", "/admin/login/?next=")
PLACE = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")


def routes(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    """An address for each pattern of the resolver, with a sample in every place that varies."""
    for pattern in patterns:
        part = address_of(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + part)
        elif isinstance(pattern, URLPattern):
            yield prefix + part


def address_of(pattern: Any) -> str:
    text = str(pattern)
    if isinstance(pattern, RegexPattern):
        return "accounts/" if "app_label" in text else "nothing/" if "url" in text else text.strip("^$")
    return PLACE.sub(lambda place: SAMPLES.get(place["name"], "1"), text)


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


def test_walk_finds_the_pages_we_know_of():
    known = {
        "/",
        "/leads/",
        "/leads/KH202607220001/edit/",
        "/audit/1/",
        "/reports/filing/",
        "/admin/policies/quota/add/",
    }
    assert known < set(ROUTES)
    assert not [route for route in ROUTES if "<" in route or "(" in route]


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_closed_to_a_passer_by(client, route):
    response = client.get(route)

    if route in OPEN_TO_ALL:
        assert response.status_code == OPEN_TO_ALL[route]
    else:
        assert response.status_code == 302
        assert response["Location"].startswith(LOG_IN)


@pytest.mark.parametrize("route", sorted(set(ROUTES) - {"/accounts/login/"}))
def test_passer_by_can_post_nowhere(client, route):
    response = client.post(route)

    assert response.status_code in ({405, 200} if route in OPEN_TO_ALL else {302})
    if response.status_code == 302:
        assert response["Location"].startswith(LOG_IN)


def test_nobody_signs_up(client):
    paths = ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/social/signup/"]

    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert not [route for route in ROUTES if "signup" in route or "reset" in route]


PAGES = (
    "/",
    "/leads/",
    "/leads/new/",
    "/leads/import/",
    "/store/",
    "/measure/",
    "/audit/",
    "/reports/",
    "/admin/",
    "/leads/drafts/",
    "/policies/",
    "/leads/protections/",
)
FILER = (200, 200, 200, 200, 403, 403, 403, 403, 302, 200, 200, 200)
ANSWERS = {
    "agent": FILER,
    "partner": FILER,
    "manager": (200, 200, 200, 200, 403, 403, 200, 200, 302, 200, 200, 200),
    "auditor": (200, 200, 403, 403, 403, 403, 200, 200, 302, 403, 403, 200),
    "seller": (200, 403, 403, 403, 200, 403, 403, 403, 302, 403, 403, 403),
    "measurer": (200, 403, 403, 403, 403, 200, 403, 403, 302, 403, 403, 403),
    "office": FILER,
    "executive": (200, 200, 403, 403, 403, 403, 403, 200, 302, 403, 403, 200),
    "administrator": (200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200),
}


@pytest.mark.parametrize("who", ANSWERS)
def test_main_pages_answer_each_role_so(request, client, who):
    client.force_login(request.getfixturevalue(who))

    assert tuple(client.get(page).status_code for page in PAGES) == ANSWERS[who]


HELD_PAGES = ("extend/", "release/", "void/", "visit/", "won/")
ROW_PAGES = ("", "edit/", "delete/", "follow-ups/", "assign/", "measure/", "papers/", *HELD_PAGES)
ON_A_ROW = {
    "agent": (200, 200, 200, 200, 403, 403, 200, 422, 200, 403, 403, 403),
    "manager": (200, 422, 422, 200, 200, 200, 404, 422, 422, 200, 200, 422),
    "idle_manager": (404,) * 12,
    "stranger": (404, 404, 404, 404, 403, 403, 404, 404, 404, 403, 403, 403),
    "office": (200, 422, 422, 200, 200, 200, 200, 422, 422, 200, 200, 422),
    "executive": (200, 403, 403, 200, 403, 403, 404, 403, 403, 403, 403, 403),
    "seller": (403, 403, 403, 404, 403, 403, 404, 403, 403, 403, 403, 403),
    "administrator": (404,) * 12,
}


@pytest.mark.parametrize("who", ON_A_ROW)
def test_pages_of_a_lead_answer_each_role_so(request, client, agent, who):
    lead = LeadFactory(filer=agent)
    client.force_login(request.getfixturevalue(who))

    answers = tuple(client.get(f"/leads/{lead.number}/{page}").status_code for page in ROW_PAGES)

    assert answers == ON_A_ROW[who]


CASE_PAGES = ("/store/{}/", "/audit/{}/")
ON_A_CASE = {
    "agent": (403, 403),
    "manager": (403, 200),
    "idle_manager": (403, 404),
    "auditor": (403, 200),
    "seller": (200, 403),
    "other_seller": (404, 403),
    "office": (403, 403),
    "administrator": (404, 404),
}


@pytest.mark.parametrize("who", ON_A_CASE)
def test_pages_of_a_case_answer_each_role_so(request, client, agent, store, who):
    case = AssignmentFactory(lead__filer=agent, store=store)
    client.force_login(request.getfixturevalue(who))

    assert tuple(client.get(page.format(case.pk)).status_code for page in CASE_PAGES) == ON_A_CASE[who]


COLLISION_PAGES = ("/audit/collisions/", "/audit/collisions/{}/")
ON_A_COLLISION = {
    "agent": (403, 403),
    "manager": (403, 403),
    "auditor": (403, 403),
    "seller": (403, 403),
    "office": (200, 200),
    "executive": (403, 403),
    "administrator": (200, 404),
}


@pytest.mark.parametrize("who", ON_A_COLLISION)
def test_pages_of_a_collision_answer_each_role_so(request, client, agent, colleague, who):
    collision = CollisionFactory(lead__filer=agent, attempt__lead__filer=colleague)
    client.force_login(request.getfixturevalue(who))

    assert tuple(client.get(page.format(collision.pk)).status_code for page in COLLISION_PAGES) == ON_A_COLLISION[who]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/leads/"),
        ("post", "/audit/collisions/"),
        ("post", "/audit/collisions/1/"),
        ("get", "/audit/collisions/1/same/"),
        ("get", "/audit/collisions/1/different/"),
        ("get", "/audit/collisions/1/take-back/"),
        ("get", "/leads/check/"),
        ("post", "/leads/designer-phone/"),
        ("put", "/leads/new/"),
        ("delete", "/leads/{}/"),
        ("post", "/leads/{}/"),
        ("put", "/leads/{}/edit/"),
        ("delete", "/leads/{}/delete/"),
        ("get", "/leads/{}/reveal/"),
        ("put", "/leads/drafts/"),
        ("get", "/leads/drafts/undo/"),
        ("get", "/leads/drafts/1/delete/"),
        ("post", "/leads/protections/"),
        ("put", "/leads/{}/extend/"),
        ("put", "/leads/{}/release/"),
        ("put", "/leads/{}/void/"),
        ("put", "/leads/{}/visit/"),
        ("put", "/leads/{}/won/"),
        ("put", "/leads/{}/papers/"),
        ("post", "/leads/{}/papers/1/"),
        ("get", "/leads/{}/papers/1/delete/"),
    ],
)
def test_wrong_method_is_405(client, manager, agent, method, path):
    lead = LeadFactory(filer=agent)
    client.force_login(manager)

    assert getattr(client, method)(path.format(lead.number)).status_code == 405


@pytest.mark.parametrize(
    "path", ["/nothing/", "/leads/KH1/", "/leads/%00/", "/audit/999999999999999999999/", "/leads/%F0%9F/"]
)
def test_address_that_leads_nowhere_is_404(client, manager, path):
    client.force_login(manager)

    assert client.get(path).status_code == 404
