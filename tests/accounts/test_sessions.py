"""Sessions bring their person and standing along, and are believed no more than Django's own."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import roles
from accounts.backends import StandingBackend
from accounts.management.commands.sync_roles import permissions_named
from accounts.middleware import PersonOfSession
from accounts.models import Session, User
from accounts.sessions import SessionStore, asked_for_person, person_brought
from accounts.standing import standing_of
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

CHANGE = "/accounts/password/change/"
NEW = "Ganz-Neu-2026"


def person_asking(client: Client) -> User | AnonymousUser:
    """Whom the next request of this browser comes from, as the middleware finds out."""
    request = HttpRequest()
    request.session = SessionStore(client.cookies["sessionid"].value)
    PersonOfSession(lambda request: HttpResponse()).process_request(request)
    user: User | AnonymousUser = request.user
    user.is_authenticated  # noqa: B018
    return user


def test_session_person_unit_and_standing_are_one_statement(client, agent, django_assert_num_queries):
    client.force_login(agent)

    with django_assert_num_queries(1):
        person = person_asking(client)
        told = (person.unit.name, person.has_perm("leads.add_lead"), person.standing.has("leads.scope_all"))

    assert (person, *told) == (agent, "办公室", True, False)


@pytest.mark.parametrize("names", [(), (roles.SALESPERSON,), (roles.SALESPERSON, roles.MANAGER, roles.AUDITOR)])
@pytest.mark.parametrize("own", [set(), {"leads.assign_lead", "leads.audit_lead"}])
@pytest.mark.parametrize("superuser", [False, True])
@pytest.mark.usefixtures("shipped_roles")
def test_standing_brought_is_the_standing(client, names, own, superuser):
    user = UserFactory(is_superuser=superuser)
    user.groups.set(Group.objects.filter(name__in=names))
    user.user_permissions.set(permissions_named(own))
    client.force_login(user)

    assert person_asking(client).standing == standing_of(user.pk)


def test_superuser_may_do_everything_and_has_no_standing(client, administrator):
    administrator.groups.clear()
    client.force_login(administrator)

    person = person_asking(client)

    assert (person.has_perm("leads.audit_lead"), person.standing.permissions) == (True, frozenset())


def test_log_in_and_out(client, agent):
    client.get("/accounts/login/")
    client.force_login(agent)

    assert Session.objects.get().user == agent
    assert client.get(CHANGE).wsgi_request.user == agent

    client.post("/accounts/logout/")

    assert not Session.objects.exists()
    assert client.get(CHANGE).status_code == 302


def test_session_of_nobody_belongs_to_nobody(client):
    session = client.session
    session["chosen"] = "this"
    session.save()

    assert Session.objects.get().user is None
    assert SessionStore(session.session_key)["chosen"] == "this"
    assert person_asking(client) == AnonymousUser()


def test_another_log_in_in_the_same_browser_replaces_the_first(client, agent, colleague):
    client.force_login(agent)
    client.force_login(colleague)

    assert person_asking(client) == colleague
    assert [session.user for session in Session.objects.all()] == [colleague]


def test_changed_password_ends_the_other_sessions_of_the_person(client, agent, colleague):
    elsewhere, others = Client(), Client()
    for browser, user in ((client, agent), (elsewhere, agent), (others, colleague)):
        browser.force_login(user)

    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert [browser.get(CHANGE).status_code for browser in (client, elsewhere, others)] == [200, 302, 200]
    assert sorted(session.user.username for session in Session.objects.all()) == ["agent", "colleague"]


def test_switched_off_person_is_out_at_the_next_request(client, agent):
    client.force_login(agent)
    User.objects.filter(pk=agent.pk).update(is_active=False)

    assert person_asking(client) == AnonymousUser()


def test_changed_groups_count_at_the_next_request(client, agent, manager):
    client.force_login(agent)
    agent.groups.set([])

    assert person_asking(client).standing.permissions == frozenset()

    agent.groups.set(manager.groups.all())

    assert person_asking(client).standing == manager.standing


def test_deleted_person_takes_the_sessions_along(client):
    user = UserFactory()
    client.force_login(user)
    user.delete()

    assert not Session.objects.exists()
    assert client.get(CHANGE).status_code == 302


def test_session_written_while_its_person_is_deleted_is_nobodys():
    user = UserFactory()
    browser = Client()
    browser.force_login(user)
    session = browser.session
    said = session["_auth_user_id"]
    user.delete()

    session.create()

    assert Session.objects.get().get_decoded()["_auth_user_id"] == said
    browser.cookies["sessionid"] = session.session_key
    assert person_asking(browser) == AnonymousUser()


def test_expired_session_is_nobodys_and_can_be_cleared_away(client, agent):
    other = Client()
    for browser in (client, other):
        browser.force_login(agent)
    key = client.session.session_key
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    assert (person_asking(client), person_asking(other)) == (AnonymousUser(), agent)

    call_command("clearsessions", stdout=StringIO())

    assert [session.pk for session in Session.objects.all()] == [other.session.session_key]


def test_signed_data_say_who_it_is_and_not_the_column(client, agent, colleague):
    client.force_login(agent)
    Session.objects.update(user=colleague)

    assert person_asking(client) == agent

    Session.objects.update(user=None)

    assert person_asking(client) == agent


def test_forged_data_are_nobodys(client, agent):
    client.force_login(agent)
    Session.objects.update(session_data="forged")

    assert person_asking(client) == AnonymousUser()


def test_saved_session_still_tells_its_data(client, agent):
    client.force_login(agent)

    assert Session.objects.get().get_decoded() == dict(client.session.items())


def test_person_is_brought_to_the_verification_of_that_session_alone(client, agent, colleague):
    client.force_login(agent)
    session = SessionStore(client.session.session_key)
    session.load()

    with pytest.raises(RuntimeError), asked_for_person(session):
        during = (person_brought(agent.pk), person_brought(colleague.pk), StandingBackend().get_user(colleague.pk))
        raise RuntimeError

    assert during == (agent, None, colleague)
    assert during[0] is session.person
    assert person_brought(agent.pk) is None
    assert StandingBackend().get_user(agent.pk) is not session.person
