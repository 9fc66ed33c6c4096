"""A story for each ready-made policy through the real services, to the day (RULE-2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from approvals.days import load_chinese_days
from approvals.models import Request
from approvals.services import decide
from core.clock import told
from core.verdicts import Refused
from leads.choices import Door, Ending, Hold
from leads.claims import Judgement
from leads.models import Assignment, Lead, Paper
from leads.services import assignments, filing, holding, reminding, settling, work
from leads.services.requesting import calendar_from
from notices.models import Outbox
from policies.choosing import PolicyInForce
from policies.presets import NAMES, preset
from tests.factories import OrderTypeFactory
from tests.leads.filings import claim_of
from tests.ownership.scenes import at, file, held, moment, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "holidays")]

MOBILE = "13800138001"
OPENING_DAY = date(2026, 10, 1)
TYPED: dict[str, Any] = {
    "gender": "female",
    "floor_area": Decimal(120),
    "estimated_amount": Decimal(80_000),
    "expected_unit_price": Decimal(900),
    "expected_signing_on": date(2026, 12, 1),
    "contract_signed_on": date(2026, 7, 20),
}
TEXTS = (
    "contact_name",
    "visit_purpose",
    "style",
    "signed_elsewhere",
    "help_wanted",
    "contact_feedback",
    "customer_category",
    "project_name",
    "project_site",
    "project_scale",
    "project_progress",
    "product",
    "quantity",
    "contract_name",
    "contract_term",
    "legal_representative",
    "registered_address",
)
WHOLE = dict.fromkeys(TEXTS, "齐全") | TYPED
NAME_AND_SITE = {"name": "韦半夏", "community": "幸福里"}


@pytest.fixture
def holidays(db: None) -> None:
    load_chinese_days([2025, 2026, 2027])


def of(name: str, kind: str = "") -> PolicyInForce:
    """A preset in force, its policy for this kind of customer where it has several."""
    made = preset(name, OPENING_DAY if name == "opening" else None)
    [terms] = [each.terms for each in made if kind in {"", *each.terms.when.customer_kinds}]
    return policy(name, **{setting: getattr(terms, setting) for setting in terms.__dataclass_fields__})


def filed(who: Any, rules: PolicyInForce, day: str, time: str = "09:30", **said: Any) -> Lead:
    """The lead that comes of a complete filing at a moment; raises `Refused`."""
    now = moment(day, time)
    planned = now + timedelta(days=1) if rules.terms.asks and "visit_planned_at" in rules.terms.asks else None
    given = {"mobile": MOBILE, **NAME_AND_SITE, **WHOLE, "visit_planned_at": planned} | said
    with told(now):
        return file(who, rules, calendar_from(moment("2025-12-01")), **given).lead


def refusal(who: Any, rules: PolicyInForce, day: str, time: str = "09:30", **said: Any) -> list[tuple[str, str]]:
    """Field and code of each reason for which a filing is refused."""
    with pytest.raises(Refused) as caught:
        filed(who, rules, day, time, **said)
    return [(problem.field, problem.code) for problem in caught.value.problems]


def answered(who: Any, rules: PolicyInForce, day: str) -> Judgement:
    """What somebody is told who asks for the customer before filing."""
    with pytest.raises(Refused) as caught:
        filed(who, rules, day)
    found: Judgement = caught.value.context["outcome"].judgement
    return found


def free_on(day: str, who: Any, rules: PolicyInForce, **said: Any) -> Lead:
    """Others are refused to the last second of the day before, and file at midnight."""
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert refusal(who, rules, before, "23:59:59", **said) == TAKEN
    return filed(who, rules, day, "00:00", **said)


TAKEN = [("__all__", "taken")]


def granted(lead: Lead, by: Any, day: str, time: str = "10:00") -> None:
    with at(day, time):
        decide(Request.objects.get(subject_id=lead.pk, state="pending").pk, "grant", by=by, answer="已核实")


def stands(lead: Lead) -> str:
    return str(Lead.objects.get(pk=lead.pk).hold)


def through(lead: Lead) -> str | None:
    """The last day of its protection; None for no end."""
    end = held(lead).ends_at
    return (end - timedelta(seconds=1)).astimezone(moment("2026-01-01").tzinfo).date().isoformat() if end else None


def extended(lead: Lead, day: str, time: str = "11:00") -> str:
    """Ask for more time: the reason against it, "" where it is asked for."""
    with at(day, time):
        try:
            holding.extend(lead, until=None, reason="客户仍在比较", by=lead.filer)
        except Refused as refused:
            return str(refused)
    return ""


def followed_up(lead: Lead, day: str, time: str = "10:00") -> None:
    said = {"kind": "call", "status": "continue", "next_on": None, "phone": "", "content": "已联系"}
    with at(day, time):
        work.follow_up(Lead.objects.get(pk=lead.pk), by=lead.filer, **said)


def paid(lead: Lead, by: Any, seller: Any, day: str) -> None:
    with at(day):
        kind = OrderTypeFactory().pk
        assignments.assign(lead, store_id=seller.unit_id, order_type_id=kind, note="", by=by)
        case = Assignment.objects.get(lead=lead)
        assignments.take_deposit(case, amount=Decimal(5000), paid_on=lead.filed_on, receipt="", by=seller)


def visited(lead: Lead, by: Any, day: str) -> None:
    with at(day):
        holding.confirm_visit(Lead.objects.get(pk=lead.pk), note="三方签字", by=by)


NEVER = "The policy knows no longer protection here. When it has ended, file the customer again."
TAKEN_OVER = "What was taken over from the queue can't be prolonged. When it has ended, file the customer again."


def test_furnishing(agent: Any, stranger: Any, colleague: Any, office: Any, seller: Any) -> None:
    rules = of("furnishing")
    assert refusal(agent, rules, "2026-06-01", community="") == [("community", "required")]
    mine = filed(agent, rules, "2026-06-01")
    assert (stands(mine), through(mine)) == (Hold.PROTECTED, "2026-06-08")
    assert refusal(stranger, rules, "2026-06-02", queue=True) == TAKEN
    assert extended(mine, "2026-06-07") == NEVER

    theirs = free_on("2026-06-09", stranger, rules)
    paid(theirs, office, seller, "2026-06-12")

    assert through(theirs) == "2026-09-10"
    free_on("2026-09-11", colleague, rules)


def test_project(agent: Any, stranger: Any, colleague: Any, office: Any) -> None:
    rules = of("project")
    assert refusal(agent, rules, "2026-07-20", project_site="") == [("project_site", "required")]
    mine, theirs = filed(agent, rules, "2026-07-20"), filed(stranger, rules, "2026-07-21")
    assert [stands(lead) for lead in (mine, theirs)] == [Hold.PENDING] * 2
    asked = Request.objects.get(subject_id=mine.pk)
    assert asked.due_at == moment("2026-07-30", "00:00")

    granted(mine, office, "2026-07-22")

    assert [stands(lead) for lead in (mine, theirs)] == [Hold.PROTECTED, Hold.RELEASED]
    assert Outbox.objects.get(kind="granted_to_another").to == stranger
    assert through(mine) == "2026-10-22"
    assert "record a follow-up with this customer first" in extended(mine, "2026-10-02")
    followed_up(mine, "2026-10-01")
    assert "has to be asked for by 2026-10-02, 20 days before" in extended(mine, "2026-10-03", "00:00")
    assert extended(mine, "2026-10-02", "23:59:59") == ""
    assert refusal(colleague, rules, "2026-10-08", queue=True) == TAKEN
    granted(mine, office, "2026-10-09")
    assert through(mine) == "2027-01-22"
    followed_up(mine, "2026-10-10")
    assert "as often as the policy allows" in extended(mine, "2026-10-11")

    with at("2026-11-30"):
        holding.void(Lead.objects.get(pk=mine.pk), why=Ending.FALSE, reason="资料不实", by=office)

    assert refusal(agent, rules, "2027-02-28", "23:59:59") == TAKEN
    filed(agent, rules, "2027-03-01", "00:00")


def test_queue(agent: Any, stranger: Any, colleague: Any, office: Any) -> None:
    rules = of("queue")
    assert refusal(agent, rules, "2026-09-01", project_name="") == [("project_name", "required")]
    mine = filed(agent, rules, "2026-09-01")
    asked = Request.objects.get(subject_id=mine.pk)
    assert (stands(mine), asked.due_at) == (Hold.PENDING, moment("2026-09-01", "10:30"))
    granted(mine, office, "2026-09-01")
    assert through(mine) == "2026-10-08"

    answer = answered(stranger, rules, "2026-09-02")
    assert (answer.room, answer.free_from) == (True, moment("2026-10-09", "00:00"))
    waiting = filed(stranger, rules, "2026-09-02", queue=True)
    assert stands(waiting) == Hold.QUEUED
    answer = answered(colleague, rules, "2026-09-03")
    assert (answer.room, answer.free_from) == (False, None)
    assert refusal(colleague, rules, "2026-09-03", queue=True) == TAKEN

    assert extended(mine, "2026-10-08", "23:59:59") == ""
    granted(mine, office, "2026-10-08", "23:59:59")
    assert through(mine) == "2026-10-23"
    assert "as often as the policy allows" in extended(mine, "2026-10-12")


def test_queue_extended_while_nobody_waits(agent: Any, office: Any) -> None:
    mine = filed(agent, of("queue"), "2026-09-01")
    granted(mine, office, "2026-09-01")

    assert extended(mine, "2026-10-08") == ""
    granted(mine, office, "2026-10-08", "12:00")

    assert through(mine) == "2026-11-09"


@pytest.mark.parametrize("decided", [True, False])
def test_queue_taken_over(agent: Any, stranger: Any, colleague: Any, office: Any, *, decided: bool) -> None:
    """Whoever waited is protected from the day after, for a month of their own that nothing prolongs.

    Approval is asked for when they begin to wait; where nobody has decided, they take over all the same.
    """
    rules = of("queue")
    mine = filed(agent, rules, "2026-09-01")
    granted(mine, office, "2026-09-01")
    waiting = filed(colleague, rules, "2026-09-02", queue=True)
    assert Request.objects.get(subject_id=waiting.pk).due_at == moment("2026-09-02", "10:30")
    if decided:
        granted(waiting, office, "2026-09-02")

    with at("2026-10-09", "00:00"):
        settling.settle_all(moment("2026-10-09", "00:00"))

    assert (stands(mine), stands(waiting)) == (Hold.EXPIRED, Hold.PROTECTED)
    assert held(waiting).started_at == moment("2026-10-09", "00:00")
    assert through(waiting) == "2026-11-09"
    assert extended(waiting, "2026-11-01") == TAKEN_OVER
    free_on("2026-11-10", stranger, rules)


def test_two_months(agent: Any, stranger: Any, office: Any) -> None:
    rules = of("two-months")
    assert refusal(agent, rules, "2026-07-31", project_name="") == [("project_name", "required")]
    mine = filed(agent, rules, "2026-07-31")
    assert (stands(mine), through(mine)) == (Hold.PROTECTED, "2026-09-30")
    assert refusal(stranger, rules, "2026-08-01", queue=True) == TAKEN

    assert extended(mine, "2026-09-30", "23:00") == ""
    granted(mine, office, "2026-09-30", "23:30")

    assert through(mine) == "2026-11-30"
    assert "as often as the policy allows" in extended(mine, "2026-11-01")
    free_on("2026-12-01", stranger, rules)


def test_two_months_given_up(agent: Any, stranger: Any) -> None:
    rules = of("two-months")
    mine = filed(agent, rules, "2026-07-31")

    assert "does not hold its customer" in extended(mine, "2026-10-01", "00:00")
    filed(stranger, rules, "2026-10-01", "00:00")


def test_estate_agent(agent: Any, stranger: Any) -> None:
    rules = of("estate-agent")
    day = "2026-06-01"
    assert refusal(agent, rules, day, gender="") == [("gender", "required")]
    assert refusal(agent, rules, day, visit_planned_at=None) == [("visit_planned_at", "required")]
    arrived = moment(day, "09:30")
    assert refusal(agent, rules, day, visit_planned_at=arrived) == [("visit_planned_at", "ahead")]
    mine = filed(agent, rules, day)
    assert through(mine) == "2026-06-08"

    followed_up(mine, "2026-06-04")

    assert refusal(stranger, rules, "2026-06-07") == TAKEN
    assert extended(mine, "2026-06-07") == NEVER
    free_on("2026-06-09", stranger, rules)


def test_estate_agent_without_contact(agent: Any, stranger: Any) -> None:
    rules = of("estate-agent")
    mine = filed(agent, rules, "2026-06-01")

    free_on("2026-06-07", stranger, rules)

    assert (stands(mine), held(mine).ended_why) == (Hold.EXPIRED, Ending.IDLE)


def test_estate_agent_with_four_and_five_digits(agent: Any, stranger: Any) -> None:
    """Name, gender, the first four and the last five digits hold the customer."""
    rules = of("estate-agent")
    digits = {"mobile": "1380**38001", "filing_kind": "masked"}

    mine = filed(agent, rules, "2026-06-01", **digits)

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, "2026-06-08")
    assert refusal(stranger, rules, "2026-06-02", **digits) == TAKEN


def test_estate_agent_visited(agent: Any, stranger: Any, office: Any) -> None:
    """From the confirmed visit 30 days, in which nobody has to call every five."""
    rules = of("estate-agent")
    mine = filed(agent, rules, "2026-06-01")

    visited(mine, office, "2026-06-05")

    assert through(mine) == "2026-07-05"
    free_on("2026-07-06", stranger, rules)


def test_decoration_partner(partner: Any, stranger: Any) -> None:
    rules = of("decoration-partner")
    late = moment("2026-06-01", "10:29")
    assert refusal(partner, rules, "2026-06-01", visit_planned_at=late) == [("visit_planned_at", "ahead")]
    assert refusal(partner, rules, "2026-06-01", style="") == [("style", "required")]

    mine = filed(partner, rules, "2026-06-01", visit_planned_at=moment("2026-06-01", "10:30"))

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, None)
    assert refusal(stranger, rules, "2036-06-01", queue=True) == TAKEN


def test_decoration_partner_with_hidden_digits(partner: Any, stranger: Any) -> None:
    """The middle four digits may be hidden; such a filing waits and keeps nobody out."""
    rules = of("decoration-partner")

    mine = filed(partner, rules, "2026-06-01", mobile="138****8001", filing_kind="masked")

    assert stands(mine) == Hold.PENDING
    assert stands(filed(stranger, rules, "2026-06-02")) == Hold.PROTECTED


def test_pre_visit(agent: Any, stranger: Any, office: Any) -> None:
    rules = of("pre-visit")
    today = moment("2026-06-01", "23:59")
    assert refusal(agent, rules, "2026-06-01", visit_planned_at=today) == [("visit_planned_at", "ahead")]
    assert refusal(agent, rules, "2026-06-01", visit_purpose="") == [("visit_purpose", "required")]

    mine = filed(agent, rules, "2026-06-01", "23:59:59", visit_planned_at=moment("2026-06-02", "00:00"))
    assert (stands(mine), Request.objects.get().due_at) == (Hold.PENDING, None)
    assert refusal(stranger, rules, "2026-06-02", queue=True) == TAKEN
    granted(mine, office, "2026-06-03")

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, None)


@pytest.mark.parametrize(
    ("kind", "last", "free"), [("person", "2026-07-01", "2026-07-02"), ("company", "2026-11-28", "2026-11-29")]
)
def test_crm(agent: Any, stranger: Any, kind: str, last: str, free: str) -> None:
    rules = of("crm", kind)
    said = {"customer_kind": kind}
    assert refusal(agent, rules, "2026-06-01", name="", **said) == [("name", "required")]
    mine = filed(agent, rules, "2026-06-01", **said)
    assert through(mine) == last
    assert extended(mine, "2026-06-02") == NEVER

    assert [idle(day) for day in ("2026-06-04 23:59", "2026-06-05 00:00")] == [0, 1]
    followed_up(mine, "2026-06-05")
    assert [idle(day) for day in ("2026-06-08 23:59", "2026-06-09 00:00")] == [1, 2]

    free_on(free, stranger, rules, **said)


def idle(said: str) -> int:
    """How many reminders of a customer whom nobody followed up there are by then."""
    now = moment(*said.split())
    with told(now):
        reminding.remind(now)
    return Outbox.objects.filter(kind="idle").count()


def test_crm_fifty_customers(agent: Any) -> None:
    rules = of("crm", "person")
    fifty = [
        claim_of(agent, policy=rules, row=number, mobile=f"138001390{number:02}", name=f"客{number}", community="")
        for number in range(1, 51)
    ]
    with at("2026-06-01"), transaction.atomic():
        assert all(
            outcome.lead for outcome in filing.file_batch(fifty, by=agent, people={agent.pk: agent}, door=Door.IMPORT)
        )

    one_more = {"mobile": "13800137777", "name": "第五十一位", "community": ""}

    assert refusal(agent, rules, "2026-06-01", **one_more) == [("__all__", "limit")]
    filed(agent, rules, "2026-07-02", "00:00", **one_more)


def test_contract(agent: Any, stranger: Any, office: Any) -> None:
    rules = of("contract")
    signed = {"contract_signed_on": date(2026, 9, 28)}
    late = refusal(agent, rules, "2026-10-11", "00:00", **signed)
    assert late == [("contract_signed_on", "late")]
    assert refusal(agent, rules, "2026-10-10", quantity="", **signed) == [("quantity", "required")]

    mine = filed(agent, rules, "2026-10-10", "23:59:59", **signed)
    assert stands(mine) == Hold.PENDING
    granted(mine, office, "2026-10-12")

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, None)
    assert refusal(stranger, rules, "2026-12-01", queue=True, **(signed | {"contract_signed_on": date(2026, 11, 30)}))


@pytest.mark.parametrize(
    ("kind", "papers"), [("person", ["id_card_copy"]), ("company", ["licence_copy", "legal_id_copy"])]
)
def test_two_step(agent: Any, office: Any, kind: str, papers: list[str]) -> None:
    mine = filed(agent, of("two-step", kind), "2026-06-01", customer_kind=kind)
    assert stands(mine) == Hold.PENDING

    for paper in papers:
        with pytest.raises(Refused, match="Papers are missing"):
            granted(mine, office, "2026-06-02")
        with at("2026-06-02"):
            Paper.objects.create(lead=mine, kind=paper, by=agent, at=moment("2026-06-02"), photo="x")
    granted(mine, office, "2026-06-02")

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, None)


@pytest.mark.parametrize(
    ("day", "last", "free"),
    [
        ("2026-07-22", "2026-10-01", "2026-10-02"),
        ("2026-10-01", "2026-10-01", "2026-10-02"),
        ("2026-10-02", "2026-10-09", "2026-10-10"),
    ],
)
def test_opening(agent: Any, stranger: Any, day: str, last: str, free: str) -> None:
    rules = of("opening")
    assert refusal(agent, rules, day, visit_planned_at=moment(day, "23:59")) == [("visit_planned_at", "ahead")]

    mine = filed(agent, rules, day)

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, last)
    assert extended(mine, day, "12:00") == NEVER
    free_on(free, stranger, rules)


def test_territory(agent: Any, stranger: Any, office: Any) -> None:
    rules = of("territory")
    assert refusal(agent, rules, "2026-06-01", product="") == [("product", "required")]
    mine = filed(agent, rules, "2026-06-01")
    assert stands(mine) == Hold.PENDING
    granted(mine, office, "2026-06-02")

    assert (stands(mine), through(mine)) == (Hold.PROTECTED, None)
    assert refusal(stranger, rules, "2036-06-01", queue=True) == TAKEN


def test_every_preset_has_a_story() -> None:
    told_of = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {name.replace("-", "_") for name in NAMES} <= told_of
