"""Roles ship ready-made and are edited afterwards (ORG-3); permissions come from them in one statement."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import CommandError, call_command

from accounts import roles
from accounts.management.commands.sync_roles import permissions_named
from accounts.models import User
from accounts.services import give_role
from accounts.standing import standing_of
from core.models import Event
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sync(*options: str) -> list[str]:
    said = StringIO()
    call_command("sync_roles", *options, stdout=said)
    return said.getvalue().splitlines()


def permissions_of(name: str) -> set[str]:
    found = Permission.objects.filter(group__name=name).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in found}


def test_shipped_roles_are_written_as_they_stand():
    Group.objects.all().delete()

    said = sync()

    assert said == [f"{name}: created" for name in roles.ROLES]
    assert {name: permissions_of(name) for name in roles.ROLES} == roles.ROLES


def test_second_time_changes_nothing_and_keeps_what_was_edited():
    sync()
    agents = Group.objects.get(name=roles.SALESPERSON)
    agents.permissions.set(permissions_named({"leads.view_lead", "leads.assign_lead"}))

    said = sync()

    assert said == [f"{name}: kept" for name in roles.ROLES]
    assert permissions_of(roles.SALESPERSON) == {"leads.view_lead", "leads.assign_lead"}
    assert Group.objects.count() == len(roles.ROLES)


def test_reset_gives_the_shipped_permissions_again():
    sync()
    Group.objects.get(name=roles.SALESPERSON).permissions.clear()

    assert sync("--reset")[0] == f"{roles.SALESPERSON}: reset"
    assert permissions_of(roles.SALESPERSON) == roles.ROLES[roles.SALESPERSON]


def test_unknown_permission_is_named():
    with pytest.raises(CommandError, match=r"^unknown permissions: leads\.fly, x\.y$"):
        permissions_named({"leads.view_lead", "x.y", "leads.fly"})


def test_role_is_given_to_many_at_once_and_recorded(agent, colleague, administrator):
    role = Group.objects.get(name=roles.SALESPERSON)
    new = UserFactory()

    count = give_role(User.objects.filter(pk__in=[agent.pk, colleague.pk, new.pk]), role, by=administrator)

    assert count == 1
    assert list(new.groups.all()) == [role]
    event = Event.objects.get()
    assert (event.action, event.subject_id, event.by, event.note) == ("role_given", new.pk, administrator, role.name)


def test_standing_is_read_once_in_one_statement(manager, django_assert_num_queries):
    user = User.objects.get(pk=manager.pk)

    with django_assert_num_queries(1):
        answers = [
            user.has_perm("leads.assign_lead"),
            user.has_perm("leads.work_store"),
            user.has_module_perms("leads"),
        ]

    assert answers == [True, False, True]


def test_own_permissions_count_beside_those_of_groups(agent):
    agent.user_permissions.set(permissions_named({"leads.assign_lead"}))

    assert standing_of(agent.pk).permissions == roles.ROLES[roles.SALESPERSON] | {"leads.assign_lead"}


def test_superuser_has_every_permission_but_no_standing(administrator):
    assert administrator.has_perm("leads.audit_lead")
    assert administrator.get_all_permissions() > roles.ROLES[roles.MANAGER]
    assert not administrator.standing.has("leads.scope_all")


def test_nobody_and_the_inactive_have_nothing(agent):
    agent.is_active = False

    assert (agent.get_all_permissions(), agent.has_perm("leads.view_lead"), agent.has_module_perms("leads")) == (
        set(),
        False,
        False,
    )
    assert AnonymousUser().get_all_permissions() == set()
    assert standing_of(None).permissions == frozenset()


def test_permissions_are_never_of_a_single_object(agent):
    assert not agent.has_perm("leads.view_lead", agent)
    assert agent.get_all_permissions(agent) == set()


@pytest.mark.parametrize(
    ("who", "elsewhere"),
    [("agent", ["/leads/protections/", "/todo/", "/policies/"]), ("manager", ["/leads/protections/", "/todo/"])],
)
@pytest.mark.django_db
def test_whatever_has_no_place_at_the_foot_of_a_phone_is_in_the_menu_of_the_account(request, client, who, elsewhere):
    client.force_login(request.getfixturevalue(who))

    context = client.get("/").context

    shown = [item.url for item in context["elsewhere"]]
    every = {item.url for group in context["navigation"] for item in group}
    assert shown[: len(elsewhere)] == elsewhere
    assert every == {*shown, *(item.url for item in context["thumbs"])}
