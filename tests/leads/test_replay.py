"""Past filings judged again: by their own policies nothing changes, by others exactly what has to (RULE-3)."""

import json
from datetime import timedelta
from io import StringIO
from time import process_time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Request
from approvals.services import decide
from core.clock import day_of, told
from core.periods import Period
from core.verdicts import Refused
from leads.choices import ENDED
from leads.models import Assignment, FilingAttempt, Lead
from leads.replay import Attempt, Comparison, Setting, Told, replay
from leads.replay.comparing import end_words, is_as_recorded, told_words
from leads.replay.policies import policies_of
from leads.replaying import Past, read_past, try_version
from leads.services import assignments, filing, holding, settling
from policies.dictionaries import Words
from policies.models import Policy, PolicyVersion
from policies.terms import Conditions, Term, Terms
from policies.versions import save_draft
from tests.factories import OrderTypeFactory
from tests.leads.lives import ASKED, BEGIN, RICH, SIDE, WEEK, Life, People
from tests.ownership.scenes import at, file, moment, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JUNE = Period(moment("2026-06-01").date(), moment("2026-06-30").date())


@pytest.fixture
def people(agent: Any, colleague: Any, partner: Any, office: Any, manager: Any, auditor: Any, seller: Any) -> People:
    return People([agent, colleague, partner], office, manager, auditor, seller)


def recorded_end(lead: Lead) -> Any:
    one = lead.protection
    return None if one is None else one.ended_at if lead.hold in ENDED else one.ends_at


def differences(past: Past, listed: list[Told]) -> list[Any]:
    """Tries that the replay of their own policies judges, or lets end, otherwise than the database has it."""
    attempts = {attempt.pk: attempt for attempt in past.attempts}
    leads = Lead.objects.select_related("protection").in_bulk()
    found: list[Any] = []
    for each in listed:
        attempt = attempts[each.attempt_id]
        if not is_as_recorded(attempt, each):
            found.append((each, attempt.verdict, attempt.reasons))
        elif attempt.lead_id:
            lead = leads[attempt.lead_id]
            if (each.hold, each.end) != (lead.hold, recorded_end(lead)):
                found.append((each, lead.hold, recorded_end(lead)))
    return found


def live(people: People, terms: dict[str, Any], seed: int, tries: int) -> Life:
    """A life under two policies, with a tick before each step."""
    life = Life(people, [], seed, ticks=True)
    short = {"when": Conditions(order_types=(life.kinds[0],)), "term": Term(3)}
    life.policies = [policy("橱柜", 0, **RICH | short), policy("其余", 1, **terms)]
    life.run(tries)
    return life


def replayed(life: Life) -> tuple[Past, list[Told]]:
    with told(life.now):
        past = read_past(Period(day_of(BEGIN), day_of(life.now)))
        return past, replay(past.attempts, past.happenings, past.setting)


KINDS = pytest.mark.parametrize("terms", [WEEK, RICH, ASKED, SIDE], ids=["week", "rich", "asked", "side"])


@KINDS
@pytest.mark.drill
@pytest.mark.parametrize("seed", range(1, 5))
def test_many_lives_replayed_by_their_own_policies_come_out_as_they_did(people: People, terms: Any, seed: int) -> None:
    past, listed = replayed(live(people, terms, seed, 300))

    assert (len(listed), differences(past, listed)) == (300, [])


@pytest.mark.drill
@KINDS
def test_filings_replayed_by_their_own_policies_come_out_as_they_did(people: People, terms: Any) -> None:
    past, listed = replayed(live(people, terms, 2, 80))

    assert (len(listed), differences(past, listed)) == (80, [])


def test_two_hundred_filings_replayed_come_out_as_they_did_and_a_draft_of_the_same_changes_nothing(
    people: People,
) -> None:
    life = live(people, RICH, 1, 200)
    past, listed = replayed(life)
    rest = Policy.objects.get(name="其余")
    draft = save_draft(rest, Terms(**RICH))

    with told(life.now):
        found = try_version(draft, Period(day_of(BEGIN), day_of(life.now)))

    assert (len(listed), differences(past, listed)) == (200, [])
    assert min(found.before[verdict] for verdict in ("refused", "protected", "queued", "joined")) > 3
    assert (found.tries, found.as_recorded, found.changes) == (200, 200, ())
    assert found.before == found.after
    assert FilingAttempt.objects.filter(accepted=True, door="form").count() == 200 - found.before["refused"]


@pytest.fixture
def june(agent: Any, stranger: Any, colleague: Any, office: Any, seller: Any) -> Any:
    """Six tries of June under a week of protection: who met whom, and one deposit; the policy."""
    week = policy("周保护", term=Term(7), deposit_term=Term(20))
    with at("2026-06-01"):
        file(agent, week, mobile="13800138001")
        mine = file(agent, week, mobile="13800138002").lead
    with at("2026-06-02"):
        kind, store = OrderTypeFactory(), seller.unit_id
        assignments.assign(mine, store_id=store, order_type_id=kind.pk, note="", by=office)
    with at("2026-06-06"), pytest.raises(Refused):
        file(stranger, week, mobile="13800138001")
    with at("2026-06-06", "10:00"):
        file(stranger, week, mobile="13800138003")
    with at("2026-06-08"):
        assignments.take_deposit(Assignment.objects.get(), amount=5000, paid_on=mine.filed_on, receipt="", by=seller)
    with at("2026-06-09"):
        file(colleague, week, mobile="13800138001")
    with at("2026-06-12"), pytest.raises(Refused):
        file(colleague, week, mobile="13800138003")
    return Policy.objects.get()


def tried(rules: Policy, **terms: Any) -> Comparison:
    draft = save_draft(rules, Terms(**terms))
    with at("2026-07-31", "18:00"):
        settling.settle_all(moment("2026-07-31", "18:00"))
        return try_version(draft, JUNE)


def lines(found: Comparison) -> list[tuple[str, str, str]]:
    """Each change as what was filed when, before and after."""
    return [(f"{one.before.at:%m-%d}", told_words(one.before), told_words(one.after)) for one in found.changes]


def test_three_days_in_place_of_seven_change_just_these(june: Policy) -> None:
    found = tried(june, term=Term(3), deposit_term=Term(20))

    assert lines(found) == [
        ("06-01", "protected through 2026-06-08", "protected through 2026-06-04"),
        ("06-01", "protected through 2026-06-08", "protected through 2026-06-04"),
        ("06-06", "refused: somebody else has the customer", "protected through 2026-06-09"),
        ("06-06", "protected through 2026-06-13", "protected through 2026-06-09"),
        ("06-09", "protected through 2026-06-16", "refused: somebody else has the customer"),
        ("06-12", "refused: somebody else has the customer", "protected through 2026-06-15"),
    ]
    assert [end_words(one.after) for one in found.changes] == [
        "expired 2026-06-04",
        "expired 2026-06-28",
        "expired 2026-06-09",
        "expired 2026-06-09",
        "–",
        "expired 2026-06-15",
    ]
    assert found.changes[1].end_differs is False
    assert (found.before, found.after) == (
        {"refused": 2, "protected": 4, "pending": 0, "queued": 0, "joined": 0},
        {"refused": 1, "protected": 5, "pending": 0, "queued": 0, "joined": 0},
    )
    assert (found.tries, found.as_recorded, found.ends_differ) == (6, 6, 5)


def test_queue_takes_those_who_were_turned_away(june: Policy) -> None:
    found = tried(june, term=Term(7), deposit_term=Term(20), queue=1)

    assert lines(found) == [
        ("06-06", "refused: somebody else has the customer", "waits in line, place 1"),
        ("06-09", "protected through 2026-06-16", "refused: somebody else has the customer"),
        ("06-12", "refused: somebody else has the customer", "waits in line, place 1"),
    ]
    assert [end_words(one.after) for one in found.changes] == [
        "expired 2026-06-16",
        "–",
        "expired 2026-06-21",
    ]


def test_approval_that_nobody_gave_leaves_filings_waiting(june: Policy) -> None:
    found = tried(june, term=Term(7), deposit_term=Term(20), needs_approval=True)

    waits = "waits for a decision"
    assert [after for _day, _before, after in lines(found)] == [waits, waits, waits, lines(found)[-1][2]]
    assert found.after == {"refused": 3, "protected": 0, "pending": 3, "queued": 0, "joined": 0}


def test_missing_field_and_conditions_count(june: Policy) -> None:
    needs = tried(june, term=Term(7), deposit_term=Term(20), required=("budget_note",))
    others = tried(june, term=Term(1), when=Conditions(customer_kinds=("company",)))

    assert needs.after["refused"] == 6
    assert {told_words(one.after) for one in needs.changes} == {"refused: something needed is missing"}
    assert {told_words(one.after) for one in others.changes} >= {"protected without an end"}


def test_what_held_before_the_period_is_met_in_it(june: Policy) -> None:
    draft = save_draft(june, Terms(term=Term(3)))
    later = Period(moment("2026-06-06").date(), JUNE.last)

    with at("2026-07-31"):
        found = try_version(draft, later)

    assert (found.tries, found.as_recorded) == (4, 4)
    assert lines(found)[0] == ("06-06", "protected through 2026-06-13", "protected through 2026-06-09")


def test_granted_and_refused_decisions_happen_again(agent: Any, colleague: Any, office: Any) -> None:
    rules = policy(term=Term(7), needs_approval=True)
    with at("2026-06-01"):
        file(agent, rules, mobile="13800138001")
        file(colleague, rules, mobile="13800138002")
    for decision, request in zip(("grant", "refuse"), Request.objects.order_by("pk"), strict=True):
        with at("2026-06-03", "10:00"):
            decide(request.pk, decision, by=office, answer="已核实")

    found = tried(Policy.objects.get(), term=Term(7))

    assert [(end_words(one.before), end_words(one.after)) for one in found.changes] == [
        ("expired 2026-06-10", "expired 2026-06-08"),
        ("released 2026-06-03 10:00", "expired 2026-06-08"),
    ]


def test_extension_that_the_draft_does_not_know_is_not_given(agent: Any) -> None:
    longer = {"extensions": 1, "extension_term": Term(7), "extension_needs_approval": False}
    rules = policy(term=Term(7), **longer)
    with at("2026-06-01"):
        lead = file(agent, rules).lead
    with at("2026-06-05"):
        holding.extend(lead, until=None, reason="客户仍在比较", by=agent)

    none, more = tried(Policy.objects.get(), term=Term(7)), tried(Policy.objects.get(), term=Term(10), **longer)

    assert [(end_words(one.before), end_words(one.after)) for one in (*none.changes, *more.changes)] == [
        ("expired 2026-06-15", "expired 2026-06-08"),
        ("expired 2026-06-15", "expired 2026-06-18"),
    ]


def test_withdrawn_filing_frees_its_customer_again(agent: Any, stranger: Any) -> None:
    rules = policy(term=Term(7))
    with at("2026-06-01"):
        lead = file(agent, rules).lead
    with at("2026-06-02"):
        filing.withdraw(lead, by=agent)
    with at("2026-06-03"):
        file(stranger, rules)
    with at("2026-06-04"), pytest.raises(Refused):
        file(agent, rules)

    found = tried(Policy.objects.get(), term=Term(7), cool_down=Term(30))

    assert found.changes == ()
    assert found.before["refused"] == 1


def test_same_replay_twice_is_identical(june: Policy) -> None:
    one, other = tried(june, term=Term(3)), tried(june, term=Term(3))

    assert json.dumps(one.to_json()) == json.dumps(other.to_json())
    assert (one.digest, len(one.digest)) == (other.digest, 64)
    assert tried(june, term=Term(4)).digest != one.digest


def test_replay_takes_as_many_statements_for_one_filing_as_for_many(june: Policy) -> None:
    save_draft(june, Terms(term=Term(3)))

    def cost(period: Period) -> int:
        with at("2026-07-31"), CaptureQueriesContext(connection) as captured:
            read_past(period)
        return len(captured)

    assert cost(JUNE) == cost(Period(JUNE.first, JUNE.first)) == 17


def many(count: int) -> tuple[list[Attempt], Setting]:
    """So many tries of twenty people, seven minutes apart, by which a customer is met now and then."""
    terms = Terms(term=Term(7), queue=1)
    made = PolicyVersion(pk=1, policy=Policy(pk=1, name="周"), number=1, body=terms.to_json(), starts_at=BEGIN)
    attempts = [
        Attempt(
            pk=number,
            at=BEGIN + timedelta(minutes=7 * number),
            filer_id=number % 20,
            facts={"filled": ["mobile", "name"], "firm": [f"mobile:{number * 7919 % 1500:032x}"], "address": ""},
            accepted=True,
            lead_id=number,
            number=f"KH{number}",
        )
        for number in range(1, count + 1)
    ]
    return attempts, Setting(Words(), policies_of([made]), attempts[-1].at)


def test_cost_of_a_replay_grows_as_the_number_of_filings() -> None:
    def cost(count: int) -> float:
        attempts, setting = many(count)
        begun = process_time()
        replay(attempts, [], setting)
        return process_time() - begun

    assert cost(4_000) < 12 * cost(1_000)


def said(*args: str, **options: Any) -> str:
    out = StringIO()
    with at("2026-07-31", "18:00"):
        call_command("replay_policy", *args, stdout=out, **options)
    return out.getvalue()


def test_command_tells_figures_changes_and_digest(june: Policy) -> None:
    save_draft(june, Terms(term=Term(3), deposit_term=Term(20)))

    lines = said("周保护", "--from", "2026-06-01", "--to", "2026-06-30").splitlines()
    told_json = json.loads(said(str(june.pk), "--from", "2026-06-01", "--json"))

    assert lines[:3] == [
        "周保护 v2, 2026-06-01 to 2026-06-30: 6 filings",
        "as recorded by the policies of their time: 6",
        "refused: 2 -> 1",
    ]
    assert lines[7] == "changed: 6, 5 of them with another end"
    assert lines[8].startswith("KH202606010001: protected through 2026-06-08 -> protected through 2026-06-04; expired")
    assert lines[10].startswith("try ")
    assert lines[-1] == f"digest {told_json['digest']}, up to 2026-07-31T18:00:00+08:00"
    assert told_json["until"] == "2026-07-31T18:00:00+08:00"
    assert (told_json["after"]["refused"], len(told_json["changes"])) == (1, 6)


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("没有",), "no such policy: 没有. There are: 周保护"),
        (("周保护",), "周保护 has no draft; versions: 1"),
        (("周保护", "--number", "7"), "周保护 has no version 7; versions: 1"),
        (("周保护", "--number", "1", "--from", "June"), "no such day: June. Write it as YYYY-MM-DD"),
        (
            ("周保护", "--number", "1", "--from", "2026-06-02", "--to", "2026-06-01"),
            "the period ends before it begins: 2026-06-02 to 2026-06-01",
        ),
        (("周保护", "--number", "1", "--until", "noon"), "no such moment: noon. Write it as YYYY-MM-DDTHH:MM"),
        (("周保护", "--number", "1", "--until", "2026-08-01T00:00"), "still to come: 2026-08-01T00:00"),
    ],
)
def test_command_says_what_it_does_not_understand(june: Policy, args: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(CommandError) as refused:
        said(*args)

    assert str(refused.value) == complaint
