"""What the kinds of filings and customers ask for (LEAD-11, LEAD-12): the defaults, and the rule that reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.models.dictionaries import Need
from policies.models.kinds import KIND_FIELDS, CustomerKind, Kind


class Treatment(NamedTuple):
    """How filings of a kind are treated."""

    active: bool = True
    needs_approval: bool = False
    days_ahead: int = 0


USUAL = Treatment()


class FieldRule(NamedTuple):
    """A field that a kind opens or requires; an empty kind stands for every one."""

    filing_kind: str
    customer_kind: str
    field: str
    need: str


DEFAULT_TREATMENTS: Mapping[str, Treatment] = {
    Kind.NORMAL: USUAL,
    Kind.SPECIAL: Treatment(needs_approval=True),
    Kind.CROSS_REGION: Treatment(needs_approval=True),
    Kind.PROJECT: Treatment(needs_approval=True),
    Kind.PRE_VISIT: Treatment(needs_approval=True, days_ahead=1),
    Kind.MASKED: USUAL,
}
REQUIRED_BY = {
    (Kind.SPECIAL, ""): ("special_reason",),
    (Kind.CROSS_REGION, ""): ("cross_region_case", "target_city", "special_reason"),
    (Kind.PROJECT, ""): ("project_name", "project_site", "contact_name"),
    (Kind.PRE_VISIT, ""): ("visit_planned_at", "visit_purpose"),
    (Kind.MASKED, ""): ("gender",),
    ("", CustomerKind.COMPANY): ("credit_code", "contact_name", "industry"),
}
OPENED_BY = {
    ("", CustomerKind.PERSON): ("gender",),
    ("", CustomerKind.COMPANY): ("contact_post", "customer_category", "licence_copy", "legal_id_copy"),
    (Kind.SPECIAL, ""): ("customer_category", "first_contact_on", "help_wanted"),
    (Kind.PROJECT, ""): (
        "contact_post",
        "customer_category",
        "first_contact_on",
        "floor_area",
        "signed_elsewhere",
        "help_wanted",
        "expected_unit_price",
        "expected_signing_on",
        "contact_feedback",
    ),
    (Kind.PRE_VISIT, ""): ("floor_area", "style", "first_contact_on"),
}
DEFAULT_FIELDS = tuple(
    FieldRule(filing_kind, customer_kind, name, need)
    for need, table in ((Need.REQUIRED, REQUIRED_BY), (Need.OPEN, OPENED_BY))
    for (filing_kind, customer_kind), names in table.items()
    for name in names
)


@dataclass(frozen=True)
class Kinds:
    """The treatments and field rules in force; what no row says stays as shipped."""

    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    rules: tuple[FieldRule, ...] = DEFAULT_FIELDS

    def treatment(self, filing_kind: str) -> Treatment:
        shipped = DEFAULT_TREATMENTS.get(filing_kind, USUAL)
        return self.treatments.get(filing_kind, shipped)

    def needs(self, filing_kind: str, customer_kind: str) -> dict[str, str]:
        """What each kind field is for a filing: closed, open or required. The strongest rule that fits counts."""
        found = dict.fromkeys(KIND_FIELDS, Need.CLOSED.value)
        for rule in sorted(self.rules, key=lambda rule: rule.need == Need.REQUIRED):
            if rule.filing_kind in {"", filing_kind} and rule.customer_kind in {"", customer_kind}:
                found[rule.field] = rule.need
        return found


def kinds_of(treatments: Iterable[tuple[str, Treatment]], rules: Iterable[FieldRule]) -> Kinds:
    listed = tuple(rules)
    return Kinds(dict(treatments), listed or DEFAULT_FIELDS)
