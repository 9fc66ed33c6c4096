"""The table of the workflow: state × role → exact set of actions; and what the moves write."""

from itertools import product

import pytest

from core.models import Event
from core.verdicts import Refused
from leads.choices import Hold, Progress
from leads.models import Assignment, Lead
from leads.workflow import MOVES, Action, State, demand, derived, may, open_moves, perform, settle_lead, state_of
from tests.factories import MORNING, AssignmentFactory, LeadFactory
from tests.leads.test_visibility import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

OF_ASSIGNMENTS = {Action.CORRECT, Action.DEPOSIT, Action.TAKE_BACK, Action.REVERSE, Action.DECIDE, Action.REOPEN}
OF_LEADS = set(Action) - OF_ASSIGNMENTS

REOPENS = {"reopen"}
FOLLOWS = {"follow_up"}
SENDS = {"follow_up", "dispatch"}
HANDS_OUT = {"follow_up", "dispatch", "assign"}
CHANGES = {"edit", "withdraw", "follow_up"}
KEEPS = {"release", "extend"}
WATCHES = {"void", "confirm_visit"}
FOLLOWERS = ("colleague", "stranger", "partner", "seller", "other_seller")
DESKS = ("manager", "idle_manager", "office", "administrator")

ON_LEADS: dict[str, dict[str, set[str]]] = {
    "filed": {"agent": CHANGES | KEEPS} | dict.fromkeys(FOLLOWERS, FOLLOWS) | dict.fromkeys(DESKS, HANDS_OUT | WATCHES),
    "returned": {"agent": CHANGES | KEEPS | {"resubmit"}}
    | dict.fromkeys(FOLLOWERS, FOLLOWS)
    | dict.fromkeys(DESKS, SENDS | WATCHES),
    "assigned": {"agent": FOLLOWS | KEEPS}
    | dict.fromkeys(FOLLOWERS, FOLLOWS)
    | dict.fromkeys(DESKS, HANDS_OUT | WATCHES),
    "deposit": {"agent": FOLLOWS | KEEPS}
    | dict.fromkeys(FOLLOWERS, FOLLOWS)
    | dict.fromkeys(DESKS, HANDS_OUT | WATCHES | {"win"}),
    "won": dict.fromkeys(("agent", *FOLLOWERS), FOLLOWS) | dict.fromkeys(DESKS, SENDS),
    "withdrawn": {},
    "rejected": {},
    "lost": {},
}
"""The moves on a lead that is protected, by its progress."""

ANSWERS = {"approve", "reject", "return"}
"""These have no right of their own: the kind of the request has it, `approvals` asks for it."""
IS_OVER: dict[str, set[str]] = {"agent": CHANGES} | dict.fromkeys(FOLLOWERS, FOLLOWS) | dict.fromkeys(DESKS, SENDS)
BY_HOLD: dict[str, dict[str, set[str]]] = {
    "pending": dict.fromkeys(ROLES, ANSWERS)
    | {"agent": CHANGES | {"release"}}
    | dict.fromkeys(FOLLOWERS, FOLLOWS | ANSWERS)
    | dict.fromkeys(DESKS, SENDS | ANSWERS | {"void"}),
    "protected": ON_LEADS["filed"],
    "expired": IS_OVER,
    "released": IS_OVER,
    "voided": IS_OVER,
    "queued": dict.fromkeys(ROLES, ANSWERS)
    | {"agent": CHANGES}
    | dict.fromkeys((*FOLLOWERS, *DESKS), FOLLOWS | ANSWERS),
    "cancelled": IS_OVER,
}
"""The moves on a lead that is merely filed, by its hold."""

ON_ASSIGNMENTS: dict[str, dict[str, set[str]]] = {
    "assigned": {
        "manager": {"take_back", "decide"},
        "idle_manager": {"take_back", "decide"},
        "auditor": {"decide"},
        "seller": {"correct", "deposit"},
        "office": {"take_back"},
        "administrator": {"take_back", "decide"},
    },
    "deposit": {
        "manager": {"reverse", "decide"},
        "idle_manager": {"reverse", "decide"},
        "auditor": {"decide"},
        "seller": {"correct"},
        "administrator": {"reverse", "decide"},
    },
    "decided": dict.fromkeys(("auditor", "administrator"), REOPENS),
    "ended": {},
}
STATES = {
    "assigned": {},
    "deposit": {"paid": True},
    "decided": {"audit_status": "success"},
    "ended": {"standing": False, "ended_at": MORNING},
}


@pytest.mark.parametrize(("progress", "who"), list(product(Progress.values, ROLES)))
def test_each_role_has_exactly_these_moves_on_a_lead(request, agent, progress, who):
    user = request.getfixturevalue(who)
    lead = Lead(filer=agent, filed_by=agent, progress=progress)

    verdicts = {action: may(user, action, lead) for action in OF_LEADS}

    assert {str(action) for action, verdict in verdicts.items() if verdict} == ON_LEADS[progress].get(who, set())
    assert all(str(verdict.reason) for verdict in verdicts.values() if not verdict)


@pytest.mark.parametrize(("hold", "who"), list(product(Hold.values, ROLES)))
def test_each_role_has_exactly_these_moves_by_hold(request, agent, hold, who):
    user = request.getfixturevalue(who)
    lead = Lead(filer=agent, filed_by=agent, progress="filed", hold=hold)

    verdicts = {action: may(user, action, lead) for action in OF_LEADS}

    assert {str(action) for action, verdict in verdicts.items() if verdict} == BY_HOLD[hold].get(who, set())
    assert all(str(verdict.reason) for verdict in verdicts.values() if not verdict)


@pytest.mark.parametrize(("state", "who"), list(product(STATES, ROLES)))
def test_each_role_has_exactly_these_moves_on_an_assignment(request, agent, store, state, who):
    user = request.getfixturevalue(who)
    assignment = AssignmentFactory(lead__filer=agent, store=store, **STATES[state])

    verdicts = {action: may(user, action, assignment) for action in OF_ASSIGNMENTS}

    assert state_of(assignment) == state
    assert {str(action) for action, verdict in verdicts.items() if verdict} == ON_ASSIGNMENTS[state].get(who, set())
    assert all(str(verdict.reason) for verdict in verdicts.values() if not verdict)


@pytest.mark.parametrize("part", ["filer", "filed_by"])
@pytest.mark.parametrize(
    ("who", "state", "action"),
    [
        *product(("manager", "administrator", "auditor"), ("assigned", "deposit"), ("decide",)),
        *product(("administrator", "auditor"), ("decided",), ("reopen",)),
    ],
)
def test_nobody_decides_on_a_filing_of_their_own(request, agent, store, part, who, state, action):
    user = request.getfixturevalue(who)
    people = {"lead__filer": agent, "lead__filed_by": agent, f"lead__{part}": user}
    assignment = AssignmentFactory(**people, store=store, **STATES[state])

    verdict = may(user, Action(action), assignment)

    assert str(verdict.reason) == "Nobody decides on a filing of their own. Ask a colleague to do it."


@pytest.mark.parametrize(
    ("mobile", "begins"),
    [("138****8000", "Digits of its number are hidden"), ("13800138000", "It waits for a person to approve it")],
)
def test_what_is_not_protected_yet_goes_to_no_showroom(manager, agent, mobile, begins):
    lead = Lead(filer=agent, filed_by=agent, progress="filed", hold="pending", mobile=mobile)

    assert str(may(manager, Action.ASSIGN, lead).reason).startswith(begins)
    assert may(manager, Action.FOLLOW_UP, lead)


@pytest.mark.parametrize(
    ("hold", "progress", "reason"),
    [
        (
            "queued",
            "filed",
            "It waits in the queue for a customer that somebody else holds. Wait until its turn has come.",
        ),
        (
            "cancelled",
            "filed",
            "Its place in the queue was given up, so it goes to no showroom. File the customer again.",
        ),
        (
            "expired",
            "filed",
            "Its protection has ended (expired), so it goes to no showroom. File the customer again.",
        ),
        (
            "voided",
            "filed",
            "Its protection has ended (voided), so it goes to no showroom. File the customer again.",
        ),
        ("expired", "assigned", ""),
        ("released", "deposit", ""),
    ],
)
def test_what_holds_no_customer_goes_to_no_first_showroom(manager, agent, hold, progress, reason):
    lead = Lead(filer=agent, filed_by=agent, progress=progress, hold=hold)

    assert str(may(manager, Action.ASSIGN, lead).reason) == reason


@pytest.mark.parametrize("action", [Action.EDIT, Action.WITHDRAW])
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"progress": "assigned"}, "Already assigned to a showroom: the filed data can't be changed any more."),
        (
            {"progress": "filed", "credited_on": MORNING.date()},
            "Already audited: the filed data can't be changed any more.",
        ),
        (
            {"progress": "deposit", "credited_on": MORNING.date()},
            "Already audited: the filed data can't be changed any more.",
        ),
        ({"progress": "deposit"}, "Not possible while the lead is: deposit paid."),
        ({"progress": "withdrawn"}, "Not possible while the lead is: withdrawn."),
    ],
)
def test_refused_change_of_filed_data_says_why(agent, action, fields, reason):
    lead = Lead(filer=agent, filed_by=agent, **fields)

    verdict = may(agent, action, lead)

    assert str(verdict.reason) == reason


@pytest.mark.parametrize(
    ("who", "action", "fields", "reason"),
    [
        ("agent", "assign", {}, "You have no right to do this. Ask your administrator."),
        ("colleague", "edit", {}, "Only the person who filed the lead can do this."),
        ("manager", "withdraw", {}, "Only the person who filed the lead can do this."),
        ("manager", "assign", {"progress": "lost"}, "Not possible while the lead is: lost."),
        ("agent", "follow_up", {"progress": "rejected"}, "Not possible while the lead is: rejected."),
    ],
)
def test_refused_move_of_a_lead_says_why(request, agent, who, action, fields, reason):
    lead = Lead(filer=agent, filed_by=agent, **fields)

    verdict = may(request.getfixturevalue(who), Action(action), lead)

    assert str(verdict.reason) == reason


@pytest.mark.parametrize(
    ("who", "action", "state", "reason"),
    [
        ("other_seller", "correct", "assigned", "Only the showroom it is assigned to can do this."),
        ("administrator", "deposit", "assigned", "Only the showroom it is assigned to can do this."),
        ("seller", "deposit", "deposit", "Not possible while the assignment is: deposit paid."),
        ("seller", "correct", "decided", "Already audited: the decision has to be reopened first."),
        ("manager", "take_back", "deposit", "The deposit is paid: a manager has to reverse it first."),
        ("manager", "reverse", "assigned", "Not possible while the assignment is: assigned, without deposit."),
        ("auditor", "decide", "decided", "Already audited: the decision has to be reopened first."),
        ("auditor", "decide", "ended", "Not possible while the assignment is: taken back."),
        ("auditor", "take_back", "assigned", "You have no right to do this. Ask your administrator."),
    ],
)
def test_refused_move_of_an_assignment_says_why(request, agent, store, who, action, state, reason):
    assignment = AssignmentFactory(lead__filer=agent, store=store, **STATES[state])

    verdict = may(request.getfixturevalue(who), Action(action), assignment)

    assert str(verdict.reason) == reason


def test_person_without_a_unit_works_in_no_showroom(agent, store, seller):
    assignment = AssignmentFactory(lead__filer=agent, store=store)
    seller.unit = None

    assert str(may(seller, Action.CORRECT, assignment).reason) == "Only the showroom it is assigned to can do this."


def test_moves_that_need_a_reason_ask_for_it(agent, manager, store):
    needing = {action for action, move in MOVES.items() if move.needs_note}
    assignment = AssignmentFactory(lead__filer=agent, store=store)

    of_assignments = {Action.TAKE_BACK, Action.REVERSE, Action.REOPEN}
    assert needing == of_assignments | {Action.RELEASE, Action.VOID, Action.EXTEND, Action.REJECT, Action.RETURN}
    with pytest.raises(Refused, match=r"^Please say why\.$"):
        demand(manager, Action.TAKE_BACK, assignment, "  ")


def test_buttons_are_the_moves_one_has_the_right_to(agent, manager, store):
    assignment = AssignmentFactory(lead__filer=agent, store=store)

    of_lead = {str(action): bool(verdict) for action, verdict in open_moves(manager, assignment.lead)}
    of_assignment = {str(action): bool(verdict) for action, verdict in open_moves(manager, assignment)}

    assert of_lead == {
        "edit": False,
        "withdraw": False,
        "follow_up": True,
        "dispatch": True,
        "assign": True,
        "extend": False,
        "release": False,
        "confirm_visit": True,
        "win": False,
        "void": True,
    }
    assert of_assignment == {"take_back": True, "reverse": False, "decide": True}


def test_move_is_written_with_its_event(agent):
    lead = LeadFactory(filer=agent)

    perform(Action.WITHDRAW, lead, by=agent, at=MORNING, note="重复", progress="withdrawn")

    lead.refresh_from_db()
    event = Event.objects.get()
    assert lead.progress == "withdrawn"
    assert (event.action, event.before, event.after, event.note) == ("withdraw", "filed", "withdrawn", "重复")
    assert (event.subject_type, event.subject_id, event.by, event.at) == ("leads.lead", lead.pk, agent, MORNING)


@pytest.mark.parametrize("meanwhile", [{"progress": "deposit"}, {"audit_status": "failure"}, {"standing": False}])
def test_move_on_a_row_changed_meanwhile_is_refused(agent, auditor, store, meanwhile):
    assignment = AssignmentFactory(lead__filer=agent, store=store)
    paid = {"deposit_amount": 5, "deposit_at": MORNING} if "progress" in meanwhile else {}
    Assignment.objects.filter(pk=assignment.pk).update(**meanwhile, **paid)

    with pytest.raises(Refused, match=r"^Somebody was quicker: this has just changed\. Look at it again\.$"):
        perform(Action.DECIDE, assignment, by=auditor, at=MORNING, audit_status="success")

    assert Assignment.objects.filter(pk=assignment.pk, audit_status="success").count() == 0
    assert Event.objects.count() == 0


def stands(progress: str = "assigned", audit: str = "unaudited", *, standing: bool = True) -> Assignment:
    return Assignment(progress=progress, audit_status=audit, standing=standing)


@pytest.mark.parametrize(
    ("assignments", "progress", "audit"),
    [
        ([], "filed", "unaudited"),
        ([stands(standing=False)], "filed", "unaudited"),
        ([stands()], "assigned", "unaudited"),
        ([stands(), stands("deposit")], "deposit", "unaudited"),
        ([stands("deposit", standing=False), stands()], "assigned", "unaudited"),
        ([stands(audit="failure")], "assigned", "failure"),
        ([stands(audit="failure"), stands()], "assigned", "failure"),
        ([stands(audit="failure"), stands("deposit", "success")], "deposit", "success"),
        ([stands(audit="success"), stands()], "assigned", "success"),
        ([stands(audit="success", standing=False), stands(audit="failure")], "assigned", "failure"),
    ],
)
@pytest.mark.parametrize("before", ["filed", "assigned", "deposit"])
def test_lead_is_what_its_standing_assignments_say(before, assignments, progress, audit):
    assert derived(assignments, Lead(progress=before)) == {"progress": progress, "audit_status": audit}


@pytest.mark.parametrize("progress", ["returned", "won", "withdrawn", "rejected", "lost"])
def test_progress_that_assignments_do_not_make_stays(progress):
    found = derived([stands("deposit", "success")], Lead(progress=progress))

    assert found == {"progress": progress, "audit_status": "success"}


def test_settling_writes_an_event_only_when_the_progress_moves(agent, store):
    lead = LeadFactory(filer=agent)
    settle_lead(lead, at=MORNING, by=agent)
    quiet = Event.objects.count()
    assignment = AssignmentFactory(lead=lead, store=store)

    settle_lead(lead, at=MORNING, by=agent)
    moved = Event.objects.count()
    Assignment.objects.filter(pk=assignment.pk).update(audit_status="success")
    settle_lead(lead, at=MORNING, by=agent)

    lead.refresh_from_db()
    assert (quiet, moved, Event.objects.count()) == (0, 1, 1)
    assert (lead.progress, lead.audit_status) == ("assigned", "success")
    assert (Event.objects.get().before, Event.objects.get().after) == ("filed", "assigned")


def test_every_state_of_an_assignment_is_in_the_table():
    assert set(ON_ASSIGNMENTS) == set(State)
    assert set(ON_LEADS) == set(Progress.values)
    assert set(BY_HOLD) == set(Hold.values)
