import pytest
from django.db import IntegrityError, OperationalError, transaction

from core.constraints import is_busy, violates
from core.models import OneTimeKey, Serial
from core.once import action
from core.verdicts import Refused
from customers.models import Customer, IdentityKey
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_violates_tells_one_constraint_from_another():
    one, other = Customer.objects.create(name="韦半夏"), Customer.objects.create(name="陆见川")
    IdentityKey.objects.create(customer=one, kind="mobile", value="13800000001", held=True)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        IdentityKey.objects.create(customer=other, kind="mobile", value="13800000001", held=True)

    assert violates(caught.value, IdentityKey, "key_held_once")
    assert not violates(caught.value, IdentityKey, "key_once_per_customer")
    assert not violates(caught.value, Serial, "serial_one_row_per_prefix_and_day")


def test_a_lock_waited_for_too_long_becomes_a_refusal_that_keeps_the_form_usable():
    user = UserFactory()

    with pytest.raises(Refused), action(user.pk, "secret"):
        raise OperationalError("database is locked")

    assert not OneTimeKey.objects.exists()


def test_other_operational_errors_stay_what_they_are():
    error = OperationalError("disk I/O error")

    assert not is_busy(error)
    with pytest.raises(OperationalError), action(UserFactory().pk, ""):
        raise error
