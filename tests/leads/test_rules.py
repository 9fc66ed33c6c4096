"""What is missing in a claim (LEAD-3, -4, -11, -12), and the words of a refusal."""

import pytest

from leads import rules
from leads.choices import Hold
from leads.claims import Claim, Held, Judgement
from leads.known import known_of
from leads.matching import judge
from policies.models import EXTRA_FIELDS, FilingSettings
from tests.factories import MORNING, LeadFactory, OrderTypeFactory, SourceFactory
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

UNKNOWN = "12300000001"
GIVEN = {
    "decoration_company": 1,
    "designer": 1,
    "designer_phone": "12300007788",
    "referrer_name": "陆之恒",
    "referrer_mobile": MOBILE,
    "referrer_card": "VIP-1",
    "referring_employee": 1,
}


def said(claim: Claim) -> list[tuple[str, str, bool]]:
    return [(problem.field, problem.code, problem.blocks) for problem in rules.information(claim, MORNING)]


@pytest.mark.parametrize("name", EXTRA_FIELDS)
def test_field_that_the_source_requires_is_named_when_missing(agent, name):
    source = SourceFactory(name="推荐", **{name: "required"})

    [problem] = rules.information(claim_of(agent, source=source), MORNING)

    assert (problem.field, problem.code, problem.blocks) == (name, "required", True)
    assert problem.sentence == rules.MISSING[name]
    assert said(claim_of(agent, source=source, **{name: GIVEN[name]})) == []


@pytest.mark.parametrize("state", ["closed", "open"])
def test_field_that_the_source_does_not_require_may_be_empty(agent, state):
    source = SourceFactory(name="推荐", **dict.fromkeys(EXTRA_FIELDS, state))

    assert said(claim_of(agent, source=source)) == []


def test_source_that_requires_all_names_all(agent):
    source = SourceFactory(name="推荐", **dict.fromkeys(EXTRA_FIELDS, "required"))

    assert said(claim_of(agent, source=source)) == [(name, "required", True) for name in EXTRA_FIELDS]


@pytest.mark.parametrize(
    ("mobile", "check", "problems"),
    [
        (MOBILE, "refuse", []),
        ("+86 138 0013 8000", "refuse", []),
        (UNKNOWN, "refuse", [("mobile", "mobile_unknown", True)]),
        (UNKNOWN, "warn", [("mobile", "mobile_unknown", False)]),
        ("1380013800", "warn", [("mobile", "mobile", True)]),
        ("23800138000", "warn", [("mobile", "mobile", True)]),
        ("07715617382", "warn", [("mobile", "mobile", True)]),
        ("", "warn", [("mobile", "required", True)]),
    ],
)
def test_mobile_is_checked_as_the_settings_say(agent, mobile, check, problems):
    assert said(claim_of(agent, mobile=mobile, settings=FilingSettings(mobile_check=check))) == problems


@pytest.mark.parametrize(
    ("allowed", "mobile", "phone", "problems"),
    [
        (False, "", "0771-5617382", [("mobile", "required", True)]),
        (True, "", "0771-5617382", []),
        (True, "", "", [("mobile", "required", True)]),
        (True, MOBILE, "", []),
        (True, UNKNOWN, "0771-5617382", [("mobile", "mobile_unknown", True)]),
    ],
)
def test_phone_is_enough_where_the_settings_allow_it(agent, allowed, mobile, phone, problems):
    settings = FilingSettings(phone_instead_of_mobile=allowed)

    assert said(claim_of(agent, mobile=mobile, phone=phone, settings=settings)) == problems


@pytest.mark.parametrize(
    ("mobile", "problems"),
    [
        (MOBILE, []),
        (UNKNOWN, [("referrer_mobile", "mobile_unknown", False)]),
        ("138", [("referrer_mobile", "mobile", True)]),
    ],
)
def test_referrers_mobile_must_be_one_but_need_not_be_known(agent, mobile, problems):
    assert said(claim_of(agent, referrer_mobile=mobile)) == problems


def judged(claim: Claim) -> Judgement:
    return judge(claim, known_of([claim]), MORNING)


def test_taken_is_said_of_the_whole_form_and_names_nobody(agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)
    claim = claim_of(agent)

    [problem] = rules.refusal(claim, judged(claim))

    assert (problem.field, problem.code, problem.path) == ("__all__", "taken", "")
    assert problem.sentence == "This customer is already filed. File another customer, or ask your manager."


def test_repeat_is_said_with_the_way_to_the_own_lead(agent):
    lead = LeadFactory(filer=agent, mobile=MOBILE, order_type=None)
    claim = claim_of(agent)

    [problem] = rules.refusal(claim, judged(claim))

    assert (problem.field, problem.code, problem.path) == ("__all__", "own", f"/leads/{lead.number}/")
    assert problem.sentence == f"You have already filed this customer for this order type: see {lead.number}."


def test_repeat_within_a_batch_has_no_page_to_open(agent):
    claim = claim_of(agent)
    known = known_of([claim])
    known.add(claim, -1, "row 2 of this file", Held(-1, -1, "", agent.pk, Hold.PROTECTED), holds=True)

    [problem] = rules.refusal(claim, judge(claim, known, MORNING))

    assert (problem.code, problem.path) == ("own", "")
    assert "row 2 of this file" in problem.sentence


@pytest.mark.parametrize("answer", ["free", "unclear", "joined"])
def test_accepting_answers_refuse_nothing(agent, answer):
    if answer == "joined":
        LeadFactory(filer=agent, mobile=MOBILE, order_type=OrderTypeFactory())
    claim = claim_of(agent, mobile="" if answer == "unclear" else MOBILE)

    assert list(rules.refusal(claim, judged(claim))) == []


def test_quota_problem_says_what_is_left_and_what_to_do():
    problem = rules.quota_problem()

    assert (problem.field, problem.code, problem.blocks) == ("__all__", "quota", True)
    assert problem.sentence == (
        "Today's quota is used up, 0 left. Ask your manager to audit one of your leads, which gives one back, or file"
        " it after midnight."
    )
