"""What becomes of protections when customers are merged, and when that is taken back."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.events import note_event
from leads.choices import ACTIVE, Ending, Hold
from leads.claims import overlap
from leads.models import Lead, Protection
from leads.services.protecting import END, START, end_protection, ledger_line, lines_of, move_end
from leads.spans import End, end_by_ledger, standing

JOIN, PART = "join", "part"


def join_protections(root_id: int, *, by: User, at: datetime) -> None:
    """One customer has one protection in a scope: a filer's later ones join the first, which takes the last end.

    What is held for all order types comes first, since it can't come under what is held for one. Nothing that was
    granted is taken away, and nothing is given beyond it. The customer must be locked.
    """
    running = list(Protection.objects.of_parties([root_id]).active().filter(contested=False).order_by("pk"))
    running.sort(key=lambda each: (each.state != Hold.PROTECTED, each.scope != ""))
    kept: list[Protection] = []
    for each in running:
        own = (other for other in kept if other.filer_id == each.filer_id)
        first = next((other for other in own if overlap(other.scope, each.scope)), None)
        if first is None:
            kept.append(each)
        else:
            _join(each, first, by=by, at=at)


def _join(one: Protection, into: Protection, *, by: User, at: datetime) -> None:
    Protection.objects.filter(Q(pk=one.pk) | Q(joined=one)).update(joined=into)
    Lead.objects.filter(protection=one, hold__in=ACTIVE).update(protection=into)
    note_event(one, JOIN, by=by, at=at, changes={"into": into.pk})
    _bring_lines(one, into, by=by, at=at)


def _bring_lines(one: Protection, into: Protection, *, by: User, at: datetime) -> None:
    """The end of one that joined counts for the other, each deposit by a line of its own: it may be reversed yet."""
    lines = standing(lines_of(one))
    rest = standing(line for line in lines if not line[1].get("of"))
    if rest and one.state == into.state == Hold.PROTECTED:
        move_end(into, End(end_by_ledger(rest), "merged"), by=by, at=at)
    for _action, given in lines:
        if given.get("of"):
            until = datetime.fromisoformat(given["until"]) if given["until"] else None
            deposit = {name: given[name] for name in ("of", "assignment")}
            move_end(into, End(until, "merged"), by=by, at=at, **deposit)


def part_protections(root_id: int, part: Collection[int], *, by: User, at: datetime) -> None:
    """After a merge was taken back: leads that came under a protection of the other part get one of their own part.

    It is the one they had before, or one like that which they leave, with the same end.
    """
    away = Lead.objects.filter(customer__in=part, hold__in=ACTIVE).exclude(protection__customer__in=part)
    for lead in away.select_related("protection__version").order_by("pk"):
        other = lead.protection
        if other is None:
            continue
        own = _own(root_id, part, other, by=by, at=at)
        Lead.objects.filter(pk=lead.pk).update(protection=own)
    apart = Protection.objects.filter(customer__in=part, state__in=ACTIVE, joined__isnull=False)
    for each in apart.exclude(joined__customer__in=part).select_related("joined").order_by("pk"):
        _stay_joined(each, root_id, at)
    join_protections(root_id, by=by, at=at)


def _own(root_id: int, part: Collection[int], other: Protection, *, by: User, at: datetime) -> Protection:
    """The protection of this part that had joined the other one, else a copy of it."""
    mine = Protection.objects.filter(customer__in=part, joined=other, state__in=ACTIVE).order_by("pk").first()
    if mine:
        Protection.objects.filter(pk=mine.pk).update(joined=None)
        note_event(mine, PART, by=by, at=at, changes={"from": other.pk})
        return mine
    same = Protection.objects.filter(customer__in=part, scope=other.scope, filer=other.filer_id).active()
    if found := same.order_by("pk").first():
        return found
    made = Protection.objects.create(
        customer_id=root_id,
        scope=other.scope,
        filer_id=other.filer_id,
        version=other.version,
        state=other.state,
        started_at=other.started_at,
        ends_at=other.ends_at,
        contact_by=other.contact_by,
        extensions=other.extensions,
        promoted=other.promoted,
        contested=other.contested,
    )
    line = ledger_line(End(made.ends_at, "parted"), extensions=made.extensions)
    note_event(made, START, by=by, at=at, after=made.state, changes=line)
    return made


def _stay_joined(one: Protection, root_id: int, at: datetime) -> None:
    """One that had joined a protection of the other part: it follows its leads, which came under another one of its
    own part, or ends with them."""
    running = Protection.objects.of_parties([root_id]).active().filter(filer=one.filer_id, contested=False)
    near = next((each for each in running.order_by("pk") if overlap(each.scope, one.scope)), None)
    if near:
        Protection.objects.filter(pk=one.pk).update(joined=near)
    else:
        _end_like(one, at)


def end_empty(root_ids: Collection[int], *, by: User, at: datetime) -> None:
    """After a merge was taken back: a protection whose last leads went with the other part protects nothing here."""
    with_leads = Lead.objects.filter(protection=OuterRef("pk"), hold__in=ACTIVE)
    for each in Protection.objects.of_parties(root_ids).active().exclude(Exists(with_leads)).order_by("pk"):
        end_protection(each, Ending.MERGED, at=at, by=by)


def _end_like(one: Protection, at: datetime) -> None:
    """One whose leads have all ended while it was joined: it ends as that did which it had joined."""
    into = one.joined
    ended = into is not None and into.state not in ACTIVE
    state, moment, why = (
        (into.state, into.ended_at, into.ended_why) if into and ended else (Hold.RELEASED, at, Ending.MERGED)
    )
    Protection.objects.filter(pk=one.pk).update(state=state, ended_at=moment, ended_why=why, joined=None)
    changes = {"why": why, "ended": (moment or at).isoformat()}
    note_event(one, END, by=None, at=at, before=one.state, after=state, changes=changes)
