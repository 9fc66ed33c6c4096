"""Personal data is masked for whoever has no need of it (ORG-6)."""

import pytest

from core.models import Event
from leads.sight import sees_case_in_full, shown
from tests.factories import AssignmentFactory, LeadFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MOBILE, PHONE, ROOM = "13800138000", "0771-5617382", "3-2-1601"
FULL = (MOBILE, PHONE, ROOM)
MASKED = ("138****8000", "0771-***7382", "*-*-****")


@pytest.fixture
def lead(agent):
    return LeadFactory(filer=agent, mobile=MOBILE, phone=PHONE, building_room=ROOM, address_text="幸福里3-2-1601")


@pytest.fixture
def case(lead, store):
    lead.progress = "assigned"
    lead.save()
    return AssignmentFactory(lead=lead, store=store)


@pytest.mark.parametrize(
    ("who", "row", "opened", "revealable"),
    [
        ("agent", FULL, FULL, False),
        ("colleague", MASKED, MASKED, False),
        ("partner", MASKED, MASKED, False),
        ("manager", MASKED, MASKED, True),
        ("auditor", MASKED, FULL, True),
        ("office", MASKED, FULL, True),
        ("seller", MASKED, FULL, False),
        ("measurer", MASKED, MASKED, False),
        ("executive", MASKED, MASKED, False),
        ("administrator", MASKED, MASKED, True),
    ],
)
def test_each_role_sees_exactly_this(request, lead, who, row, opened, revealable):
    user = request.getfixturevalue(who)

    in_list, on_page = shown(user, lead), shown(user, lead, case_open=True)

    assert (in_list.mobile, in_list.phone, in_list.building_room) == row
    assert (on_page.mobile, on_page.phone, on_page.building_room) == opened
    assert in_list.revealable == revealable
    assert (in_list.full, on_page.full) == (row == FULL, opened == FULL)


def test_person_who_entered_the_filing_sees_it_in_full(lead, manager):
    lead.filed_by = manager

    assert shown(manager, lead).full


@pytest.mark.parametrize(
    ("who", "full"),
    [("agent", True), ("seller", True), ("auditor", True), ("manager", True), ("executive", False), ("partner", False)],
)
def test_case_is_compared_in_full_by_those_who_work_on_it(request, case, who, full):
    assert sees_case_in_full(request.getfixturevalue(who), case) == full


@pytest.mark.parametrize("who", ["manager", "auditor", "office", "executive"])
def test_list_shows_no_full_number_to_others(request, client, case, who):
    client.force_login(request.getfixturevalue(who))

    drawn = client.get("/leads/").content.decode()

    assert MASKED[0] in drawn and MASKED[1] in drawn and MASKED[2] in drawn
    assert MOBILE not in drawn and PHONE not in drawn and ROOM not in drawn


@pytest.mark.parametrize(
    ("who", "full"), [("agent", True), ("auditor", True), ("manager", False), ("executive", False)]
)
@pytest.mark.parametrize("target", ["", "drawer"])
def test_page_and_drawer_show_the_same(request, client, case, who, full, target):
    client.force_login(request.getfixturevalue(who))
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}

    drawn = client.get(f"/leads/{case.lead.number}/", headers=headers).content.decode()

    assert [value in drawn for value in FULL] == [full] * 3
    assert (MASKED[0] in drawn) != full


@pytest.mark.parametrize("target", ["", "drawer", "cell"])
def test_reveal_shows_it_in_full_and_is_kept(client, case, manager, target):
    client.force_login(manager)
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}

    response = client.post(f"/leads/{case.lead.number}/reveal/", headers=headers)

    assert response.status_code == 200
    assert (response.content.decode() == MOBILE) == (target == "cell")
    assert MOBILE in response.content.decode()
    event = Event.objects.get(action="reveal")
    assert (event.subject_id, event.by) == (case.lead.pk, manager)


@pytest.mark.parametrize(
    ("who", "status"), [("agent", 403), ("executive", 403), ("seller", 403), ("idle_manager", 404)]
)
def test_reveal_needs_the_right_and_the_row(request, client, case, who, status):
    client.force_login(request.getfixturevalue(who))

    response = client.post(f"/leads/{case.lead.number}/reveal/")

    assert (response.status_code, Event.objects.count()) == (status, 0)
    assert MOBILE not in response.content.decode()


@pytest.mark.parametrize(
    ("name", "text", "agents", "managers"),
    [
        ("mobile", MOBILE, 1, 1),
        ("mobile", PHONE, 1, 1),
        ("mobile", "138001", 1, 0),
        ("mobile", "8000", 1, 0),
        ("q", MOBILE, 1, 1),
        ("q", "13800", 1, 0),
        ("q", "1601", 1, 0),
        ("address", "3-2", 1, 0),
    ],
)
def test_part_of_what_is_masked_finds_only_rows_seen_in_full(
    client, lead, agent, manager, name, text, agents, managers
):
    found = []
    for user in (agent, manager):
        client.force_login(user)
        found.append(len(client.get("/leads/", {name: text}).context["rows"]))

    assert found == [agents, managers]
