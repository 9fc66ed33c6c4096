"""The table of visibility: role → exact set of rows (ORG-4)."""

import pytest

from accounts.models import Grant, Unit, User
from leads.forms.lists import filter_words
from leads.models import Assignment, FollowUp, Lead, Measurement
from tests.factories import MORNING, AssignmentFactory, LeadFactory, UserFactory

ROLES = (
    "agent",
    "colleague",
    "stranger",
    "partner",
    "manager",
    "idle_manager",
    "auditor",
    "seller",
    "other_seller",
    "measurer",
    "office",
    "executive",
    "administrator",
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(*ROLES)]

OURS = {"own", "assigned", "ended", "withdrawn"}
EVERYTHING = OURS | {"colleague's", "elsewhere", "partner's"}

LEADS = {
    "agent": OURS,
    "colleague": {"colleague's"},
    "stranger": {"elsewhere"},
    "partner": {"partner's"},
    "manager": OURS | {"colleague's"},
    "idle_manager": set(),
    "auditor": {"assigned", "colleague's"},
    "seller": {"assigned", "elsewhere"},
    "other_seller": {"colleague's"},
    "measurer": set(),
    "office": OURS | {"colleague's", "partner's"},
    "executive": EVERYTHING,
    "administrator": set(),
}
ASSIGNMENTS = {
    "agent": {"assigned", "ended"},
    "colleague": {"colleague's"},
    "stranger": {"elsewhere"},
    "partner": set(),
    "manager": {"assigned", "ended", "colleague's"},
    "idle_manager": set(),
    "auditor": {"assigned", "ended", "colleague's"},
    "seller": {"assigned", "elsewhere"},
    "other_seller": {"colleague's"},
    "measurer": set(),
    "office": {"assigned", "ended", "colleague's"},
    "executive": {"assigned", "ended", "colleague's", "elsewhere"},
    "administrator": set(),
}
MEASUREMENTS = {
    "agent": {"own"},
    "colleague": set(),
    "stranger": {"elsewhere"},
    "partner": set(),
    "manager": {"own"},
    "idle_manager": set(),
    "auditor": set(),
    "seller": set(),
    "other_seller": set(),
    "measurer": {"own"},
    "office": {"own"},
    "executive": {"own", "elsewhere"},
    "administrator": set(),
}
BRANCH_OUTLETS = {"办公室", "渠道一部"}
BRANCH_PEOPLE = set(ROLES) - {"stranger", "executive", "administrator"}


@pytest.fixture
def scene(agent: User, colleague: User, stranger: User, partner: User, store: Unit, other_store: Unit) -> None:
    LeadFactory(name="own", filer=agent)
    LeadFactory(name="withdrawn", filer=agent, progress="withdrawn", hold="released")
    LeadFactory(name="partner's", filer=partner)
    AssignmentFactory(lead__name="assigned", lead__filer=agent, store=store)
    AssignmentFactory(
        lead__name="ended", lead__filer=agent, lead__progress="filed", store=store, standing=False, ended_at=MORNING
    )
    AssignmentFactory(lead__name="colleague's", lead__filer=colleague, store=other_store)
    AssignmentFactory(lead__name="elsewhere", lead__filer=stranger, store=store)


@pytest.fixture
def dispatched(scene: None, measurer: User) -> None:
    for name, designer in {"own": measurer, "elsewhere": UserFactory(username="elsewhere_designer")}.items():
        lead = Lead.objects.get(name=name)
        Measurement.objects.create(lead=lead, designer=designer, scheduled_at=MORNING, by=lead.filer, at=MORNING)


@pytest.mark.parametrize("who", ROLES)
def test_leads_follow_the_role(request, scene, who):
    user = request.getfixturevalue(who)

    visible = Lead.objects.visible_to(user)

    assert sorted(lead.name for lead in visible) == sorted(LEADS[who])


@pytest.mark.parametrize("who", ROLES)
def test_withdrawn_leads_are_out_of_every_list_but_the_offices(request, scene, who):
    user = request.getfixturevalue(who)

    listed = {lead.name for lead in Lead.objects.listed_for(user)}

    assert listed == (LEADS[who] if who == "office" else LEADS[who] - {"withdrawn"})


@pytest.mark.parametrize("who", ROLES)
def test_assignments_follow_the_role(request, scene, who):
    user = request.getfixturevalue(who)

    visible = Assignment.objects.visible_to(user)

    assert sorted(assignment.lead.name for assignment in visible) == sorted(ASSIGNMENTS[who])


@pytest.mark.parametrize("who", ROLES)
def test_showrooms_own_list_is_for_showrooms(request, scene, who):
    user = request.getfixturevalue(who)

    visible = Assignment.objects.in_store_of(user)

    expected = {"seller": {"assigned", "elsewhere"}, "other_seller": {"colleague's"}}.get(who, set())
    assert {assignment.lead.name for assignment in visible} == expected


@pytest.mark.parametrize("who", ROLES)
def test_measurements_follow_the_role(request, dispatched, who):
    user = request.getfixturevalue(who)

    visible = Measurement.objects.visible_to(user)

    assert sorted(measurement.lead.name for measurement in visible) == sorted(MEASUREMENTS[who])


@pytest.mark.parametrize("who", ROLES)
def test_follow_ups_go_with_their_lead(request, scene, who):
    user = request.getfixturevalue(who)
    for lead in Lead.objects.all():
        FollowUp.objects.create(lead=lead, content=lead.name, by=lead.filer, at=MORNING)

    visible = FollowUp.objects.visible_to(user)

    assert {contact.content for contact in visible} == LEADS[who]


@pytest.mark.parametrize("who", ROLES)
def test_filters_offer_only_outlets_and_people_in_sight(request, scene, who):
    user = request.getfixturevalue(who)

    words = filter_words(user)

    offered = {word.name for word in words["outlet"]}, {word.name for word in words["filer"]}
    rows = [lead for lead in Lead.objects.select_related("outlet", "filer") if lead.name in LEADS[who]]
    assert offered == ({lead.outlet.name for lead in rows}, {lead.filer.name for lead in rows} | {user.name})


def test_grant_of_a_unit_reaches_everything_below(scene, idle_manager, branch):
    Grant.objects.create(manager=idle_manager, unit=branch)

    visible = Lead.objects.visible_to(idle_manager)

    assert {lead.name for lead in visible} == OURS | {"colleague's", "partner's"}


def test_grant_is_worth_nothing_without_the_managers_scope(scene, stranger, agent):
    Grant.objects.create(manager=stranger, person=agent)

    visible = Lead.objects.visible_to(stranger)

    assert {lead.name for lead in visible} == {"elsewhere"}


def test_unit_whose_path_begins_alike_is_another_unit(scene, office, branch):
    twin = Unit.objects.create(name="另一分公司", kind="outlet", parent=branch.parent)
    Unit.objects.filter(pk=twin.pk).update(path=f"{branch.path.rstrip('/')}9/")
    LeadFactory(name="twin's", filer=UserFactory(unit=Unit.objects.get(pk=twin.pk)))

    visible = Lead.objects.visible_to(office)

    assert {lead.name for lead in visible} == LEADS["office"]


@pytest.mark.parametrize("who", ["auditor", "seller", "office"])
def test_without_a_unit_nothing_below_it_is_seen(request, scene, who):
    user = request.getfixturevalue(who)
    user.unit = None

    seen = [model.objects.visible_to(user).count() for model in (Lead, Assignment)]

    assert seen == [0, 0]


@pytest.mark.parametrize("who", ["agent", "manager", "auditor", "office", "executive", "partner"])
def test_screen_lists_what_the_table_says(request, client, scene, who):
    client.force_login(request.getfixturevalue(who))

    response = client.get("/leads/")

    listed = LEADS[who] if who == "office" else LEADS[who] - {"withdrawn"}
    assert sorted(row.lead.name for row in response.context["rows"]) == sorted(listed)
    assert response.content.count(b"<tr data-number") == len(listed)


@pytest.mark.parametrize("who", ROLES)
def test_lead_opens_by_its_address_only_where_it_is_visible(request, client, scene, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    answers = {lead.name: client.get(f"/leads/{lead.number}/").status_code for lead in Lead.objects.all()}

    right = user.has_perm("leads.view_lead")
    expected = {name: 403 if not right else 200 if name in LEADS[who] else 404 for name in EVERYTHING}
    assert answers == expected
