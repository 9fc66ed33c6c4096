"""Examples of what a policy means, in dates, reckoned by the functions that reckon the terms of real filings."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from approvals.calendar import Calendar
from core.clock import day_of, start_of
from policies.sentences import free_from, through
from policies.terms import DAY, Terms, Unit, end_of, extended_end, last_day_to_ask, later_end, protected_until

LONGEST_MONTH = 31


class Example(NamedTuple):
    """What happens, and what comes of it by the policy."""

    case: str
    result: str


def examples(terms: Terms, at: datetime, calendar: Calendar) -> list[Example]:
    """What happens to filings of these days."""
    return [*_filed(terms, at, calendar), *_later(terms, at, calendar)]


def _filed(terms: Terms, at: datetime, calendar: Calendar) -> Iterator[Example]:
    if terms.needs_approval and terms.decide_within:
        due = end_of(at, terms.decide_within, calendar)
        yield Example(_("Filed today"), _("decided by %s") % through(due))
    began = _("Approved today") if terms.needs_approval else _("Filed today")
    yield Example(began, _held(protected_until(at, terms, calendar)))
    if terms.term and terms.term.unit != Unit.HOUR:
        last = last_of_long_month(day_of(at))
        case = _("Approved on %s") if terms.needs_approval else _("Filed on %s")
        yield Example(case % last.isoformat(), _held(protected_until(start_of(last), terms, calendar)))
    if terms.named_day and terms.named_day >= day_of(at):
        after = terms.named_day + DAY
        case = _("Filed on %s, the day after the day named") % after.isoformat()
        yield Example(case, _held(protected_until(start_of(after), terms, calendar)))


def _later(terms: Terms, at: datetime, calendar: Calendar) -> Iterator[Example]:
    events = (
        (_("Began today, deposit recorded today"), terms.deposit_term),
        (_("Began today, visit confirmed today"), terms.visit_term),
        (_("Began today, deal made today"), terms.deal_term),
    )
    end = protected_until(at, terms, calendar)
    for case, term in events:
        if term:
            yield Example(case, _held(later_end(end, at, term, terms, calendar)))
    if terms.contact_every:
        ends = end_of(at, terms.contact_every, calendar)
        yield Example(_("Last follow-up today"), _("the next one by %s, or the protection ends") % through(ends))
    if end and terms.extensions and terms.extension_term:
        yield Example(_("Extension of what began today"), _("asked for by %s") % last_day_to_ask(end, terms))
        yield Example(_("Extended"), _held(extended_end(end, terms, calendar, waiting=False)))
        if terms.queue and terms.extension_term_waiting:
            longer = extended_end(end, terms, calendar, waiting=True)
            yield Example(_("Extended while somebody waits"), _held(longer))
    if end and terms.queue:
        own = terms.promoted_term or terms.term
        if own:
            result = _held(end_of(end, own, calendar, past_holidays=terms.past_holidays))
            case = _("Whoever waits takes over on %s") % free_from(end)
            yield Example(case, result)


def _held(end: datetime | None) -> str:
    if end is None:
        return _("held without an end")
    words = {"last": through(end), "first": free_from(end)}
    return _("held through %(last)s; others may file from %(first)s") % words


def last_of_long_month(day: date) -> date:
    """The next day that is the 31st of its month, from this one on."""
    while day.day != LONGEST_MONTH:
        day += DAY
    return day
