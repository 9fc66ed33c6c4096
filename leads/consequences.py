"""What will happen to a protection if something is done now, in sentences, before anybody does it."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.kinds import FORESEEN
from approvals.models import Request
from core.clock import likely_now, start_of
from customers.keys.numbers import read_mask
from leads.choices import ACTIVE, Ending, Hold
from leads.models import Assignment, Lead, Protection
from leads.services.deposits import without_deposit
from leads.services.holding import extension_problem, has_news, somebody_waits
from leads.services.requesting import calendar_from
from leads.spans import barred_from, end_by_ledger, end_from, first_end
from policies.sentences import free_from, term_words, through
from policies.terms import DAY, Term, extended_end, last_day_to_ask, later


def of_withdrawal(lead: Lead, at: datetime) -> list[str]:
    """What deleting a filing does to the customer: nothing where somebody else, or another filing, holds it."""
    protection = lead.protection
    used = _("The number stays, and today's quota is not given back.")
    if lead.hold == Hold.QUEUED:
        return [_("The filing leaves the queue and loses its place. Whoever holds the customer keeps it."), used]
    if protection is None or protection.state not in ACTIVE or lead.hold not in ACTIVE or _keeps_nobody_out(lead):
        return [_("The filing does not hold the customer, so nothing changes for others."), used]
    if protection.leads.filter(hold__in=ACTIVE).exclude(pk=lead.pk).exists():
        return [_("Your other filings of this customer go on holding it."), used]
    said = [_("The next who waits for the customer takes over at once.")]
    if not somebody_waits(protection):
        said = [_("The customer becomes free for others at once.")]
    if barred := barred_from(at, protection.terms.cool_down, calendar_from(at)):
        said.append(_("You may file the customer again from %s.") % free_from(barred))
    return [*said, used]


def _keeps_nobody_out(lead: Lead) -> bool:
    """Digits are hidden, or filings wait side by side: others may file the customer as it is."""
    protection = lead.protection
    beside = protection is not None and protection.contested
    return lead.hold == Hold.PENDING and (beside or bool(read_mask(lead.mobile)))


def of_extension(lead: Lead, at: datetime) -> list[str]:
    """How long, until when to be asked for, how often, and who has to agree."""
    protection = lead.protection
    if protection is None or protection.ends_at is None:
        return []
    end, terms = protection.ends_at, protection.terms
    if problem := extension_problem(protection, at, news=not terms.extension_needs_news or has_news(protection)):
        return [problem]
    waiting = somebody_waits(protection)
    longest = extended_end(end, terms, calendar_from(end), waiting=waiting)
    days = {"before": through(end), "after": through(longest)}
    said = [_("It is protected through %(before)s now, and through %(after)s at the longest then.") % days]
    if waiting and terms.extension_term_waiting:
        words = {"term": term_words(terms.extension_term_waiting)}
        said.append(_("Somebody waits for the customer, so it is only %(term)s.") % words)
    most = terms.promoted_extensions if protection.promoted else terms.extensions
    asked = {"day": last_day_to_ask(end, terms), "done": protection.extensions, "most": most}
    said.append(_("It can be asked for through %(day)s; %(done)s of %(most)s used so far.") % asked)
    if terms.extension_needs_approval:
        said.append(_("Somebody with the right decides; until then the end stays what it is."))
    return said


def of_granting_extension(request: Request) -> list[str]:
    """The end now and after granting, for whoever decides."""
    protection = _protection_of(request)
    if protection is None or protection.state != Hold.PROTECTED or protection.ends_at is None:
        return []
    end, waiting = protection.ends_at, somebody_waits(protection)
    said = [_("It is protected through %s now.") % through(end)]
    if waiting:
        said.append(_("Somebody waits for the customer."))
    if problem := extension_problem(protection, end, asked=True):
        return [*said, problem]
    longest = extended_end(end, protection.terms, calendar_from(end), waiting=waiting)
    wanted = start_of(date.fromisoformat(request.details["until"]) + DAY)
    then = max(end, min(longest, wanted))
    return [*said, _("Granted, it is protected through %s.") % through(then)]


def of_granting_filing(request: Request) -> list[str]:
    """From when the customer is held and until when, and what becomes of others that wait beside it."""
    protection = _protection_of(request)
    if protection is None:
        return [_("It waits in the queue. Granted, the customer is its filer's when its turn has come.")]
    if protection.state not in ACTIVE:
        return []
    if protection.started_at:
        end = protection.ends_at
        return [_("It is protected through %s now.") % through(end), _("Granted, the end stays.")] if end else []
    now = likely_now()
    end = first_end(now, protection.terms, calendar_from(now), promoted=protection.promoted).at
    said = [_("Granted today, the customer is protected through %s.") % through(end)] if end else []
    if not end:
        said = [_("Granted, the customer is protected without an end.")]
    if protection.contested:
        said.append(_("Other filings of the same customer that wait beside it are then refused."))
    if somebody_waits(protection):
        said.append(_("Somebody waits for the customer."))
    return [*said, _("Refused, the customer becomes free at once.")]


def _protection_of(request: Request) -> Protection | None:
    return Protection.objects.select_related("version").filter(leads=request.subject_id).first()


def of_release(lead: Lead, at: datetime) -> list[str]:
    protection = lead.protection
    if protection is None:
        return []
    said = _ended(protection)
    if barred := barred_from(at, protection.terms.cool_down, calendar_from(at)):
        said.append(_("You may file the customer again from %s.") % free_from(barred))
    said.append(_("Signed with a competitor: the filing counts as lost besides."))
    return said


def of_voiding(lead: Lead, at: datetime) -> list[str]:
    protection = lead.protection
    if protection is None:
        return []
    terms, calendar, said = protection.terms, calendar_from(at), _ended(protection)
    if banned := barred_from(at, terms.void_ban, calendar):
        said.append(_("If the filing proved false, its filer may file the customer again from %s.") % free_from(banned))
    if barred := barred_from(at, terms.cool_down, calendar):
        words = {"why": Ending.COMPETITOR.label, "day": free_from(barred)}
        said.append(_("If %(why)s, its filer may file it again from %(day)s.") % words)
    said.append(_("Its filer reads the reason on the page of the filing."))
    return said


def _ended(protection: Protection) -> list[str]:
    """What the end means for the customer and for what else was filed under the protection."""
    said = [_("The customer becomes free for others at once.")]
    if somebody_waits(protection):
        said = [_("The next who waits for the customer takes over at once.")]
    together = protection.leads.filter(hold__in=ACTIVE).count()
    if together > 1:
        words = ngettext(
            "%d filing of this customer ends with it.", "%d filings of this customer end with it.", together
        )
        said.append(words % together)
    return said


def of_reversal(assignment: Assignment, at: datetime) -> list[str]:
    """What the end of the protection becomes without the deposit of an assignment."""
    protection = assignment.lead.protection
    if protection is None or protection.state not in ACTIVE:
        return []
    found = without_deposit(protection, assignment)
    if found is None:
        return [_("The end of the protection stays what it is.")]
    end = end_by_ledger(found.left)
    if not found.left or (end is not None and end <= at):
        return [_("Without this deposit the protection is over: it ends at once.")]
    if end is None or end == protection.ends_at:
        return [_("The end of the protection stays what it is.")]
    words = {
        "before": through(protection.ends_at) if protection.ends_at else _("without an end"),
        "after": through(end),
    }
    return [_("The end of the protection goes back from %(before)s to %(after)s.") % words]


def of_visit(lead: Lead, at: datetime) -> list[str]:
    protection = lead.protection
    term = protection.terms.visit_term if protection else None
    if protection is None or term is None:
        return [_("The policy gives no time for a visit: it is only recorded.")]
    return [_later(protection, at, term, "visit")]


def of_deal(lead: Lead, at: datetime) -> list[str]:
    protection = lead.protection
    if protection is None or protection.state not in ACTIVE:
        return [_("The filing counts as won. Its protection has ended, so nobody is kept out.")]
    terms = protection.terms
    said = [_("The customer stays its filer's, without an end.")]
    if terms.deal_term:
        said = [_later(protection, at, terms.deal_term, "deal")]
    if somebody_waits(protection):
        said.append(_("Whoever waits for the customer waits no longer."))
    return said


def _later(protection: Protection, at: datetime, term: Term, rule: str) -> str:
    """Where the end moves to, or that it stays."""
    end = end_from(at, term, rule, protection.terms, calendar_from(at)).at
    if end is None or later(protection.ends_at, end) == protection.ends_at:
        return _("The end stays what it is, since it is later already.")
    return _("The protection then runs through %(day)s: %(term)s from today.") % {
        "day": through(end),
        "term": term_words(term),
    }


def foresee_decisions() -> None:
    """Called once, when the app is ready: the page of a request says what granting it does."""
    FORESEEN["extension"] = of_granting_extension
    FORESEEN.update(dict.fromkeys(("filing", "special", "cross_region"), of_granting_filing))
