"""Two filings that met, as the screens draw them: side by side, the differing characters marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from audit.rows import drawn
from leads.differences import pairs
from leads.models import Collision, Lead
from leads.rows import address_of
from leads.sight import shown
from policies.matching import Rule, firmness_of
from policies.models import Evidence, Firmness

if TYPE_CHECKING:
    from accounts.models import User

PLAIN = ("name", "credit_code", "contact_name", "project_name", "project_site")
REFERENCES = ("order_type", "source", "decoration_company", "designer")
COMPARED = (
    "name",
    "customer_kind",
    "gender",
    "mobile",
    "phone",
    "address",
    "credit_code",
    "contact_name",
    "project_name",
    "project_site",
    *REFERENCES,
)
LABELS = {column.name: column.verbose_name for column in Lead._meta.concrete_fields} | {"address": _("address")}


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece of evidence in words, and how firm it is alone: the code and the word, both "" where it says nothing."""

    word: Any
    firmness: str
    firm_word: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both filings."""

    field: str
    label: Any
    one: SafeString
    other: SafeString
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One collision of the list."""

    collision: Collision
    second: Lead | None
    signs: list[Any]


def rows_of(collisions: Iterable[Collision]) -> list[Row]:
    return [Row(one, one.attempt.lead, [word_of(sign) for sign in one.evidence]) for one in collisions]


def word_of(sign: str) -> Any:
    return Evidence(sign).label if sign in Evidence.values else sign


def signs_of(collision: Collision, rules: Iterable[Rule]) -> list[Sign]:
    """The evidence of a collision, each with how firm it would be alone."""
    alone = [(word_of(word), firmness_of({word}, rules)) for word in collision.evidence]
    return [Sign(word, firmness, Firmness(firmness).label if firmness else "") for word, firmness in alone]


def lines_of(user: "User", one: Lead, other: Lead | None) -> list[Line]:
    """What was filed, field by field, without what is blank on both sides. Without a second filing nothing differs."""
    mine = texts_of(user, one)
    theirs = texts_of(user, other) if other else mine
    return [
        Line(pair.field, LABELS[pair.field], drawn(pair.filed), drawn(pair.actual), pair.differs)
        for pair in pairs(mine, theirs, COMPARED)
        if pair.filed or pair.actual
    ]


def texts_of(user: "User", lead: Lead) -> dict[str, str]:
    """The compared fields of a filing, personal ones as this person may read them on the page of a case."""
    cells = shown(user, lead, case_open=True)
    return {
        **{name: getattr(lead, name) for name in PLAIN},
        **{name: str(getattr(lead, name) or "") for name in REFERENCES},
        "customer_kind": str(lead.get_customer_kind_display()),
        "gender": str(lead.get_gender_display()),
        "mobile": cells.mobile,
        "phone": cells.phone,
        "address": address_of(lead, cells.building_room),
    }
