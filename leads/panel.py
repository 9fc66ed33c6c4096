"""What the page of a filing shows of its protection: until when and why, what waits for a decision, who waits (PROT-2).

Each viewer learns what they may: a holder that somebody waits, one who waits the own place, names only those who see
the waiting filing anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.models import Request
from core.clock import day_of
from core.dates import exact_words
from leads import ledger, queues
from leads.asked import Asked, decided_last, requests_about, waiting_of
from leads.choices import ACTIVE, ENDED, Hold, Progress
from leads.claims import overlap
from leads.holds import Mark, first_after, is_over, last_of, mark_of, runs_out_at
from leads.models import Lead, Protection, QueueEntry
from leads.queues import Place
from leads.services.protecting import ledger_of
from leads.services.requesting import longer_asked_for
from leads.services.settling import run_out
from policies.models import PolicyVersion
from policies.terms import DEFAULT_TERMS, Terms, last_day_to_ask

HOUR = 3600


class Fact(NamedTuple):
    label: Any
    day: date | datetime | None = None
    text: str = ""


class Bar(NamedTuple):
    """How much of a protection has gone by, in hours."""

    passed: int
    total: int


@dataclass(frozen=True)
class Queue:
    """Who waits. On the page of one who waits: the own place and, as far as the policy tells, when it can be theirs."""

    places: list[Place] = field(default_factory=list)
    own: Place | None = None
    earliest: date | datetime | None = None
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Panel:
    mark: Mark
    policy: str
    facts: list[Fact]
    bar: Bar | None
    lines: list[ledger.Line]
    requests: list[Request]
    asked: list[Asked]
    decided: Asked | None
    queue: Queue | None


def with_protection(leads: QuerySet[Lead], at: datetime) -> QuerySet[Lead]:
    """What the panel needs of filings, in their own statement.

    `asks`: there was a request about it or one for longer protection of it waits, `awaited`: somebody waits for its
    customer, `taken`: somebody holds it, `overdue`: a protection of its customer is over that nobody has ended yet,
    `sold`: a filing under its protection is won.
    """
    party = Coalesce(OuterRef("customer__root"), OuterRef("customer"))
    theirs = Q(customer=party) | Q(customer__root=party)
    about = {"subject_type": Lead._meta.label_lower, "subject_id": OuterRef("pk")}
    read = leads.select_related("customer", "queue_entry", "policy_version__policy", "protection__version__policy")
    return read.annotate(
        asks=Exists(Request.objects.filter(**about)) | Exists(longer_asked_for(OuterRef(OuterRef("protection")))),
        awaited=Exists(QueueEntry.objects.waiting().filter(theirs)),
        taken=Exists(Protection.objects.active().filter(theirs)),
        overdue=Exists(run_out(at).filter(theirs)),
        sold=Exists(Lead.objects.filter(protection=OuterRef("protection"), progress=Progress.WON, hold__in=ACTIVE)),
    )


def panel_of(lead: Any, user: User, at: datetime) -> Panel:
    """The panel of a filing read by `with_protection`, for a viewer."""
    queue = _queue(lead, user, at) if lead.awaited else None
    protection, version = lead.protection, lead.policy_version
    if protection:
        version = protection.version
    requests = requests_about(lead) if lead.asks else []
    return Panel(
        mark=mark_of(lead, at, queue.own.place if queue and queue.own else 0),
        policy=_policy_words(version) if version else "",
        facts=list(_facts(protection, at, awaited=bool(lead.awaited))) if protection else [],
        bar=_bar(protection, at) if protection else None,
        lines=ledger.told(ledger_of(protection), awaited=bool(lead.awaited)) if protection else [],
        requests=requests,
        asked=waiting_of(requests, user),
        decided=decided_last(requests, protection, user),
        queue=queue,
    )


def _policy_words(version: PolicyVersion) -> str:
    return _("%(policy)s, version %(number)s") % {"policy": version.policy, "number": version.number}


def _facts(protection: Protection, at: datetime, *, awaited: bool) -> Iterator[Fact]:
    if protection.started_at:
        yield Fact(_("held from"), protection.started_at)
    if protection.ended_at:
        yield Fact(_("ended"), protection.ended_at, str(protection.get_ended_why_display()))
    elif protection.state in ACTIVE:
        yield from _ends(protection, at, awaited=awaited)
    barred = protection.barred_until
    if barred and barred > at:
        yield Fact(_("its filer may file it again from"), first_after(barred))


def _ends(protection: Protection, at: datetime, *, awaited: bool) -> Iterator[Fact]:
    """Nothing of what only waits; where somebody waits the customer is theirs afterwards, not anybody's."""
    end, terms = protection.ends_at, protection.terms
    if protection.started_at is None:
        return
    if end is None:
        yield Fact(_("held through"), text=_("without an end"))
        return
    yield Fact(_("held through"), last_of(end))
    if not awaited:
        yield Fact(_("others may file from"), first_after(end))
    if (due := runs_out_at(protection)) and due != end:
        yield Fact(_("next follow-up by"), last_of(due), _("or it ends"))
    most = terms.promoted_extensions if protection.promoted else terms.extensions
    if most and protection.state == Hold.PROTECTED:
        yield Fact(_("longer protection"), text=_extension_words(protection, end, most, at))


def _extension_words(protection: Protection, end: datetime, most: int, at: datetime) -> str:
    """Until when it can be asked for, as long as it can, and how often it was prolonged."""
    last = last_day_to_ask(end, protection.terms)
    used = {"done": protection.extensions, "most": most, "day": exact_words(last)}
    if protection.extensions >= most:
        return _("%(done)s of %(most)s used") % used
    if day_of(at) > last:
        return _("it had to be asked for by %(day)s; %(done)s of %(most)s used") % used
    return _("to be asked for by %(day)s; %(done)s of %(most)s used") % used


def _bar(protection: Protection, at: datetime) -> Bar | None:
    start, end = protection.started_at, protection.ends_at
    if protection.state != Hold.PROTECTED or start is None or end is None:
        return None
    total = max(int((end - start).total_seconds() // HOUR), 1)
    return Bar(min(max(int((at - start).total_seconds() // HOUR), 0), total), total)


def _queue(lead: Lead, user: User, at: datetime) -> Queue | None:
    if lead.hold in ENDED or lead.hold == Hold.CANCELLED:
        return None
    place = lead.queue_entry if lead.hold == Hold.QUEUED else lead.protection
    scope = place.scope if place else ""
    places = queues.waiting_for(lead.customer.party_id, scope, user)
    own = next((place for place in places if place.entry.lead_id == lead.pk), None)
    if own is None:
        return Queue(places)
    others = [place for place in places if place is not own and place.seen]
    earliest = _earliest(lead, own, at)
    return Queue(others, own, earliest, _waiter_words(own, earliest, mine=lead.filer_id == user.pk))


def _waiter_words(own: Place, earliest: date | datetime | None, *, mine: bool) -> list[str]:
    """Since when it waits, from when it can have its turn, and what happens then."""
    words = {"when": exact_words(own.entry.at), "day": exact_words(earliest) if earliest else ""}
    if earliest is None:
        since = _("It waits since %(when)s.")
    elif mine:
        since = _("It waits since %(when)s; your turn comes on %(day)s at the earliest.")
    else:
        since = _("It waits since %(when)s; its turn comes on %(day)s at the earliest.")
    then = _("Then the customer is yours by itself.") if mine else _("Then the customer is its filer's by itself.")
    return [since % words, then]


def _earliest(lead: Lead, own: Place, at: datetime) -> date | datetime | None:
    """The first day on which it can become theirs, where their policy tells it and nobody is before them."""
    version = lead.policy_version
    terms = Terms.from_json(version.body) if version else DEFAULT_TERMS
    if not terms.tells_from or own.place > 1:
        return None
    running = Protection.objects.of_parties([lead.customer.party_id]).active()
    holding = [each for each in running if overlap(each.scope, own.entry.scope) and not is_over(each, at)]
    ends = [each.ends_at for each in holding]
    if not ends or None in ends or any(each.state != Hold.PROTECTED for each in holding):
        return None
    return first_after(max(end for end in ends if end))
