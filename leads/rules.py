"""The rules of filing. They work on batches, read nothing but what they are given, see no request and ask no clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import phonenumbers
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import day_of
from core.verdicts import Problem
from customers.keys import KeyKind
from customers.keys.codes import is_credit_code
from customers.keys.numbers import normalise_number, read_mask
from leads.choices import Answer, Hold
from leads.claims import Claim, Judgement
from leads.models import Lead
from policies.fields import ASKABLE
from policies.models import EXTRA_FIELDS, KIND_FIELDS, PAPERS, Kind, Need, Strictness
from policies.sentences import term_words
from policies.terms import last_day

MISSING = {
    "decoration_company": gettext_lazy("This source needs the decoration company."),
    "designer": gettext_lazy("This source needs the designer."),
    "designer_phone": gettext_lazy("This source needs the designer's phone: type it or fetch it."),
    "referrer_name": gettext_lazy("This source needs the referring customer's name."),
    "referrer_mobile": gettext_lazy("This source needs the referring customer's mobile."),
    "referrer_card": gettext_lazy("This source needs the referring customer's card number."),
    "referring_employee": gettext_lazy("This source needs the referring employee."),
}


def information(claim: Claim, at: datetime) -> Iterator[Problem]:
    """What is missing or faulty in a claim by itself (LEAD-3, -4, -11, -12, RULE-1), if it is filed at that moment."""
    if not claim.treatment.active:
        yield Problem(_("This filing kind is switched off. Please choose another one."), "filing_kind", "kind")
    yield from missing(claim)
    if claim.fields.get("mobile"):
        yield from _mobile(claim)
    if claim.fields.get("referrer_mobile"):
        yield from _number(claim.fields["referrer_mobile"], "referrer_mobile", strict=False)
    code = claim.text("credit_code")
    if code and not is_credit_code(code):
        sentence = _("This is no valid credit code: it has 18 characters, the last of which checks the others.")
        yield Problem(sentence, "credit_code", "credit_code")
    yield from in_time(claim, at)
    yield from before_visit(claim, at)


def missing(claim: Claim) -> Iterator[Problem]:
    """A sentence for each field that is needed and empty: the number, then what source, kinds and policy ask for."""
    fields, said = claim.fields, {"mobile"}
    if not fields.get("mobile") and not (claim.settings.phone_instead_of_mobile and fields.get("phone")):
        yield Problem(_("Please fill in the mobile number."), "mobile", "required")
    elif "mobile" in claim.terms.asks and not fields.get("mobile"):
        yield _asked(claim, "mobile")
    for name in (*EXTRA_FIELDS, *KIND_FIELDS):
        if name not in PAPERS and claim.needs.get(name) == Need.REQUIRED and not fields.get(name):
            said.add(name)
            by_policy = name in claim.terms.asks
            yield _asked(claim, name) if by_policy else Problem(_why_needed(name), name, "required")
    for name in claim.terms.asks:
        if name not in said and name not in PAPERS and not fields.get(name):
            yield _asked(claim, name)


def _why_needed(name: str) -> str:
    if name in MISSING:
        return str(MISSING[name])
    return _("This kind of filing or customer needs: %s. Please fill it in.") % KIND_FIELDS[name]


def _asked(claim: Claim, name: str) -> Problem:
    sentence = _("The policy “%(policy)s” needs: %(field)s. Please fill it in.")
    return Problem(sentence % {"policy": _policy(claim), "field": ASKABLE[name]}, name, "required")


def _policy(claim: Claim) -> str:
    return claim.policy.name if claim.policy else ""


def in_time(claim: Claim, at: datetime) -> Iterator[Problem]:
    """The longest time from first contact, and from signing, to filing (RULE-1; preset `contract`)."""
    limits = (("first_contact_on", claim.terms.contact_within), ("contract_signed_on", claim.terms.signed_within))
    for name, term in limits:
        day = claim.fields.get(name)
        if day and term and day_of(at) > (last := last_day(day, term, claim.calendar)):
            sentence = _(
                "By the policy “%(policy)s” a filing is made within %(term)s of “%(field)s”, so by %(day)s at the"
                " latest. Check the date; if it is right, turn to the filing office."
            )
            words = {
                "policy": _policy(claim),
                "term": term_words(term),
                "field": ASKABLE[name],
                "day": last.isoformat(),
            }
            yield Problem(sentence % words, name, "late")


def before_visit(claim: Claim, at: datetime) -> Iterator[Problem]:
    """So many days (preset `opening`: the same day is refused) and minutes ahead; the stricter of kind and policy."""
    planned, terms = claim.fields.get("visit_planned_at"), claim.terms
    if not planned:
        return
    ahead = max(claim.treatment.days_ahead, terms.days_ahead)
    if ahead and (day_of(planned) - day_of(at)).days < ahead:
        if terms.days_ahead > claim.treatment.days_ahead:
            sentence = _("By the policy “%(policy)s” a filing is made at least %(days)d day(s) before the visit.")
        else:
            sentence = _("A filing of this kind is made at least %(days)d day(s) before the visit.")
        yield Problem(sentence % {"policy": _policy(claim), "days": ahead}, "visit_planned_at", "ahead")
    elif planned < at + timedelta(minutes=terms.minutes_ahead) and terms.minutes_ahead:
        sentence = _("By the policy “%(policy)s” a filing is made at least %(minutes)d minute(s) before the visit.")
        words = {"policy": _policy(claim), "minutes": terms.minutes_ahead}
        yield Problem(sentence % words, "visit_planned_at", "ahead")


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
    if judgement.answer == Answer.TAKEN and not (judgement.room and claim.queue):
        # Said of the whole form: naming the field that matched would tell a fisher which number is known.
        yield Problem(taken_words(judgement), code="taken")
    elif judgement.repeats and judgement.waits:
        yield Problem(
            _("You already wait for this customer: see %(number)s.") % {"number": judgement.repeats.number},
            code="own",
            path=reverse("leads:detail", args=[judgement.repeats.number]),
        )
    elif judgement.repeats:
        yield Problem(
            _("You have already filed this customer for this order type: see %(number)s.")
            % {"number": judgement.repeats.number},
            code="own",
            path=reverse("leads:detail", args=[judgement.repeats.number]) if judgement.repeats.saved else "",
        )
    elif judgement.narrower:
        yield Problem(narrower_words(), "order_type", "own")
    yield from not_counted(judgement)


def narrower_words() -> str:
    """Why a filing for all order types does not go beside own ones for some: it would hold those twice."""
    return _(
        "You hold this customer for some order types only. Choose the order type of this filing: without one it would"
        " hold all of them."
    )


def taken_words(judgement: Judgement) -> str:
    """That a customer is taken, with what one may do: as much as the policy lets be told, never whose it is."""
    if judgement.barred_until:
        sentence = _("You had this customer before, so the policy lets you file it again from %(day)s on.")
        return sentence % {"day": day_of(judgement.barred_until)}
    if judgement.room:
        return _("This customer is already filed. You can queue for it: if its protection ends, it becomes yours.")
    if judgement.free_from:
        sentence = _(
            "This customer is already filed. Others may file it from %(day)s on, unless its time is prolonged."
        )
        return sentence % {"day": day_of(judgement.free_from)}
    return _("This customer is already filed. File another customer, or ask your manager.")


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


def limit_problem(limit: int) -> Problem:
    """The policy's limit on how many customers one may hold at once is reached."""
    sentence = _("You hold %(limit)s customers, as many as the policy allows. Let one go before you file another.")
    return Problem(sentence % {"limit": limit}, code="limit")


def keys_stay(lead: Lead) -> Problem:
    """Numbers and addresses change only while the filing holds its customer."""
    if lead.hold == Hold.QUEUED:
        sentence = _("While it waits, its numbers and address can't be changed. Delete it and file it again.")
    else:
        sentence = _("Its protection has ended, so its numbers and address can't be changed. File the customer again.")
    return Problem(sentence, code="held")


def scope_stays() -> Problem:
    """Where the site holds customers by order type, another one is another filing."""
    sentence = _("The customer is held for this order type, so it can't be changed here. File the other one beside it.")
    return Problem(sentence, "order_type", "held")
