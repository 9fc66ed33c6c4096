"""The ready-made policies, to the day (RULE-2, `policies.md`): information, protection, extension, queue."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from approvals.calendar import Calendar
from approvals.days import chinese_days
from core.clock import day_of, start_of, told
from core.models import Event
from leads import rules
from leads.claims import Claim
from leads.forms.fields import needs_of
from policies.choosing import Facts, PolicyInForce, fits
from policies.dictionaries import Words
from policies.fields import ASKABLE
from policies.models import PAPERS, FilingSettings, Policy, PolicyVersion
from policies.presets import NAMES, preset
from policies.terms import Conditions, Term, Terms, end_of, extended_end, last_day_to_ask, protected_until
from tests.factories import MORNING, SHANGHAI

pytestmark = pytest.mark.usefixtures("in_english")

OPENING_DAY = date(2026, 10, 1)
DAY = timedelta(days=1)
CALENDAR = Calendar({day: row.working for day, row in chinese_days([2025, 2026, 2027, 2028]).items()})
FILLED = {
    "customer_kind": "person",
    "filing_kind": "normal",
    "name": "韦半夏",
    "mobile": "13800138000",
    "community": "幸福里",
    "visit_planned_at": MORNING + DAY,
    "first_contact_on": date(2026, 7, 20),
    "contract_signed_on": date(2026, 7, 20),
    "estimated_amount": 80_000,
} | dict.fromkeys(
    (
        "gender",
        "contact_name",
        "visit_purpose",
        "floor_area",
        "style",
        "signed_elsewhere",
        "help_wanted",
        "expected_unit_price",
        "expected_signing_on",
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
    ),
    "x",
)


def terms_of(name: str, kind: str = "") -> Terms:
    """The settings of a preset, of its policy for this kind of customer where it has several."""
    made = preset(name, OPENING_DAY if name == "opening" else None)
    [found] = [each.terms for each in made if kind in {"", *each.terms.when.customer_kinds}]
    return found


def said(terms: Terms, at: datetime = MORNING, **changed) -> list[tuple[str, str]]:
    """What information rules refuse a filing by these terms for: field and code of each."""
    policy = PolicyInForce(1, 1, "甲", 0, terms)
    fields = FILLED | changed
    facts = Facts(customer_kind=fields["customer_kind"], filing_kind=fields["filing_kind"])
    needs = needs_of(Words(), facts, policy)
    claim = Claim(filer_id=1, fields=fields, needs=needs, settings=FilingSettings(), policy=policy, calendar=CALENDAR)
    return [(problem.field, problem.code) for problem in rules.information(claim, at) if problem.blocks]


def days(text: str) -> date:
    return date.fromisoformat(text)


REQUIRED = {
    ("furnishing", ""): {"mobile", "community"},
    ("project", ""): {
        "contact_name",
        "project_name",
        "project_site",
        "estimated_amount",
        "expected_unit_price",
        "expected_signing_on",
        "contact_feedback",
    },
    ("queue", ""): {"name", "mobile", "project_name"},
    ("two-months", ""): {"name", "mobile", "project_name"},
    ("estate-agent", ""): {"name", "gender", "mobile", "visit_planned_at"},
    ("decoration-partner", ""): {
        "name",
        "mobile",
        "community",
        "floor_area",
        "style",
        "signed_elsewhere",
        "help_wanted",
        "visit_planned_at",
    },
    ("pre-visit", ""): {"name", "contact_name", "mobile", "visit_planned_at", "visit_purpose"},
    ("crm", "person"): {"name"},
    ("crm", "company"): {"name"},
    ("contract", ""): {
        "legal_representative",
        "registered_address",
        "project_name",
        "project_site",
        "project_scale",
        "project_progress",
        "product",
        "quantity",
        "contract_name",
        "contract_signed_on",
        "estimated_amount",
        "contract_term",
    },
    ("two-step", "person"): {"id_card_copy"},
    ("two-step", "company"): {"licence_copy", "legal_id_copy"},
    ("opening", ""): {"name", "mobile", "visit_planned_at"},
    ("territory", ""): {"customer_category", "product", "project_progress"},
}
EACH_FIELD = [
    (name, kind, field) for (name, kind), fields in REQUIRED.items() for field in sorted(fields - set(PAPERS))
]


def test_every_preset_has_its_cases():
    assert {name for name, _kind in REQUIRED} == set(NAMES)
    assert len(NAMES) == 12


@pytest.mark.parametrize(("name", "kind"), REQUIRED)
def test_preset_asks_for_exactly_these_fields(name, kind):
    assert set(terms_of(name, kind).asks) == REQUIRED[name, kind]
    assert REQUIRED[name, kind] <= ASKABLE.keys()


@pytest.mark.parametrize(("name", "kind"), REQUIRED)
def test_complete_filing_is_not_refused(name, kind):
    assert said(terms_of(name, kind)) == []


@pytest.mark.parametrize(("name", "kind", "field"), EACH_FIELD)
def test_incomplete_filing_is_refused_and_the_field_is_named(name, kind, field):
    assert said(terms_of(name, kind), **{field: ""}) == [(field, "required")]


@pytest.mark.parametrize(
    ("planned", "refused"),
    [
        (MORNING + timedelta(minutes=60), []),
        (MORNING + timedelta(minutes=61), []),
        (MORNING + timedelta(minutes=59, seconds=59), [("visit_planned_at", "ahead")]),
        (MORNING - timedelta(minutes=1), [("visit_planned_at", "ahead")]),
    ],
)
def test_decoration_partner_files_an_hour_ahead(planned, refused):
    assert said(terms_of("decoration-partner"), visit_planned_at=planned) == refused


@pytest.mark.parametrize("name", ["pre-visit", "opening"])
@pytest.mark.parametrize(
    ("filed", "refused"),
    [
        (datetime(2026, 7, 22, 23, 59, 59, tzinfo=SHANGHAI), []),
        (datetime(2026, 7, 23, 0, 0, 0, tzinfo=SHANGHAI), [("visit_planned_at", "ahead")]),
        (datetime(2026, 7, 23, 0, 0, 1, tzinfo=SHANGHAI), [("visit_planned_at", "ahead")]),
    ],
)
def test_visit_is_filed_the_day_before(name, filed, refused):
    planned = datetime(2026, 7, 23, 8, tzinfo=SHANGHAI)

    assert said(terms_of(name), filed, visit_planned_at=planned) == refused


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        ("2026-07-20", "2026-07-27"),
        ("2026-09-28", "2026-10-10"),
        ("2026-02-11", "2026-02-25"),
        ("2025-12-31", "2026-01-08"),
    ],
)
def test_contract_is_filed_within_five_working_days(signed, last):
    terms, midnight = terms_of("contract"), start_of(days(last) + DAY)

    assert said(terms, midnight - timedelta(seconds=1), contract_signed_on=days(signed)) == []
    late = said(terms, midnight, contract_signed_on=days(signed))
    assert late == [("contract_signed_on", "late")]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-07-22", "2026-08-21"), ("2026-12-31", "2027-01-30"), ("2028-01-30", "2028-02-29")]
)
def test_first_contact_may_be_limited_as_well(first, last):
    terms, midnight = Terms(contact_within=Term(30)), start_of(days(last) + DAY)

    assert said(terms, midnight - timedelta(seconds=1), first_contact_on=days(first)) == []
    assert said(terms, midnight, first_contact_on=days(first)) == [("first_contact_on", "late")]


APPROVED = {
    "project": Term(7, "working_day"),
    "queue": Term(1, "hour"),
    "pre-visit": None,
    "contract": None,
    "two-step": None,
    "territory": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_preset_waits_for_approval_or_not(name):
    kind = "person" if name in {"crm", "two-step"} else ""
    terms = terms_of(name, kind)

    assert terms.needs_approval is (name in APPROVED)
    assert terms.decide_within == APPROVED.get(name)
    assert terms.contest == ("evidence" if name == "project" else "first")


@pytest.mark.parametrize(
    ("filed", "decided"),
    [("2026-06-01", "2026-06-10"), ("2026-09-24", "2026-10-12"), ("2026-02-13", "2026-03-02")],
)
def test_project_is_decided_within_seven_working_days(filed, decided):
    due = end_of(start_of(days(filed)), Term(7, "working_day"), CALENDAR)

    assert due == start_of(days(decided) + DAY)


def test_queue_is_answered_within_an_hour():
    due = end_of(MORNING, Term(1, "hour"), CALENDAR)

    assert due == MORNING + timedelta(hours=1)


HELD = {
    ("furnishing", "", "2026-06-01"): "2026-06-08",
    ("furnishing", "", "2026-12-28"): "2027-01-04",
    ("furnishing", "", "2026-02-22"): "2026-03-01",
    ("furnishing", "", "2028-02-22"): "2028-02-29",
    ("furnishing", "", "2026-09-24"): "2026-10-01",
    ("project", "", "2026-07-22"): "2026-10-22",
    ("project", "", "2026-10-15"): "2027-01-15",
    ("project", "", "2026-11-30"): "2027-02-28",
    ("project", "", "2027-11-30"): "2028-02-29",
    ("project", "", "2026-01-31"): "2026-04-30",
    ("project", "", "2026-07-01"): "2026-10-01",
    ("queue", "", "2026-06-13"): "2026-07-13",
    ("queue", "", "2026-01-31"): "2026-02-28",
    ("queue", "", "2028-01-31"): "2028-02-29",
    ("queue", "", "2026-09-01"): "2026-10-08",
    ("queue", "", "2026-09-10"): "2026-10-10",
    ("queue", "", "2026-01-15"): "2026-02-24",
    ("queue", "", "2026-01-14"): "2026-02-14",
    ("queue", "", "2026-04-01"): "2026-05-06",
    ("queue", "", "2026-04-09"): "2026-05-09",
    ("queue", "", "2026-08-20"): "2026-09-20",
    ("queue", "", "2025-12-01"): "2026-01-04",
    ("queue", "", "2026-07-22"): "2026-08-24",
    ("two-months", "", "2026-07-22"): "2026-09-22",
    ("two-months", "", "2026-12-31"): "2027-02-28",
    ("two-months", "", "2027-12-31"): "2028-02-29",
    ("two-months", "", "2026-08-01"): "2026-10-01",
    ("estate-agent", "", "2026-07-22"): "2026-07-29",
    ("estate-agent", "", "2026-12-31"): "2027-01-07",
    ("crm", "person", "2026-07-22"): "2026-08-21",
    ("crm", "person", "2028-01-30"): "2028-02-29",
    ("crm", "company", "2026-07-22"): "2027-01-18",
    ("opening", "", "2026-07-22"): "2026-10-01",
    ("opening", "", "2026-09-30"): "2026-10-01",
    ("opening", "", "2026-10-01"): "2026-10-01",
    ("opening", "", "2026-10-02"): "2026-10-09",
    ("opening", "", "2026-12-28"): "2027-01-04",
}
ENDLESS = {"decoration-partner", "pre-visit", "contract", "two-step", "territory"}


def test_table_has_every_preset_that_ends_by_itself():
    assert {name for name, _kind, _day in HELD} == set(NAMES) - ENDLESS


@pytest.mark.parametrize(("name", "kind", "filed"), HELD)
@pytest.mark.parametrize("hour", [timedelta(0), DAY - timedelta(seconds=1)])
def test_customer_is_held_through_this_day(name, kind, filed, hour):
    end = protected_until(start_of(days(filed)) + hour, terms_of(name, kind), CALENDAR)

    assert end == start_of(days(HELD[name, kind, filed]) + DAY)


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_text_without_a_term_makes_a_policy_without_an_end(name):
    terms = terms_of(name, "person" if name == "two-step" else "")

    assert protected_until(MORNING, terms, CALENDAR) is None
    assert (terms.deposit_term, terms.extensions, terms.queue) == (None, 0, 0)


MOVED = [
    ("furnishing", "deposit_term", "2026-07-22", "2026-10-20"),
    ("furnishing", "deposit_term", "2026-11-30", "2027-02-28"),
    ("furnishing", "deposit_term", "2027-12-01", "2028-02-29"),
    ("estate-agent", "visit_term", "2026-07-22", "2026-08-21"),
    ("estate-agent", "visit_term", "2028-01-30", "2028-02-29"),
    ("estate-agent", "contact_every", "2026-07-22", "2026-07-27"),
    ("estate-agent", "contact_every", "2026-12-28", "2027-01-02"),
    ("project", "void_ban", "2026-11-30", "2027-02-28"),
    ("crm", "remind_idle", "2026-07-22", "2026-07-25"),
]


@pytest.mark.parametrize(("name", "setting", "recorded", "last"), MOVED)
def test_later_terms_run_from_the_day_of_recording(name, setting, recorded, last):
    term = getattr(terms_of(name, "person" if name == "crm" else ""), setting)

    assert end_of(start_of(days(recorded)), term, CALENDAR) == start_of(days(last) + DAY)


EXTENDED = [
    ("project", "2026-07-22", "2026-10-02", "2027-01-22", "2027-01-22"),
    ("project", "2026-01-31", "2026-04-10", "2026-07-30", "2026-07-30"),
    ("queue", "2026-07-22", "2026-08-24", "2026-09-24", "2026-09-08"),
    ("queue", "2026-09-01", "2026-10-08", "2026-11-09", "2026-10-23"),
    ("queue", "2026-01-15", "2026-02-24", "2026-03-24", "2026-03-11"),
    ("two-months", "2026-07-31", "2026-09-30", "2026-11-30", "2026-11-30"),
]


@pytest.mark.parametrize(("name", "filed", "asked", "alone", "waiting"), EXTENDED)
def test_extension_is_asked_for_in_time_and_goes_on_from_the_end(name, filed, asked, alone, waiting):
    terms = terms_of(name)
    end = protected_until(start_of(days(filed)), terms, CALENDAR)

    later = [day_of(extended_end(end, terms, CALENDAR, waiting=waits)) - DAY for waits in (False, True)]

    assert terms.extensions == 1
    assert last_day_to_ask(end, terms) == days(asked)
    assert later == [days(alone), days(waiting)]


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"project", "queue", "two-months"}))
def test_nothing_else_is_extended(name):
    assert [each.terms.extensions for each in preset(name, OPENING_DAY)] == [0] * len(preset(name, OPENING_DAY))


def test_only_the_queue_lets_one_wait_with_a_month_of_its_own_and_no_extension():
    sizes = {name: {each.terms.queue for each in preset(name, OPENING_DAY)} for name in NAMES}
    terms = terms_of("queue")

    assert sizes == {name: {1} if name == "queue" else {0} for name in NAMES}
    assert (terms.promoted_term, terms.promoted_extensions) == (Term(1, "month"), 0)


@pytest.mark.parametrize(
    ("filed", "from_day", "through"),
    [("2026-07-22", "2026-08-25", "2026-09-28"), ("2026-09-01", "2026-10-09", "2026-11-09")],
)
def test_whoever_waits_takes_over_the_day_after_for_a_month(filed, from_day, through):
    terms = terms_of("queue")
    end = protected_until(start_of(days(filed)), terms, CALENDAR)

    taken_over = end_of(end, terms.promoted_term, CALENDAR, past_holidays=terms.past_holidays)

    assert end == start_of(days(from_day))
    assert taken_over == start_of(days(through) + DAY)


@pytest.mark.parametrize("name", NAMES)
def test_preset_is_for_all_filings_or_one_policy_for_each_kind_of_customer(name):
    whens = [each.terms.when for each in preset(name, OPENING_DAY)]

    assert whens == (
        [Conditions(customer_kinds=("person",)), Conditions(customer_kinds=("company",))]
        if name in {"crm", "two-step"}
        else [Conditions()]
    )
    for kind in ("person", "company"):
        assert [fits(when, Facts(customer_kind=kind)) for when in whens].count(True) == 1


@pytest.mark.parametrize("name", NAMES)
def test_preset_survives_being_stored(name):
    for each in preset(name, OPENING_DAY):
        assert Terms.from_json(each.terms.to_json()) == each.terms


def load(*names, **options) -> list[str]:
    out = StringIO()
    with told(MORNING):
        call_command("load_policies", *names, stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_preset_is_loaded_once_and_in_force_at_once(name):
    made = preset(name, OPENING_DAY)

    first = load(name, opening_day=OPENING_DAY)
    again = load(name, opening_day=OPENING_DAY)

    assert first == [f"{each.name}: version 1 in force" for each in made]
    assert again == [f"{each.name}: unchanged" for each in made]
    rows = PolicyVersion.objects.order_by("policy").values_list("policy__name", "number", "starts_at", "note", "body")
    assert list(rows) == [(each.name, 1, MORNING, each.line, each.terms.to_json()) for each in made]


@pytest.mark.django_db
def test_policies_are_loaded_in_the_order_named_behind_those_there():
    Policy.objects.create(name="自己的", position=4)

    load("queue", "crm", "queue")

    assert list(Policy.objects.values_list("name", "position")) == [
        ("自己的", 4),
        ("月度报备（可排队）", 5),
        ("客户公海（个人客户）", 6),
        ("客户公海（企业客户）", 7),
    ]


@pytest.mark.django_db
def test_changed_policy_gets_its_next_version_and_keeps_its_place():
    load("furnishing", "queue")
    row = PolicyVersion.objects.get(policy__name="家居零售报备")
    PolicyVersion.objects.create(
        policy=row.policy, number=2, body={"term": [5, "day"]}, at=MORNING, starts_at=MORNING + DAY
    )

    out = StringIO()
    with told(MORNING + 2 * DAY):
        with pytest.raises(CommandError, match=r"edited since, so nothing was loaded: 家居零售报备\. --overwrite"):
            call_command("load_policies", "two-months", "furnishing", replace=True, stdout=out)
        assert (PolicyVersion.objects.count(), Policy.objects.filter(active=True).count()) == (3, 2)
        call_command("load_policies", "furnishing", overwrite=True, stdout=out)

    told_twice = [
        "家居零售报备: - What is needed: Nothing beyond what every filing needs.",
        "家居零售报备: - How long it is held: 5 days. The first day does not count, and the last one ends at midnight.",
        "家居零售报备: + What is needed: It has to say: mobile, community.",
        "家居零售报备: + How long it is held: 7 days. The first day does not count, and the last one ends at midnight.",
        "家居零售报备: + How long it is held: Once a deposit is recorded: 90 days from the day of recording, "
        "where that is later.",
    ]
    assert out.getvalue().splitlines()[:11] == [*told_twice, *told_twice, "家居零售报备: version 3 in force"]
    assert Event.objects.filter(action="put_in_force").order_by("-pk").first().changes == {
        "starts_at": ["", "2026-07-24 09:30"],
        "term": [[5, "day"], [7, "day"]],
        "required": ["", ["mobile", "community"]],
        "deposit_term": ["", [90, "day"]],
    }
    assert list(Policy.objects.values_list("name", "position")) == [("家居零售报备", 0), ("月度报备（可排队）", 1)]


@pytest.mark.django_db
def test_loading_does_not_touch_a_version_that_is_to_begin():
    load("furnishing")
    row = PolicyVersion.objects.get()
    PolicyVersion.objects.create(policy=row.policy, number=2, body={}, at=MORNING, starts_at=MORNING + DAY)

    assert load("furnishing") == ["家居零售报备: unchanged"]
    PolicyVersion.objects.filter(number=1).update(body={"queue": 3})
    with pytest.raises(CommandError, match="家居零售报备: The version before begins at 2026-07-23 09:30"):
        load("furnishing", overwrite=True)
    assert PolicyVersion.objects.count() == 2


@pytest.mark.django_db
def test_replace_switches_the_others_off_and_loading_switches_on_again():
    load("furnishing")

    assert load("queue", replace=True) == ["月度报备（可排队）: version 1 in force", "switched off: 家居零售报备"]
    assert list(Policy.objects.filter(active=True).values_list("name", flat=True)) == ["月度报备（可排队）"]
    assert load("furnishing")[:2] == ["家居零售报备: switched on", "家居零售报备: unchanged"]
    assert Policy.objects.filter(active=True).count() == 2
    switched = Event.objects.filter(action="change").order_by("pk")
    furnishing = Policy.objects.get(name="家居零售报备").pk
    assert list(switched.values_list("subject_id", "changes")) == [
        (furnishing, {"active": ["True", "False"]}),
        (furnishing, {"active": ["False", "True"]}),
    ]


@pytest.mark.django_db
def test_policy_that_no_filing_gets_to_is_said():
    assert load("crm", "queue", "furnishing")[-1] == (
        "家居零售报备: never asked, since “月度报备（可排队）” before it is for all filings"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("furnishing", "nonsense"), "no such preset: nonsense. There are: furnishing, project, "),
        ((), "name the presets to load, or --list. There are: furnishing, "),
        (("opening",), "opening needs --opening-day YYYY-MM-DD"),
    ],
)
def test_what_can_not_be_loaded_is_said_and_nothing_is_written(names, said):
    with pytest.raises(CommandError) as caught:
        load(*names)

    assert str(caught.value).startswith(said)
    assert not Policy.objects.exists()


@pytest.mark.django_db
def test_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match=r"no such day: morgen\. Write it as YYYY-MM-DD"):
        call_command("load_policies", "opening", "--opening-day", "morgen")


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01", "1999-12-31"])
def test_opening_day_lies_in_this_century(day):
    with pytest.raises(CommandError, match=f"a year from 2000 to 2099 is expected, not {day[:4]}"):
        call_command("load_policies", "opening", "--opening-day", day)

    assert not Policy.objects.exists()


@pytest.mark.django_db
def test_last_day_of_the_century_judges(agent, client):
    call_command("load_policies", "opening", "--opening-day", "2099-12-31", stdout=StringIO())
    client.force_login(agent)

    assert client.get("/policies/").status_code == 200


def test_list_says_what_there_is():
    lines = load(list=True)

    assert [line.split(":")[0] for line in lines] == [name for name in NAMES for _each in preset(name, OPENING_DAY)]
    assert lines[0] == "furnishing: 家居零售报备。到店客户自报备起保护 7 天，付定后 90 天；过期后其他人可报备。"
