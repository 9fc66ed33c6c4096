"""A database in use is no place for the demo; `test_demo.py` has one that holds nothing else."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User


@pytest.mark.django_db
def test_the_demo_stays_out_of_a_real_system() -> None:
    User.objects.create(username="admin", name="真的管理员")

    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("demo", "--no-serve")

    assert list(User.objects.values_list("username", flat=True)) == ["admin"]
