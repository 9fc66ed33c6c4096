"""What a policy says, in sentences for the people who file, and in dates of examples (RULE-1)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import day_of, start_of
from policies.fields import ASKABLE
from policies.models import CustomerKind, Kind
from policies.terms import (
    DAY,
    Conditions,
    Contest,
    Term,
    Terms,
    Unit,
)


class Said(NamedTuple):
    """A part of a policy: its heading and sentences."""

    heading: str
    sentences: list[str]


class Change(NamedTuple):
    """A sentence of a policy that a version brought, or took away."""

    came: bool
    sentence: str


def term_words(term: Term) -> str:
    """Such as 7 days."""
    match term.unit:
        case Unit.HOUR:
            words = ngettext("%d hour", "%d hours", term.count)
        case Unit.WORKING_DAY:
            words = ngettext("%d working day", "%d working days", term.count)
        case Unit.MONTH:
            words = ngettext("%d month", "%d months", term.count)
        case _:
            words = ngettext("%d day", "%d days", term.count)
    return words % term.count


def through(end: datetime) -> str:
    """The last day of what ends at a moment, or the moment where that is in the course of a day."""
    if end == start_of(day_of(end)):
        return (day_of(end) - DAY).isoformat()
    return moment_words(end)


def moment_words(moment: datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}"


def free_from(end: datetime) -> str:
    """The first day on which others may file, or the moment where it is in the course of a day."""
    return day_of(end).isoformat() if end == start_of(day_of(end)) else moment_words(end)


def describe(terms: Terms) -> list[Said]:
    """All that a policy says but its conditions. An empty part is left out."""
    parts = [
        Said(_("What is needed"), list(_information(terms))),
        Said(_("Approval"), list(_approval(terms))),
        Said(_("How long it is held"), list(_protection(terms))),
        Said(_("Longer protection"), list(_extension(terms))),
        Said(_("Waiting in line"), list(_queue(terms))),
        Said(_("Early ends"), list(_early_ends(terms))),
    ]
    return [part for part in parts if part.sentences]


def differences(before: Terms, after: Terms, names: Mapping[str, Mapping[Any, str]]) -> list[Change]:
    """What another version says differently: the sentences that went, then those that came."""
    old, new = _all_said(before, names), _all_said(after, names)
    gone = [Change(False, each) for each in old if each not in new]
    return gone + [Change(True, each) for each in new if each not in old]


def _all_said(terms: Terms, names: Mapping[str, Mapping[Any, str]]) -> list[str]:
    listed = [
        _("%(part)s: %(sentence)s") % {"part": _("For which filings"), "sentence": each}
        for each in describe_conditions(terms.when, names)
    ]
    return listed + [
        _("%(part)s: %(sentence)s") % {"part": part.heading, "sentence": each}
        for part in describe(terms)
        for each in part.sentences
    ]


def describe_conditions(when: Conditions, names: Mapping[str, Mapping[Any, str]]) -> list[str]:
    """Which filings a policy is for. `names` are by condition those of what it may name; of kinds they are known."""
    kinds = {
        "customer_kinds": {each.value: str(each.label) for each in CustomerKind},
        "filing_kinds": {each.value: str(each.label) for each in Kind},
    }
    labels = {
        "sources": _("source"),
        "order_types": _("order type"),
        "units": _("outlet"),
        "regions": _("region"),
        "customer_kinds": _("kind of customer"),
        "filing_kinds": _("filing kind"),
    }
    known = {**names, **kinds}
    found = []
    for name, label in labels.items():
        if chosen := getattr(when, name):
            listed = _(", ").join(known.get(name, {}).get(each, str(each)) for each in chosen)
            found.append(_("%(condition)s: %(names)s") % {"condition": label, "names": listed})
    return found or [_("All filings that no policy before this one is for.")]


def _information(terms: Terms) -> Iterator[str]:
    if terms.asks:
        yield _("It has to say: %s.") % _(", ").join(str(ASKABLE[name]) for name in terms.asks)
    else:
        yield _("Nothing beyond what every filing needs.")
    if terms.contact_within:
        yield _("Filed within %s of the first contact.") % term_words(terms.contact_within)
    if terms.signed_within:
        yield _("Filed within %s of signing the contract.") % term_words(terms.signed_within)
    if terms.days_ahead:
        words = ngettext(
            "Filed at least %d day before the visit; later it is refused.",
            "Filed at least %d days before the visit; later it is refused.",
            terms.days_ahead,
        )
        yield words % terms.days_ahead
    if terms.minutes_ahead:
        words = ngettext(
            "Filed at least %d minute before the visit.",
            "Filed at least %d minutes before the visit.",
            terms.minutes_ahead,
        )
        yield words % terms.minutes_ahead
    if terms.mask_holds:
        yield _("A mobile with hidden digits holds the customer like a whole one, together with name and gender.")


def _approval(terms: Terms) -> Iterator[str]:
    if not terms.needs_approval:
        yield _("Nobody has to approve it: the customer is protected from the moment of filing.")
    else:
        yield _("It waits for approval, and the customer is protected from the moment of approval.")
        if terms.decide_within:
            yield _("It is decided within %s.") % term_words(terms.decide_within)
        if terms.contest == Contest.EVIDENCE:
            yield _("Until then others may file the customer as well. One filing is granted, the others are told.")
        else:
            yield _("While it waits nobody else can file the customer.")
    if terms.unclear_waits:
        yield _("A filing that could be of a customer filed already waits until a person has compared the two.")
    if terms.hold_limit is not None:
        words = ngettext(
            "One person holds at most %d customer.", "One person holds at most %d customers.", terms.hold_limit
        )
        yield words % terms.hold_limit


def _protection(terms: Terms) -> Iterator[str]:
    yield from _regular_end(terms)
    if terms.past_holidays:
        yield _("An end on a day off moves to the end of the next working day.")
    if terms.deposit_term:
        sentence = _("Once a deposit is recorded: %s from the day of recording, where that is later.")
        yield sentence % term_words(terms.deposit_term)
    if terms.visit_term:
        yield _("Once the visit is confirmed: %s from then on, where that is later.") % term_words(terms.visit_term)
    if terms.deal_term:
        yield _("Once a deal is made: %s from then on, where that is later.") % term_words(terms.deal_term)
    elif terms.term or terms.named_day:
        yield _("Once a deal is made it has no end.")
    if terms.remind_days and (terms.term or terms.named_day):
        words = ngettext(
            "A reminder comes %d day before the end.", "A reminder comes %d days before the end.", terms.remind_days
        )
        yield words % terms.remind_days
    if terms.tells_from:
        yield _("Others who ask for the customer are told the day from which they may file.")


def _regular_end(terms: Terms) -> Iterator[str]:
    term = term_words(terms.term) if terms.term else ""
    if terms.named_day:
        yield _("What begins by %(day)s is held through that day.") % {"day": terms.named_day.isoformat()}
        yield _("What begins later is held for %s.") % term if term else _("What begins later has no end.")
    elif not terms.term:
        yield _("There is no fixed end.")
    elif terms.term.unit == Unit.HOUR:
        yield _("%s, counted from the minute.") % term
    else:
        yield _("%s. The first day does not count, and the last one ends at midnight.") % term


def _extension(terms: Terms) -> Iterator[str]:
    if not terms.extensions or not terms.extension_term:
        if terms.term:
            yield _("It is not extended. After its end it can be filed anew.")
        return
    words = ngettext(
        "At most %(count)d time, by %(term)s.", "At most %(count)d times, by %(term)s each.", terms.extensions
    )
    yield words % {"count": terms.extensions, "term": term_words(terms.extension_term)}
    if terms.extension_term_waiting:
        yield _("While somebody waits in line: by %s.") % term_words(terms.extension_term_waiting)
    if terms.extension_days_before:
        words = ngettext(
            "Asked for at least %d day before the end.",
            "Asked for at least %d days before the end.",
            terms.extension_days_before,
        )
        yield words % terms.extension_days_before
    else:
        yield _("Asked for before the end.")
    if terms.extension_needs_news:
        yield _("What is new about the customer has to be said.")
    if terms.extension_needs_approval:
        yield _("Somebody has to approve it.")


def _queue(terms: Terms) -> Iterator[str]:
    if not terms.queue:
        yield _("Nobody waits in line.")
        return
    words = ngettext(
        "%d other person may wait and takes over as soon as the protection has ended.",
        "%d other people may wait; the first takes over as soon as the protection has ended.",
        terms.queue,
    )
    yield words % terms.queue
    if terms.promoted_term:
        yield _("Whoever takes over has %s.") % term_words(terms.promoted_term)
    if terms.promoted_extensions:
        words = ngettext(
            "It is extended %d time at most.", "It is extended %d times at most.", terms.promoted_extensions
        )
        yield words % terms.promoted_extensions
    elif terms.extensions:
        yield _("That is not extended.")


def _early_ends(terms: Terms) -> Iterator[str]:
    yield _("It ends when the filer lets go, the customer signs with a competitor, or the filing proves false.")
    if terms.contact_every:
        words = _("It ends when no follow-up was recorded for %s.")
        if terms.visit_term:
            words = _("Until the visit is confirmed, it ends when no follow-up was recorded for %s.")
        yield words % term_words(terms.contact_every)
    if terms.remind_idle:
        yield _("After %s without follow-up there is a reminder.") % term_words(terms.remind_idle)
    if terms.void_ban:
        yield _("After a false filing its filer can't file the customer for %s.") % term_words(terms.void_ban)
    if terms.cool_down:
        sentence = _("Whoever lets a customer go can't file it again for %s.")
        yield sentence % term_words(terms.cool_down)
