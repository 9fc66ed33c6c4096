"""Django's admin in the administrator's hands (ORG-3)."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts import roles
from accounts.models import User
from core.models import Event
from customers.models import SharedKey
from notices.models import Outbox
from policies.models import FilingSettings
from tests.factories import UserFactory
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture
def clerk(shipped_roles, headquarters):
    """Somebody with the administrator's role who is no superuser."""
    user = person(roles.ADMINISTRATOR, headquarters, "clerk")
    user.is_staff = True
    user.save()
    return user


@pytest.mark.parametrize("who", ["administrator", "clerk"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_every_model_can_be_listed_searched_and_added(request, client, who, model):
    client.force_login(request.getfixturevalue(who))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    answers = [client.get(reverse(f"{name}_changelist"), query) for query in ({}, {"q": "办公"})]
    answers.append(client.get(reverse(f"{name}_add")))

    added = 403 if model is Outbox else 200  # a record of what was written, which nobody writes here
    assert [answer.status_code for answer in answers] == [200, 200, added]
    for answer in answers:
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_admin_is_closed_to_everybody_else(client, agent):
    client.force_login(agent)

    assert client.get("/admin/accounts/user/").status_code == 302


def test_role_is_given_to_many_at_once(client, clerk, agent, stranger):
    client.force_login(clerk)
    role = Group.objects.get(name=roles.PARTNER)
    sent = {"action": "add_role", "_selected_action": [agent.pk, stranger.pk]}

    asked = client.post("/admin/accounts/user/", sent)
    before = role.user_set.count()
    given = client.post("/admin/accounts/user/", sent | {"role": role.pk})

    assert (asked.status_code, before) == (200, 0)
    assert str(role.pk) in asked.content.decode()
    assert given.status_code == 302
    assert set(role.user_set.all()) == {agent, stranger}
    assert Event.objects.filter(action="role_given", by=clerk).count() == 2


def test_clerk_makes_no_superusers_and_touches_none(client, clerk, agent, administrator):
    client.force_login(clerk)

    own = client.get(f"/admin/accounts/user/{agent.pk}/change/")
    client.post(f"/admin/accounts/user/{agent.pk}/change/", {"username": "agent", "name": "x", "is_superuser": "on"})
    theirs = client.post(f"/admin/accounts/user/{administrator.pk}/change/", {"username": "x"})

    assert own.status_code == 200
    assert "is_superuser" not in own.context["adminform"].form.fields
    assert "user_permissions" not in own.context["adminform"].form.fields
    assert theirs.status_code == 403
    assert set(User.objects.filter(is_superuser=True)) == {administrator}


def test_new_person_is_made_with_unit_and_role(client, administrator, outlet):
    client.force_login(administrator)
    role = Group.objects.get(name=roles.SALESPERSON)
    grants = {f"grants-{name}": value for name, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()}
    sent = {
        "username": "new",
        "usable_password": "true",
        "password1": "Ganz-Neu-2026",
        "password2": "Ganz-Neu-2026",
        "name": "新人",
        "unit": outlet.pk,
        "groups": [role.pk],
    }

    response = client.post("/admin/accounts/user/add/", sent | grants)

    assert response.status_code == 302
    made = User.objects.get(username="new")
    assert (made.unit, list(made.groups.all()), made.must_change_password) == (outlet, [role], True)


def test_settings_are_one_row(client, administrator):
    client.force_login(administrator)
    sent = {
        "mobile_check": "warn",
        "follow_up_after_days": 5,
        "check_budget": 20,
        "shared_after": 5,
        "scope": "customer",
    }

    client.post("/admin/policies/filingsettings/add/", sent)
    again = client.post("/admin/policies/filingsettings/add/", sent)
    deleted = client.post("/admin/policies/filingsettings/1/delete/", {"post": "yes"})

    assert (again.status_code, deleted.status_code) == (403, 403)
    assert list(FilingSettings.objects.values_list("pk", "mobile_check", "follow_up_after_days")) == [(1, "warn", 5)]


def test_role_keeps_its_rights_when_it_is_saved_anew(client, clerk):
    client.force_login(clerk)
    for role in Group.objects.all():
        before = set(role.permissions.all())

        page = client.get(f"/admin/auth/group/{role.pk}/change/")
        chosen = [permission.pk for permission in page.context["adminform"].form["permissions"].initial]
        client.post(f"/admin/auth/group/{role.pk}/change/", {"name": role.name, "permissions": chosen})

        assert set(role.permissions.all()) == before


def test_administrators_see_no_business_rows(client, clerk):
    client.force_login(clerk)

    assert [client.get(path).status_code for path in ("/leads/", "/audit/", "/store/")] == [403] * 3
    assert not {model._meta.app_label for model in MODELS} & {"leads", "jobs", "core"}
    assert [model for model in MODELS if model._meta.app_label == "customers"] == [SharedKey]
    assert UserFactory().pk
