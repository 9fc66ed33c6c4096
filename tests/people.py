"""The people of the tests: one of each shipped role, in one small company.

总部 ─ 分公司 ─ 办公室 (agent, manager) · 渠道一部 (colleague) · 渠道二部 (stranger) · 琅东展厅 · 江南展厅
"""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from accounts import roles
from accounts.models import Grant, Unit, User
from tests.factories import UnitFactory, UserFactory


@pytest.fixture
def in_english(settings: Settings) -> Iterator[None]:
    """Sentences come as they stand in the code, in requests and outside of them."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The roles are there once for all tests, as in a system that was set up; they are too many to make for each."""
    with django_db_blocker.unblock():
        call_command("sync_roles", stdout=StringIO())


@pytest.fixture
def shipped_roles(db: None) -> None:
    """The roles, made anew where a test with transactions of its own has emptied the database."""
    if not Group.objects.exists():
        call_command("sync_roles", stdout=StringIO())


@pytest.fixture
def headquarters(db: None) -> Unit:
    return UnitFactory(name="总部", kind="region")


@pytest.fixture
def branch(headquarters: Unit) -> Unit:
    return UnitFactory(name="分公司", kind="branch", parent=headquarters)


@pytest.fixture
def outlet(branch: Unit) -> Unit:
    return UnitFactory(name="办公室", parent=branch)


@pytest.fixture
def other_outlet(branch: Unit) -> Unit:
    return UnitFactory(name="渠道一部", parent=branch)


@pytest.fixture
def store(branch: Unit) -> Unit:
    return UnitFactory(name="琅东展厅", kind="store", parent=branch)


@pytest.fixture
def other_store(branch: Unit) -> Unit:
    return UnitFactory(name="江南展厅", kind="store", parent=branch)


def person(role: str, unit: Unit, username: str) -> User:
    user: User = UserFactory(username=username, name=username, unit=unit)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def agent(shipped_roles: None, outlet: Unit) -> User:
    """A salesperson of 办公室."""
    return person(roles.SALESPERSON, outlet, "agent")


@pytest.fixture
def colleague(shipped_roles: None, other_outlet: Unit) -> User:
    """A salesperson of another outlet of the same branch, granted to the manager as well."""
    return person(roles.SALESPERSON, other_outlet, "colleague")


@pytest.fixture
def stranger(shipped_roles: None, headquarters: Unit) -> User:
    """A salesperson of another branch, granted to nobody."""
    elsewhere = UnitFactory(name="外地", kind="branch", parent=headquarters)
    return person(roles.SALESPERSON, UnitFactory(name="外地渠道", parent=elsewhere), "stranger")


@pytest.fixture
def partner(shipped_roles: None, outlet: Unit) -> User:
    return person(roles.PARTNER, outlet, "partner")


@pytest.fixture
def manager(shipped_roles: None, outlet: Unit, agent: User, colleague: User) -> User:
    """A manager of 办公室, granted the agent and the colleague."""
    user = person(roles.MANAGER, outlet, "manager")
    Grant.objects.create(manager=user, person=agent)
    Grant.objects.create(manager=user, unit=colleague.unit)
    return user


@pytest.fixture
def idle_manager(shipped_roles: None, outlet: Unit) -> User:
    """A manager without grants."""
    return person(roles.MANAGER, outlet, "idle_manager")


@pytest.fixture
def auditor(shipped_roles: None, branch: Unit) -> User:
    """An auditor of the branch."""
    return person(roles.AUDITOR, branch, "auditor")


@pytest.fixture
def seller(shipped_roles: None, store: Unit) -> User:
    """Staff of 琅东展厅."""
    return person(roles.SHOWROOM, store, "seller")


@pytest.fixture
def other_seller(shipped_roles: None, other_store: Unit) -> User:
    return person(roles.SHOWROOM, other_store, "other_seller")


@pytest.fixture
def measurer(shipped_roles: None, branch: Unit) -> User:
    """A designer of ours."""
    return person(roles.DESIGNER, branch, "measurer")


@pytest.fixture
def office(shipped_roles: None, branch: Unit) -> User:
    """The filing office of the branch."""
    return person(roles.OFFICE, branch, "office")


@pytest.fixture
def executive(shipped_roles: None, headquarters: Unit) -> User:
    return person(roles.EXECUTIVE, headquarters, "executive")


@pytest.fixture
def administrator(shipped_roles: None, headquarters: Unit) -> User:
    """A superuser with the administrator's role: permissions, but no rows."""
    user = person(roles.ADMINISTRATOR, headquarters, "administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    return user
