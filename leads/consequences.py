"""What will happen to a protection if something is done now, in sentences, before anybody does it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.choices import ACTIVE, Ending
from leads.models import Lead, Protection
from leads.services.holding import extension_problem, has_news, somebody_waits
from leads.services.requesting import calendar_from
from leads.spans import barred_from, moved_end
from policies.sentences import free_from, term_words, through
from policies.terms import Term, extended_end, last_day_to_ask


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
        said.append(_("If it is false, its filer may file the customer again from %s.") % free_from(banned))
    if barred := barred_from(at, terms.cool_down, calendar):
        words = {"why": Ending.COMPETITOR.label, "day": free_from(barred)}
        said.append(_("If %(why)s, its filer may file it again from %(day)s.") % words)
    said.append(_("Its filer is told."))
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
        said.append(_("Whoever waits for the customer is told that it is sold, and waits no longer."))
    return said


def _later(protection: Protection, at: datetime, term: Term, rule: str) -> str:
    """Where the end moves to, or that it stays."""
    end = moved_end(protection.ends_at, at, term, rule, protection.terms, calendar_from(at))
    if end is None or end.at is None:
        return _("The end stays what it is, since it is later already.")
    return _("The protection then runs through %(day)s: %(term)s from today.") % {
        "day": through(end.at),
        "term": term_words(term),
    }
