"""Log-in, lock-out and passwords (ORG-1)."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.passwords import LettersDigitsSymbols
from core.models import Event
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "fresh_counters")]

LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
NEW = "Ganz-Neu-2026"


@pytest.fixture
def fresh_counters(settings):
    """Counters of failed log-ins in memory, emptied before the test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def log_in(client, login: str = "agent", password: str = PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def test_name_and_password_open_the_workbench(client, agent):
    response = log_in(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").wsgi_request.user == agent


def test_email_will_do_as_well(client, agent):
    agent.email = "agent@example.org"
    agent.save()

    assert log_in(client, "Agent@example.org").status_code == 302


def test_login_leads_back_to_where_one_was_going_but_not_elsewhere(client, agent):
    there = client.post(f"{LOGIN}?next=/leads/", {"login": "agent", "password": PASSWORD, "next": "/leads/"})
    client.logout()
    away = client.post(LOGIN, {"login": "agent", "password": PASSWORD, "next": "https://evil.example/"})

    assert (there["Location"], away["Location"]) == ("/leads/", "/")


@pytest.mark.parametrize(
    ("login", "password"), [("agent", "wrong"), ("nobody", PASSWORD), ("agent", ""), ("", ""), ("agent\x00", PASSWORD)]
)
def test_wrong_log_in_is_422_and_keeps_the_name(client, agent, login, password):
    response = log_in(client, login, password)

    assert response.status_code == 422
    assert not response.wsgi_request.user.is_authenticated
    assert response.context["form"]["login"].value() == login
    assert PASSWORD not in response.content.decode()


def test_unknown_name_and_wrong_password_are_answered_alike(client, agent):
    answers = [log_in(client, "agent", "wrong"), log_in(client, "nobody", "wrong")]

    assert [answer.context["form"].errors for answer in answers] == [
        {"__all__": ["User name or password is wrong."]}
    ] * 2


def test_failure_is_recorded_without_what_was_typed(client, agent):
    log_in(client, "AGENT", "geheim-123!")
    log_in(client, "nobody", "geheim-123!")

    event = Event.objects.get()
    assert (event.action, event.subject_type, event.subject_id, event.by) == (
        "login_failed",
        "accounts.user",
        agent.pk,
        None,
    )
    assert "geheim" not in f"{event.note}{event.changes}"


def test_five_failures_lock_the_account_for_a_while(client, agent, colleague):
    failures = [log_in(client, password="wrong").status_code for _time in range(5)]

    locked = log_in(client)

    assert failures == [422] * 5
    assert locked.status_code == 429
    assert "Too many failed log-ins" in locked.content.decode()
    assert not locked.wsgi_request.user.is_authenticated
    assert Event.objects.filter(action="login_failed", subject_id=agent.pk).count() == 5
    assert log_in(client, "colleague").status_code == 302


def test_person_switched_off_does_not_get_in(client, agent):
    client.force_login(agent)
    agent.is_active = False
    agent.save()

    assert client.get("/leads/").status_code == 302
    response = log_in(client)
    assert (response.status_code, response.get("Location")) in [(302, "/accounts/inactive/"), (422, None)]
    assert client.get("/leads/").status_code == 302


def test_first_log_in_forces_a_change_of_the_password(client, agent):
    agent.must_change_password = True
    agent.save()
    log_in(client)

    answers = [client.get(path) for path in ("/", "/leads/", "/leads/new/", "/admin/")]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, CHANGE)] * 4
    assert client.get(CHANGE).status_code == 200
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_changed_password_opens_everything(client, agent):
    agent.must_change_password = True
    agent.save()
    log_in(client)

    response = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/leads/").status_code == 200
    client.logout()
    assert (log_in(client).status_code, log_in(client, password=NEW).status_code) == (422, 302)


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "sentence"),
    [
        ("wrong", NEW, NEW, "oldpassword", "The present password is wrong."),
        (PASSWORD, PASSWORD, PASSWORD, "password1", "The new password must differ from the present one."),
        (
            PASSWORD,
            "kurz-1",
            "kurz-1",
            "password1",
            "At least 8 characters, with letters, digits and a special character such as ! or -.",
        ),
        (PASSWORD, NEW, "Ganz-Neu-2027", "password2", None),
    ],
)
def test_faulty_change_is_422_and_says_why(client, agent, old, new, again, field, sentence):
    client.force_login(agent)

    response = client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": again})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert sentence is None or sentence in response.context["form"].errors[field]
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", ["abc-123", "abcdefgh-", "12345678-", "abcdefg1", "密码密码密码密码1", "        a1"]
)
def test_simple_password_is_refused(password):
    with pytest.raises(ValidationError) as caught:
        LettersDigitsSymbols().validate(password)

    assert caught.value.code == "password_too_simple"


@pytest.mark.parametrize("password", ["abcdef1!", "密码a1-密码密码", PASSWORD])
def test_password_with_all_three_is_taken(password):
    LettersDigitsSymbols().validate(password)


def test_new_people_must_change_their_password():
    assert type(UserFactory()).objects.create_user("new", password=PASSWORD, name="新").must_change_password


def test_logged_in_person_is_led_past_the_log_in(client, agent):
    client.force_login(agent)

    assert client.get(LOGIN)["Location"] == "/"
