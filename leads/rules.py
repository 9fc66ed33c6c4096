"""The rules of filing. They work on batches, read nothing but what they are given, see no request and ask no clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import phonenumbers
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.verdicts import Problem
from customers.keys import Key, normalise_address, normalise_number
from customers.models import IdentityKey
from leads.choices import OPEN, Answer
from leads.claims import Claim, Judgement, Match, OpenLead
from leads.models import Lead
from policies.models import EXTRA_FIELDS, Need, Strictness

MISSING = {
    "decoration_company": gettext_lazy("This source needs the decoration company."),
    "designer": gettext_lazy("This source needs the designer."),
    "designer_phone": gettext_lazy("This source needs the designer's phone: type it or fetch it."),
    "referrer_name": gettext_lazy("This source needs the referring customer's name."),
    "referrer_mobile": gettext_lazy("This source needs the referring customer's mobile."),
    "referrer_card": gettext_lazy("This source needs the referring customer's card number."),
    "referring_employee": gettext_lazy("This source needs the referring employee."),
}


def information(claim: Claim) -> Iterator[Problem]:
    """What is missing or faulty in a claim by itself (LEAD-3, LEAD-4). A number unknown to operators may only warn."""
    fields, settings = claim.fields, claim.settings
    if not fields.get("mobile") and not (settings.phone_instead_of_mobile and fields.get("phone")):
        yield Problem(_("Please fill in the mobile number."), "mobile", "required")
    elif fields.get("mobile"):
        yield from _mobile(fields["mobile"], "mobile", strict=settings.mobile_check == Strictness.REFUSE)
    if fields.get("referrer_mobile"):
        yield from _mobile(fields["referrer_mobile"], "referrer_mobile", strict=False)
    for name in EXTRA_FIELDS:
        if claim.needs.get(name) == Need.REQUIRED and not fields.get(name):
            yield Problem(MISSING[name], name, "required")


def _mobile(number: str, field_name: str, *, strict: bool) -> Iterator[Problem]:
    digits = normalise_number(number)
    if len(digits) != 11 or not digits.startswith("1"):
        yield Problem(_("A mobile number has 11 digits and begins with 1."), field_name, "mobile")
    elif not phonenumbers.is_valid_number(phonenumbers.parse("+86" + digits)):
        sentence = _("No operator has given out this mobile number. Please check it.")
        yield Problem(sentence, field_name, "mobile_unknown", blocks=strict)


@dataclass
class Known:
    """What the system knows of a batch's keys: read once, then kept up as the batch's own claims are accepted."""

    holders: dict[Key, Match] = field(default_factory=dict)
    free: dict[Key, int] = field(default_factory=dict)
    leads: dict[int, list[OpenLead]] = field(default_factory=dict)

    def add(self, claim: Claim, customer_id: int, number: str) -> None:
        """Let a later claim of the batch see an accepted one."""
        for key in claim.keys:
            self.holders.setdefault(key, Match(key, customer_id, claim.filer_id))
        lead = OpenLead(number, customer_id, claim.fields.get("order_type"), claim.address, saved=False)
        self.leads.setdefault(customer_id, []).append(lead)


def known_of(claims: Iterable[Claim]) -> Known:
    """What is known of all keys of a batch: one statement, a second where a filer meets customers of their own."""
    claims = list(claims)
    known = Known()
    by_kind: dict[str, set[str]] = {}
    for claim in claims:
        for key in claim.keys:
            by_kind.setdefault(key.kind, set()).add(key.value)
    if not by_kind:
        return known
    wanted = Q()
    for kind, values in sorted(by_kind.items()):
        wanted |= Q(kind=kind, value__in=values)
    filers = {claim.filer_id for claim in claims}
    own: set[int] = set()
    rows = IdentityKey.objects.filter(wanted).order_by("customer_id")
    for kind, value, customer_id, held, holder_id in rows.values_list(
        "kind", "value", "customer_id", "held", "customer__holder_id"
    ):
        key = Key(kind, value)
        if held:
            known.holders[key] = Match(key, customer_id, holder_id)
            own |= {customer_id} if holder_id in filers else set()
        elif holder_id is None:  # a customer held by other keys is not free, though this one was let go
            known.free.setdefault(key, customer_id)
    if own:
        known.leads = open_leads_of(own)
    return known


def open_leads_of(customer_ids: Iterable[int]) -> dict[int, list[OpenLead]]:
    found: dict[int, list[OpenLead]] = {}
    leads = Lead.objects.filter(customer__in=customer_ids, progress__in=OPEN).order_by("pk")
    for number, customer_id, order_type_id, city_id, community, building_room in leads.values_list(
        "number", "customer_id", "order_type_id", "city_id", "community", "building_room"
    ):
        address = normalise_address(city_id, community, building_room)
        found.setdefault(customer_id, []).append(OpenLead(number, customer_id, order_type_id, address))
    return found


def judge(claim: Claim, known: Known, *, except_lead: str = "") -> Judgement:
    """The verdict on one claim (`domain.md`, "What a second filing of a customer does").

    `except_lead` is the number of the lead that is being edited: it does not stand in its own way.
    """
    matches = tuple(known.holders[key] for key in claim.keys if key in known.holders)
    if any(match.holder_id != claim.filer_id for match in matches):
        return Judgement(Answer.TAKEN, matches, next=("ask",))
    if not claim.keys:
        return Judgement(Answer.UNCLEAR)
    if not matches:
        customer_id = next((known.free[key] for key in claim.keys if key in known.free), None)
        return Judgement(Answer.FREE, customer_id=customer_id, next=("file",))
    customers = sorted({match.customer_id for match in matches})
    own = [lead for pk in customers for lead in known.leads.get(pk, []) if lead.number != except_lead]
    if not own and except_lead:
        return Judgement(Answer.FREE, matches, customers[0], next=("file",))
    repeats = next((lead for lead in own if _same(claim, lead)), None)
    steps = ("open",) if repeats else ("file", "open")
    return Judgement(Answer.OWN, matches, customers[0], tuple(own), repeats, steps)


def _same(claim: Claim, lead: OpenLead) -> bool:
    """Same order type, or both without one, and same address: the same filing twice."""
    return lead.order_type_id == claim.fields.get("order_type") and lead.address == claim.address


def refusal(claim: Claim, judgement: Judgement) -> Iterator[Problem]:
    """Why an answer does not let the claim be filed, and what to do instead."""
    if judgement.answer == Answer.TAKEN:
        # Said of the whole form: naming the field that matched would tell a fisher which number is known.
        yield Problem(_("This customer is already filed. File another customer, or ask your manager."), code="taken")
    elif judgement.repeats:
        yield Problem(
            _("You have already filed this customer for this order type: see %(number)s.")
            % {"number": judgement.repeats.number},
            code="own",
            path=reverse("leads:detail", args=[judgement.repeats.number]) if judgement.repeats.saved else "",
        )


def quota_problem() -> Problem:
    return Problem(
        _(
            "Today's quota is used up, 0 left. Ask your manager to audit one of your leads, which gives one back, or"
            " file it after midnight."
        ),
        code="quota",
    )
