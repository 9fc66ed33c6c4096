"""One-time form keys: what is sent twice is done once and answered twice alike."""

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.models import OneTimeKey
from core.once import SALT, AlreadyDone, action, new_key, secret_of
from core.verdicts import Refused
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_key_is_its_owners_only():
    key = new_key(7, "Form")

    assert len(secret_of(key, 7, "Form")) == 16
    assert secret_of(key, 8, "Form") == ""
    assert secret_of(key, 7, "Other") == ""


def test_each_drawing_has_a_key_of_its_own():
    assert len({secret_of(new_key(7, "Form"), 7, "Form") for _time in range(20)}) == 20


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "\x00",
        "é",
        new_key(7, "Form")[:-1],
        signing.dumps([7, "Form", "x"], salt="another"),
        signing.dumps([7, "Form", "x"], salt=SALT, key="another"),
        signing.dumps("x", salt=SALT),
        signing.dumps([7, "Form", "x", 1], salt=SALT),
        signing.dumps(7, salt=SALT),
    ],
    ids=["empty", "short", "nul", "accent", "cut", "salt", "key", "text", "three", "number"],
)
def test_forged_key_is_none(key):
    assert secret_of(key, 7, "Form") == ""


def test_outdated_key_is_none(monkeypatch):
    key = new_key(7, "Form")
    monkeypatch.setattr("core.once.HOURS_VALID", -1)

    assert secret_of(key, 7, "Form") == ""


def test_second_time_repeats_the_first_answer_and_leaves_nothing():
    user = UserFactory()
    with action(user.pk, "secret") as answer:
        answer.location = "/leads/KH1/"

    with pytest.raises(AlreadyDone) as replay, action(user.pk, "secret") as answer:
        UserFactory()
        answer.location = "/leads/KH2/"

    assert replay.value.location == "/leads/KH1/"
    assert list(User.objects.all()) == [user]
    kept = OneTimeKey.objects.get()
    assert (kept.user, kept.key, kept.location) == (user, "secret", "/leads/KH1/")


@pytest.mark.parametrize("error", [Refused("It is yours already."), User.DoesNotExist(), RuntimeError()])
def test_replay_that_fails_at_what_the_first_has_left_repeats_its_answer(error):
    user = UserFactory()
    with action(user.pk, "secret") as answer:
        answer.location = "/leads/KH1/"

    with pytest.raises(AlreadyDone) as replay, action(user.pk, "secret"):
        UserFactory()
        raise error

    assert (replay.value.location, replay.value.__cause__) == ("/leads/KH1/", error)
    assert list(User.objects.all()) == [user]


@pytest.mark.parametrize("error", [Refused("Not today."), User.DoesNotExist(), RuntimeError()])
def test_failed_action_leaves_its_key_unused(error):
    user = UserFactory()
    with action(user.pk, "another"):
        pass

    with pytest.raises(type(error)) as raised, action(user.pk, "secret"):
        raise error

    assert raised.value is error
    assert OneTimeKey.objects.get().key == "another"


def test_key_costs_one_statement():
    user = UserFactory()

    with CaptureQueriesContext(connection) as captured, action(user.pk, "secret") as answer:
        answer.location = "/leads/KH1/"

    written = [query["sql"] for query in captured if "core_onetimekey" in query["sql"]]
    assert len(written) == 1


def test_without_a_key_nothing_is_kept():
    with action(1, "") as answer:
        answer.location = "/"

    assert not OneTimeKey.objects.exists()
