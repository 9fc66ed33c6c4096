"""The rules of filing. They work on batches, read nothing but what they are given, see no request and ask no clock."""

from collections.abc import Iterator
from datetime import date

import phonenumbers
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.verdicts import Problem
from customers.keys import KeyKind
from customers.keys.codes import is_credit_code
from customers.keys.numbers import normalise_number, read_mask
from leads.choices import Answer
from leads.claims import Claim, Judgement
from policies.models import EXTRA_FIELDS, KIND_FIELDS, PAPERS, Kind, Need, Strictness

MISSING = {
    "decoration_company": gettext_lazy("This source needs the decoration company."),
    "designer": gettext_lazy("This source needs the designer."),
    "designer_phone": gettext_lazy("This source needs the designer's phone: type it or fetch it."),
    "referrer_name": gettext_lazy("This source needs the referring customer's name."),
    "referrer_mobile": gettext_lazy("This source needs the referring customer's mobile."),
    "referrer_card": gettext_lazy("This source needs the referring customer's card number."),
    "referring_employee": gettext_lazy("This source needs the referring employee."),
}


def information(claim: Claim, day: date) -> Iterator[Problem]:
    """What is missing or faulty in a claim by itself (LEAD-3, -4, -11, -12), if it is filed on `day`."""
    fields, settings = claim.fields, claim.settings
    if not claim.treatment.active:
        yield Problem(_("This filing kind is switched off. Please choose another one."), "filing_kind", "kind")
    if not fields.get("mobile") and not (settings.phone_instead_of_mobile and fields.get("phone")):
        yield Problem(_("Please fill in the mobile number."), "mobile", "required")
    elif fields.get("mobile"):
        yield from _mobile(claim)
    if fields.get("referrer_mobile"):
        yield from _number(fields["referrer_mobile"], "referrer_mobile", strict=False)
    for name in EXTRA_FIELDS:
        if claim.needs.get(name) == Need.REQUIRED and not fields.get(name):
            yield Problem(MISSING[name], name, "required")
    yield from _kind_fields(claim)
    yield from _visit(claim, day)


def _kind_fields(claim: Claim) -> Iterator[Problem]:
    for name, label in KIND_FIELDS.items():
        if name not in PAPERS and claim.needs.get(name) == Need.REQUIRED and not claim.fields.get(name):
            sentence = _("This kind of filing or customer needs: %s. Please fill it in.") % label
            yield Problem(sentence, name, "required")
    code = claim.text("credit_code")
    if code and not is_credit_code(code):
        sentence = _("This is no valid credit code: it has 18 characters, the last of which checks the others.")
        yield Problem(sentence, "credit_code", "credit_code")


def _visit(claim: Claim, day: date) -> Iterator[Problem]:
    """A filing before a visit is made so many days ahead (preset `opening`: the same day is refused)."""
    planned, ahead = claim.fields.get("visit_planned_at"), claim.treatment.days_ahead
    if planned and ahead and (localtime(planned).date() - day).days < ahead:
        sentence = _("A filing of this kind is made at least %(days)d day(s) before the visit.") % {"days": ahead}
        yield Problem(sentence, "visit_planned_at", "ahead")


def _mobile(claim: Claim) -> Iterator[Problem]:
    number = claim.text("mobile")
    if not read_mask(number):
        yield from _number(number, "mobile", strict=claim.settings.mobile_check == Strictness.REFUSE)
    elif claim.fields.get("filing_kind") != Kind.MASKED:
        sentence = _("Hidden digits are for the filing kind “%s”. Choose it, or fill in the whole number.")
        yield Problem(sentence % Kind.MASKED.label, "mobile", "masked")


def _number(number: str, field_name: str, *, strict: bool) -> Iterator[Problem]:
    digits = normalise_number(number)
    if len(digits) != 11 or not digits.startswith("1"):
        yield Problem(_("A mobile number has 11 digits and begins with 1."), field_name, "mobile")
    elif not phonenumbers.is_valid_number(phonenumbers.parse("+86" + digits)):
        sentence = _("No operator has given out this mobile number. Please check it.")
        yield Problem(sentence, field_name, "mobile_unknown", blocks=strict)


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
    yield from not_counted(judgement)


def not_counted(judgement: Judgement) -> Iterator[Problem]:
    """What was left out of the judgement, since it says nothing of who somebody is."""
    if judgement.shared:
        kinds = ", ".join(dict.fromkeys(str(KeyKind(key.kind).label) for key in judgement.shared))
        sentence = _("Does not count, since many customers share it: %s.") % kinds
        yield Problem(sentence, code="shared", blocks=False)


def quota_problem() -> Problem:
    return Problem(
        _(
            "Today's quota is used up, 0 left. Ask your manager to audit one of your leads, which gives one back, or"
            " file it after midnight."
        ),
        code="quota",
    )
