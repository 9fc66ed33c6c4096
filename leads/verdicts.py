"""The verdict on a claim in words for people and in the shape that machines read, as far as the viewer may know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import day_of, likely_now
from customers.keys.addresses import address_words
from customers.keys.numbers import read_mask
from customers.parties import members_of
from leads import rules
from leads.choices import ACTIVE, Answer
from leads.claims import Claim, Judgement, OpenLead, Outcome
from leads.matching import firmness_by_kind
from leads.models import Lead
from policies.models import Evidence, Firmness
from policies.sentences import term_words

TONES = {Answer.FREE: ("ok", "ok"), Answer.OWN: ("info", "user"), Answer.TAKEN: ("warn", "shield")}


@dataclass(frozen=True, slots=True)
class Reason:
    """A customer that the claim could be, for those who may know: how firmly, on what evidence, and by which filing.

    `kinds` says of each kind of key how firmly it matched; `lead` is None where the filing is out of sight.
    """

    firmness: str
    evidence: tuple[str, ...]
    kinds: Mapping[str, str]
    lead: Lead | None

    @property
    def how(self) -> str:
        return str(Firmness(self.firmness).label)

    @property
    def words(self) -> str:
        return str(_("; ")).join(str(Evidence(word).label) for word in self.evidence)


def reasons_of(outcome: Outcome, user: User) -> list[Reason] | None:
    """The customers that somebody holds and the claim could be; None for those who may not know (guarantees 2)."""
    if not user.has_perm("leads.full_check"):
        return None
    matches = [match for match in outcome.judgement.matches if match.held]
    customers = {match.customer_id for match in matches}
    theirs = Lead.objects.visible_to(user).filter(customer__in=members_of(customers), hold__in=ACTIVE)
    leads = theirs if customers else Lead.objects.none()
    first = {
        lead.customer.party_id: lead for lead in leads.select_related("customer", "filer", "outlet").order_by("-pk")
    }
    return [
        Reason(
            match.firmness,
            match.evidence,
            firmness_by_kind(match, outcome.claim),
            first.get(match.customer_id),
        )
        for match in matches
    ]


def problems_of(outcome: Outcome, form: Any) -> dict[str, list[str]]:
    """What is faulty in what has been typed so far; what is merely missing is not said yet."""
    found: dict[str, list[str]] = {}
    for name, errors in form.errors.as_data().items():
        sentences = [message for error in errors if error.code != "required" for message in error.messages]
        if sentences:
            found[name] = [str(sentence) for sentence in sentences]
    for problem in [*outcome.problems, *rules.information(outcome.claim, likely_now())]:
        if problem.code != "required":
            found.setdefault(problem.field, []).append(str(problem.sentence))
    return found


def for_machines(outcome: Outcome, form: Any, user: User) -> dict[str, Any]:
    """The JSON of `screens.md`; `keys` only for those with the right. Beyond the budget the verdict is null."""
    judgement = outcome.judgement
    found: dict[str, Any] = {
        "verdict": None if outcome.silent else judgement.answer,
        "from": first_day(judgement),
        "next": [step for step in judgement.next if step != "file" or not outcome.blocked],
        "problems": problems_of(outcome, form),
    }
    if (reasons := reasons_of(outcome, user)) is not None:
        found["keys"] = [
            {"kind": kind, "firmness": firmness, "lead": reason.lead.number if reason.lead else ""}
            for reason in reasons
            for kind, firmness in sorted(reason.kinds.items())
        ]
    return found


def drawn(outcome: Outcome, form: Any, user: User) -> dict[str, Any]:
    """The context of `components/verdict.html`."""
    judgement = outcome.judgement
    tone, icon = ("info", "clock") if outcome.silent else TONES.get(judgement.answer, ("unclear", "info"))
    headline, sentences = _silent() if outcome.silent else _words(outcome)
    if _stopped(outcome):
        tone, icon, headline = "warn", "warn", _("It can't be filed like this yet.")
        sentences = []
    faults = [sentence for listed in problems_of(outcome, form).values() for sentence in listed]
    return {
        "verdict": "" if outcome.silent else judgement.answer,
        "tone": tone,
        "icon": icon,
        "headline": headline,
        "sentences": [*sentences, *faults],
        "understood": understood(outcome.claim),
        "reasons": reasons_of(outcome, user),
        "room": may_queue(outcome),
        "actions": "leads/_queue_button.html" if may_queue(outcome) else "",
    }


def may_queue(outcome: Outcome) -> bool:
    """Whether sending the form now would put the person into the queue, so that its button has to say so."""
    return not outcome.silent and "queue" in outcome.judgement.next


def ways_out(outcome: Outcome) -> list[Any]:
    """What the person can do, as the verdict says it, without what is faulty in the form."""
    _headline, sentences = _words(outcome)
    return sentences


def _queueing(claim: Claim) -> list[str]:
    """What it means to queue for a customer that is taken."""
    said = [_("You can queue for it: if its protection ends, it becomes yours.")]
    if term := claim.terms.promoted_term or claim.terms.term:
        said.append(_("From that day on it is protected for %s.") % term_words(term))
    return [*said, _("Queueing uses one of today's filings.")]


def _stopped(outcome: Outcome) -> bool:
    """Whether something typed, not merely something missing, keeps a customer that is free from being filed."""
    if outcome.judgement.answer not in {Answer.FREE, Answer.UNCLEAR} or not outcome.judgement.next:
        return False
    found = [*outcome.problems, *rules.information(outcome.claim, likely_now())]
    return any(problem.blocks and problem.code != "required" for problem in found)


def understood(claim: Claim) -> str:
    """The address as it was read, so that a misread one is noticed; "" where nothing was."""
    given = claim.identity
    known_as = given.known_as[0] if given.known_as else ""
    return address_words(given.city_name, given.community, given.building_room, known_as)


def _silent() -> tuple[str, list[Any]]:
    advice = _("You can still file: the answer comes then. Tomorrow you can ask again.")
    return _("Today's checks are used up."), [advice]


def _words(outcome: Outcome) -> tuple[str, list[Any]]:
    judgement = outcome.judgement
    match judgement.answer:
        case Answer.FREE:
            return _("Free to file."), [_("Nobody holds this customer."), *_waits(outcome.claim)]
        case Answer.OWN if judgement.waits:
            return _("You already wait for this customer."), [format_html(_("See {}."), _links(judgement.own))]
        case Answer.OWN:
            return _("This is your own customer."), [_own(judgement)]
        case Answer.TAKEN:
            return _taken(outcome.claim, judgement)
    if not judgement.matches:
        advice = _("Fill in the mobile, or the complete address with city, community, building and room.")
        return _("Not to be said yet."), [advice]
    if judgement.own:
        link = format_html(_("See {}."), _links(judgement.own))
        return _("This could be your own customer."), [link, *_waits(outcome.claim)]
    advice = _("It could be a customer that is filed already. You can file it: a person will compare the two.")
    return _("Not certain."), [advice, *_waits(outcome.claim)]


def _taken(claim: Claim, judgement: Judgement) -> tuple[str, list[Any]]:
    if judgement.barred_until:
        return _("You may not file this customer yet."), [rules.taken_words(judgement)]
    told = _("Others may file it from %s on, unless its time is prolonged.") % first_day(judgement)
    advice = [told] if judgement.free_from else []
    if judgement.room:
        advice += _queueing(claim)
    elif not advice:
        advice = [_("File another customer, or ask your manager.")]
    return _("This customer is already filed."), advice


def first_day(judgement: Judgement) -> str | None:
    """The first day on which it may be filed, as far as it is told; as ISO date."""
    moment = judgement.barred_until or judgement.free_from
    return day_of(moment).isoformat() if moment else None


def _waits(claim: Claim) -> list[Any]:
    """What keeps a filing from being protected at once."""
    if read_mask(claim.text("mobile")):
        return [_("With hidden digits nothing is held yet: your time counts once the whole number is filled in.")]
    if claim.treatment.needs_approval or claim.terms.needs_approval:
        return [_("This kind of filing waits for approval; until then nobody else can file the customer.")]
    return []


def _links(leads: Iterable[OpenLead]) -> Any:
    numbers = [lead.number for lead in leads if lead.saved]
    rows = [(reverse("leads:detail", args=[number]), number) for number in numbers]
    return format_html_join(_(", "), '<a href="{}">{}</a>', rows)


def _own(judgement: Judgement) -> Any:
    lead = judgement.repeats or next(iter(judgement.own), None)
    if lead is None:
        return _("It is filed beside your other leads of this customer.")
    link = _links([lead])
    if judgement.narrower and not judgement.repeats:
        return format_html("{} {}", rules.narrower_words(), format_html(_("See {}."), link))
    if judgement.repeats:
        return format_html(_("You have filed it for this order type: see {}. Another order type can be filed."), link)
    return format_html(_("See {}. With this order type or address it is filed beside it."), link)
