"""What of a customer's personal data a person sees in a row (ORG-6). Asks no database."""

from dataclasses import dataclass

from accounts.models import User
from core.masks import mask_phone, mask_room
from leads.models import Assignment, Lead

PERSONAL = (
    "mobile",
    "phone",
    "building_room",
    "member_card",
    "designer_phone",
    "referrer_mobile",
    "referrer_card",
)
"""The fields of a lead that only those read who see it in full."""


def masked(name: str, value: str) -> str:
    """A value of a personal field as it is left to those who don't see it in full; other fields as they are."""
    if name not in PERSONAL:
        return value
    return mask_room(value) if name == "building_room" else mask_phone(value)


@dataclass(frozen=True, slots=True)
class Shown:
    """The personal cells of a row as this viewer may read them; `revealable` where asking shows them in full."""

    mobile: str
    phone: str
    building_room: str
    full: bool
    revealable: bool


def in_full(user: User, lead: Lead) -> bool:
    """The filer, who holds the customer, sees the row in full; everybody else a masked one."""
    return user.pk in {lead.filer_id, lead.filed_by_id}


def shown(user: User, lead: Lead, *, case_open: bool = False) -> Shown:
    """The cells of a lead. `case_open`: the page on which an auditor, office or showroom works on this very case."""
    if in_full(user, lead) or (case_open and works_on_cases(user)):
        return Shown(lead.mobile, lead.phone, lead.building_room, full=True, revealable=False)
    revealable = user.has_perm("leads.reveal_lead")
    return Shown(
        mask_phone(lead.mobile),
        mask_phone(lead.phone),
        mask_room(lead.building_room),
        full=False,
        revealable=revealable,
    )


def works_on_cases(user: User) -> bool:
    """Auditors, the filing office and showrooms need the data of the cases open before them."""
    return any(user.standing.has(f"leads.{scope}") for scope in ("scope_audit", "scope_unit", "scope_store"))


def sees_case_in_full(user: User, assignment: Assignment) -> bool:
    """Whoever may decide on a case compares its two lines digit by digit."""
    return works_on_cases(user) or in_full(user, assignment.lead) or user.has_perm("leads.audit_lead")
