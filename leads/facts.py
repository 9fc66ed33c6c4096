"""What the kinds of a filing and its customer add to its page. Asks no database beyond the lead's own names."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from customers.keys.addresses import address_words
from customers.keys.numbers import read_mask
from leads.choices import Hold, Progress
from leads.models import Lead
from policies.models import KIND_FIELDS, PAPERS, Kind
from policies.terms import Contest, Terms


class Fact(NamedTuple):
    label: Any
    text: str


def kind_facts(lead: Lead) -> list[Fact]:
    """The kind fields that have a value, in words."""
    found = ((label, _text(lead, name)) for name, label in KIND_FIELDS.items() if name not in PAPERS)
    return [Fact(label, text) for label, text in found if text]


def _text(lead: Lead, name: str) -> str:
    if Lead._meta.get_field(name).choices:  # type: ignore[union-attr]
        return str(getattr(lead, f"get_{name}_display")())
    match value := getattr(lead, name):
        case None:
            return ""
        case datetime():
            return f"{localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Decimal():
            unit = "㎡" if name == "floor_area" else _("yuan")
            return f"{value:,.2f}".removesuffix(".00") + f" {unit}"
    return str(value)


READ = 7
"""The parts of an address that was understood; fewer are a text that was not."""


def what_it_waits_for(lead: Lead, *, taken: bool = False, begun: bool = False) -> str:
    """Why the customer is not protected by this filing, and what comes next; "" where it is.

    `taken`: some filing holds the customer now; `begun`: its protection has run before and runs on.
    """
    if lead.hold == Hold.QUEUED:
        return _("Somebody else holds the customer. When that ends, it becomes this filing's by itself.")
    if lead.hold == Hold.EXPIRED and lead.progress == Progress.FILED:
        if taken:
            return _("Its protection has ended, and another filing holds the customer now.")
        return _("It holds the customer no longer, so others may file it. File it again to go on.")
    if lead.hold != Hold.PENDING:
        return ""
    if read_mask(lead.mobile):
        return _("Some digits of the mobile are hidden: the customer is protected once the whole number is filled in.")
    if lead.progress == Progress.RETURNED:
        return _("It was returned: correct it and send it again. Until then nobody else can file the customer.")
    if lead.filing_kind == Kind.MASKED or _waits_to_be_compared(lead):
        return _("Another filing could be of the same customer: it waits for a person to compare the two.")
    if begun:
        return _("It waits for approval. Until then nobody else can file the customer; its end stays.")
    if _stands_beside(lead):
        return _("It waits for approval. Until then others may file the customer as well; one filing is granted.")
    return _("It waits for approval. Until then nobody else can file the customer; its time begins with the approval.")


def _stands_beside(lead: Lead) -> bool:
    """Whether the policy lets filings wait side by side."""
    version = lead.policy_version
    return version is not None and Terms.from_json(version.body).contest == Contest.EVIDENCE


def _waits_to_be_compared(lead: Lead) -> bool:
    """Whether nobody would have to approve it, were it not similar to another filing."""
    version = lead.policy_version
    if version is None or lead.filing_kind != Kind.NORMAL:
        return False
    terms = Terms.from_json(version.body)
    return terms.unclear_waits and not terms.needs_approval


def understood_address(lead: Lead) -> str:
    """How matching reads the address, with the name that the dictionary of communities keeps; "" where it does not."""
    parts = lead.canonical_address.split("|")
    known_as = parts[1] if len(parts) >= READ else ""
    return address_words(lead.city.name if lead.city else "", lead.community, lead.building_room, known_as)
