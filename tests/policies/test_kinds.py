"""What each kind of filing and customer asks for (LEAD-11, LEAD-12), and the kinds in the administrator's hands."""

import itertools

import pytest

from policies.kinds import DEFAULT_FIELDS, DEFAULT_TREATMENTS, FieldRule, Kinds, Treatment, kinds_of
from policies.models import KIND_FIELDS, CustomerKind, FieldNeed, FilingKind, Kind

PERSON = {"gender": "open"}
COMPANY = {
    "credit_code": "required",
    "contact_name": "required",
    "industry": "required",
    "contact_post": "open",
    "customer_category": "open",
    "licence_copy": "open",
    "legal_id_copy": "open",
}
SPECIAL = {"special_reason": "required", "customer_category": "open", "first_contact_on": "open", "help_wanted": "open"}
CROSS_REGION = {"cross_region_case": "required", "target_city": "required", "special_reason": "required"}
PROJECT = {
    "project_name": "required",
    "project_site": "required",
    "contact_name": "required",
    "contact_post": "open",
    "customer_category": "open",
    "first_contact_on": "open",
    "floor_area": "open",
    "signed_elsewhere": "open",
    "help_wanted": "open",
    "expected_unit_price": "open",
    "expected_signing_on": "open",
    "contact_feedback": "open",
}
PRE_VISIT = {
    "visit_planned_at": "required",
    "visit_purpose": "required",
    "floor_area": "open",
    "style": "open",
    "first_contact_on": "open",
}
NEEDS = {
    ("normal", "person"): PERSON,
    ("normal", "company"): COMPANY,
    ("special", "person"): PERSON | SPECIAL,
    ("special", "company"): COMPANY | SPECIAL,
    ("cross_region", "person"): PERSON | CROSS_REGION,
    ("cross_region", "company"): COMPANY | CROSS_REGION,
    ("project", "person"): PERSON | PROJECT,
    ("project", "company"): COMPANY | PROJECT,
    ("pre_visit", "person"): PERSON | PRE_VISIT,
    ("pre_visit", "company"): COMPANY | PRE_VISIT,
    ("masked", "person"): {"gender": "required"},
    ("masked", "company"): COMPANY | {"gender": "required"},
}


def asked(kinds, filing_kind, customer_kind):
    needs = kinds.needs(filing_kind, customer_kind)
    assert list(needs) == list(KIND_FIELDS)
    return {name: need for name, need in needs.items() if need != "closed"}


def test_table_names_every_pair():
    assert set(NEEDS) == set(itertools.product(Kind.values, CustomerKind.values))


@pytest.mark.parametrize(("filing_kind", "customer_kind"), NEEDS)
def test_kind_asks_for_exactly_these_fields(filing_kind, customer_kind):
    assert asked(Kinds(), filing_kind, customer_kind) == NEEDS[filing_kind, customer_kind]


@pytest.mark.parametrize(
    ("filing_kind", "treatment"),
    [
        ("normal", Treatment(active=True, needs_approval=False, days_ahead=0)),
        ("special", Treatment(active=True, needs_approval=True, days_ahead=0)),
        ("cross_region", Treatment(active=True, needs_approval=True, days_ahead=0)),
        ("project", Treatment(active=True, needs_approval=True, days_ahead=0)),
        ("pre_visit", Treatment(active=True, needs_approval=True, days_ahead=1)),
        ("masked", Treatment(active=True, needs_approval=False, days_ahead=0)),
        ("what nobody knows", Treatment(active=True, needs_approval=False, days_ahead=0)),
    ],
)
def test_kind_is_treated_as_shipped(filing_kind, treatment):
    assert Kinds().treatment(filing_kind) == treatment


def test_row_of_a_kind_replaces_its_treatment_only():
    kinds = kinds_of([("special", Treatment(active=False))], ())

    assert kinds.treatment("special") == Treatment(active=False)
    assert kinds.treatment("project") == DEFAULT_TREATMENTS["project"]
    assert kinds.rules == DEFAULT_FIELDS


@pytest.mark.parametrize("turned", [False, True])
def test_strongest_rule_that_fits_counts_in_any_order(turned):
    rules = [
        FieldRule("", "", "gender", "open"),
        FieldRule("special", "", "gender", "required"),
        FieldRule("special", "company", "style", "open"),
    ]
    kinds = kinds_of((), rules[::-1] if turned else rules)

    assert asked(kinds, "normal", "company") == {"gender": "open"}
    assert asked(kinds, "special", "person") == {"gender": "required"}
    assert asked(kinds, "special", "company") == {"gender": "required", "style": "open"}


@pytest.fixture
def desk(client, administrator, in_english):
    client.force_login(administrator)
    return client


def rows_of(changed, **first):
    """A list that is edited in place, as the admin's page sends it."""
    sent = {"form-TOTAL_FORMS": len(changed), "form-INITIAL_FORMS": len(changed), "_save": "Save"}
    for place, (pk, fields) in enumerate(changed.items()):
        sent |= {f"form-{place}-{name}": value for name, value in ({"id": pk} | fields).items()}
    return sent | first


@pytest.mark.django_db
def test_kinds_are_edited_in_the_list(desk):
    row = FilingKind.objects.create(kind="pre_visit", needs_approval=True, days_ahead=1)

    response = desk.post("/admin/policies/filingkind/", rows_of({row.pk: {"active": "on", "days_ahead": 2}}))

    assert response.status_code == 302
    assert list(FilingKind.objects.values_list("kind", "active", "needs_approval", "days_ahead")) == [
        ("pre_visit", True, False, 2)
    ]


@pytest.mark.django_db
def test_fields_are_edited_in_the_list_of_a_kind(desk):
    row = FieldNeed.objects.create(filing_kind="special", field="help_wanted", need="open")
    FieldNeed.objects.create(filing_kind="project", field="help_wanted", need="open")
    path = "/admin/policies/fieldneed/?filing_kind__exact=special"

    page = desk.get(path)
    response = desk.post(path, rows_of({row.pk: {"need": "required"}}))

    assert [shown.pk for shown in page.context["cl"].result_list] == [row.pk]
    assert response.status_code == 302
    assert set(FieldNeed.objects.values_list("filing_kind", "need")) == {("special", "required"), ("project", "open")}


@pytest.mark.django_db
def test_field_stands_once_for_a_pair_of_kinds(desk):
    sent = {"filing_kind": "special", "customer_kind": "", "field": "help_wanted", "need": "open"}

    desk.post("/admin/policies/fieldneed/add/", sent)
    again = desk.post("/admin/policies/fieldneed/add/", sent | {"need": "required"})

    assert again.status_code == 200
    assert list(FieldNeed.objects.values_list("need")) == [("open",)]
