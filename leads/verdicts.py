"""The verdict on a claim in words for people and in the shape that machines read."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from leads import rules
from leads.choices import OPEN, Answer
from leads.claims import Judgement, Outcome
from leads.models import Lead

TONES = {Answer.FREE: ("ok", "ok"), Answer.OWN: ("info", "user"), Answer.TAKEN: ("warn", "shield")}


def problems_of(outcome: Outcome, form: Any) -> dict[str, list[str]]:
    """What is faulty in what has been typed so far; what is merely missing is not said yet."""
    found: dict[str, list[str]] = {}
    for name, errors in form.errors.as_data().items():
        sentences = [message for error in errors if error.code != "required" for message in error.messages]
        if sentences:
            found[name] = [str(sentence) for sentence in sentences]
    for problem in [*outcome.problems, *rules.information(outcome.claim)]:
        if problem.code != "required":
            found.setdefault(problem.field, []).append(str(problem.sentence))
    return found


def for_machines(outcome: Outcome, form: Any, user: User) -> dict[str, Any]:
    """The JSON of `screens.md`; `keys` only for those with the right."""
    judgement = outcome.judgement
    found: dict[str, Any] = {
        "verdict": judgement.answer,
        "from": None,
        "next": [step for step in judgement.next if step != "file" or not outcome.blocked],
        "problems": problems_of(outcome, form),
    }
    if user.has_perm("leads.full_check"):
        found["keys"] = _keys(judgement)
    return found


def _keys(judgement: Judgement) -> list[dict[str, str]]:
    customers = {match.customer_id for match in judgement.matches}
    leads = Lead.objects.filter(customer__in=customers, progress__in=OPEN).order_by("-pk")
    first = dict(leads.values_list("customer_id", "number"))
    return [
        {"kind": match.key.kind, "firmness": "same", "lead": first.get(match.customer_id, "")}
        for match in judgement.matches
    ]


def drawn(outcome: Outcome, form: Any) -> dict[str, Any]:
    """The context of `components/verdict.html`."""
    judgement = outcome.judgement
    tone, icon = TONES.get(judgement.answer, ("unclear", "info"))
    headline, sentences = _words(judgement)
    faults = [sentence for listed in problems_of(outcome, form).values() for sentence in listed]
    return {
        "verdict": judgement.answer,
        "tone": tone,
        "icon": icon,
        "headline": headline,
        "sentences": sentences + faults,
    }


def _words(judgement: Judgement) -> tuple[str, list[Any]]:
    match judgement.answer:
        case Answer.FREE:
            return _("Free to file."), [_("Nobody holds this mobile, phone or address.")]
        case Answer.OWN:
            return _("This is your own customer."), [_own(judgement)]
        case Answer.TAKEN:
            return _("This customer is already filed."), [_("File another customer, or ask your manager.")]
    advice = _("Fill in the mobile, or the complete address with city, community and building.")
    return _("Not to be said yet."), [advice]


def _own(judgement: Judgement) -> Any:
    lead = judgement.repeats or next(iter(judgement.own), None)
    if lead is None:
        return _("It is filed beside your other leads of this customer.")
    link = format_html('<a href="{}">{}</a>', reverse("leads:detail", args=[lead.number]), lead.number)
    if judgement.repeats:
        return format_html(_("You have filed it for this order type: see {}. Another order type can be filed."), link)
    return format_html(_("See {}. With this order type or address it is filed beside it."), link)
