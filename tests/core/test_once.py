"""One-time form keys: what is sent twice is done once and answered twice alike."""

import pytest
from django.core import signing

from core.models import OneTimeKey
from core.once import SALT, AlreadyDone, action, new_key, secret_of
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


def test_second_time_repeats_the_first_answer():
    user = UserFactory()
    with action(user.pk, "secret") as answer:
        answer.location = "/leads/KH1/"

    with pytest.raises(AlreadyDone) as replay, action(user.pk, "secret"):
        raise AssertionError("the work must not be done again")

    assert replay.value.location == "/leads/KH1/"
    kept = OneTimeKey.objects.get()
    assert (kept.user, kept.key, kept.location) == (user, "secret", "/leads/KH1/")


def test_failed_action_leaves_its_key_unused():
    user = UserFactory()
    with pytest.raises(RuntimeError), action(user.pk, "secret"):
        raise RuntimeError

    assert not OneTimeKey.objects.exists()


def test_without_a_key_nothing_is_kept():
    with action(1, "") as answer:
        answer.location = "/"

    assert not OneTimeKey.objects.exists()
