"""The organisation tree (ORG-2), and whom somebody may file for."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Grant, Unit, User
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_path_leads_from_the_root_down(headquarters, branch, outlet):
    assert headquarters.path == f"/{headquarters.pk}/"
    assert outlet.path == f"/{headquarters.pk}/{branch.pk}/{outlet.pk}/"


def test_moved_unit_takes_everything_below_along(headquarters, branch, outlet):
    below = UnitFactory(parent=outlet)
    elsewhere = UnitFactory(parent=headquarters, kind="branch")

    outlet.parent = elsewhere
    outlet.save()

    below.refresh_from_db()
    assert outlet.path == f"{elsewhere.path}{outlet.pk}/"
    assert below.path == f"{outlet.path}{below.pk}/"


def test_unit_can_not_stand_below_itself(branch, outlet):
    branch.parent = outlet

    with pytest.raises(ValidationError) as caught:
        branch.full_clean()

    assert set(caught.value.message_dict) == {"parent"}


def test_name_stands_once_below_a_parent(branch, outlet):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitFactory(name=outlet.name, parent=branch)


@pytest.mark.parametrize("both", [True, False])
def test_grant_names_a_person_or_a_unit(manager, agent, both):
    fields = {"person": UserFactory(), "unit": UnitFactory()} if both else {}

    with pytest.raises(ValidationError) as caught:
        Grant(manager=manager, **fields).full_clean()

    assert len(caught.value.messages) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(manager=manager, **fields)


def test_units_below_a_person(office, branch, outlet, other_outlet, headquarters):
    assert set(Unit.objects.below(office)) == {branch, outlet, other_outlet}
    office.unit = None
    assert not Unit.objects.below(office).exists()


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("agent", {"agent"}),
        ("manager", {"manager", "agent", "colleague"}),
        ("office", {"office", "agent", "colleague", "manager"}),
        ("auditor", {"auditor"}),
        ("administrator", {"administrator"}),
    ],
)
def test_one_files_for_people_one_answers_for(request, agent, colleague, stranger, manager, who, people):
    user = request.getfixturevalue(who)

    assert {person.username for person in User.objects.fileable_by(user)} == people


def test_nobody_files_for_those_who_left(manager, agent):
    agent.is_active = False
    agent.save()

    assert agent not in User.objects.fileable_by(manager)


def test_names_that_people_read(agent, outlet):
    agent.name = ""

    assert (str(agent), agent.get_full_name(), agent.get_short_name(), str(outlet)) == (
        "agent",
        "agent",
        "agent",
        "办公室",
    )
