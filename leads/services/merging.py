"""Say that two customers are one, and take it back. Nothing is moved, so that nothing is lost.

A party is what hangs together by the merges that stand. Each of these is one row of `Merge` and one pointer
(`Customer.merged_into`), from its `gone` to its `kept`. Which of the two points is no statement of its own: where a
customer in the middle of its party is merged, the pointers above it turn, and the rows with them. Taking a merge back
thus parts exactly what it had joined, in any order.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import database_now, likely_today
from core.constraints import violates
from core.events import note_event
from core.verdicts import ALLOWED, Refused, Verdict
from customers.keys import Key
from customers.merges import Pointers, below, turned
from customers.models import Customer, IdentityKey, Merge
from leads import quotas
from leads.choices import ACTIVE, CollisionState, Hold
from leads.claims import overlap
from leads.models import Collision, Lead, Protection
from leads.services.joining import end_empty, join_protections, part_protections
from leads.services.ownership import KeyToKeep, Overtaken, hold_keys
from leads.services.protecting import take_over
from leads.services.queueing import part_queue
from leads.services.settling import run_out


class Party(NamedTuple):
    """What a customer belongs to now: its root and who holds it."""

    root_id: int
    holder_id: int | None


def parties_of(customer_ids: Iterable[int]) -> dict[int, Party]:
    """The party of each customer."""
    rows = Customer.objects.filter(pk__in=set(customer_ids))
    columns = rows.values_list("pk", "root_id", "holder_id", "root__holder_id")
    return {pk: Party(root or pk, theirs if root else mine) for pk, root, mine, theirs in columns}


def lock_parties(*customer_ids: int) -> dict[int, Party]:
    """The parties of these customers, locked: the days of their holders, then all members, each by ascending id.

    Whoever files, edits or withdraws meets the lock of a holder's day or of a root. Raises `Overtaken` where something
    changed before the locks were there: a member that was not locked in its turn must not be written.
    """
    before = parties_of(customer_ids)
    quotas.lock_days((party.holder_id for party in before.values() if party.holder_id), likely_today())
    roots = {party.root_id for party in before.values()}
    members = Customer.objects.filter(Q(pk__in=roots) | Q(root__in=roots)).order_by("pk")
    locked = {member.pk for member in members.select_for_update(no_key=True)}
    if parties_of(customer_ids) != before or set(members.values_list("pk", flat=True)) != locked:
        raise Overtaken
    if run_out(database_now()).of_parties(roots).exists():
        raise Overtaken(roots)
    return before


def may_merge(kept: Party, gone: Party) -> Verdict:
    """Whether two parties may become one, and if not, why not."""
    if kept.root_id == gone.root_id:
        return Verdict(_("These two are one customer already."))
    running = list(Protection.objects.of_parties([kept.root_id, gone.root_id]).active())
    meeting = [pair for pair in combinations(running, 2) if overlap(pair[0].scope, pair[1].scope)]
    if any(each.contested for each in running) or any(_narrows(*pair) for pair in meeting):
        return Verdict(_("A filing of one of these two customers waits for a decision. Have it decided first."))
    if any(one.filer_id != other.filer_id for one, other in meeting):
        return Verdict(
            _("Two people hold these two customers. Decide first who keeps the customer; the other filing has to go.")
        )
    return ALLOWED


def _narrows(one: Protection, other: Protection) -> bool:
    """Whether what waits for approval for all order types would come under what is protected for one."""
    return any(
        wide.scope == "" and narrow.scope and wide.state == Hold.PENDING and narrow.state == Hold.PROTECTED
        for wide, narrow in ((one, other), (other, one))
    )


def merge(kept: Customer, gone: Customer, *, by: User, reason: str, at: datetime) -> Merge:
    """Make one party of two, inside the caller's transaction: `gone` points to `kept`, all of its party comes along.

    The root of `kept` stays the root, and whoever holds one of the two holds both. Raises `Refused`, and `Overtaken`
    where another action was quicker.
    """
    if kept.pk == gone.pk:
        raise Refused(_("A customer can't be merged with itself."))
    parties = lock_parties(kept.pk, gone.pk)
    into, other = parties[kept.pk], parties[gone.pk]
    if not (verdict := may_merge(into, other)):
        raise Refused(verdict.reason)
    pointers = _pointers(other.root_id)
    for one, above in turned(pointers, gone.pk):
        _standing().filter(gone=one, kept=above).update(gone=F("kept"), kept=F("gone"))
        _point(above, to=one, root_id=into.root_id, before=pointers[above])
    made = _note(kept, gone, by=by, reason=reason, at=at)
    _point(gone.pk, to=kept.pk, root_id=into.root_id, before=pointers[gone.pk])
    Customer.objects.filter(pk__in=pointers).update(root=into.root_id, holder=None, stamp=F("stamp") + 1)
    holder = into.holder_id or other.holder_id
    Customer.objects.filter(pk=into.root_id).update(holder=holder, stamp=F("stamp") + 1)
    join_protections(into.root_id, by=by, at=at)
    return made


def unmerge(merge: Merge, *, by: User, reason: str, at: datetime) -> None:
    """Take a merge back, in any order with others, inside the caller's transaction: what hung on `gone` comes loose.

    Each part gets the holder of its open leads, the keys that were kept for them at the other part meanwhile, and those
    who wait for it; what is free is theirs at once. What was said to be the same and now lies apart has to be looked at
    again. Raises `Refused`.
    """
    lock_parties(merge.gone_id)
    if not _standing().filter(pk=merge.pk).update(undone_by=by, undone_at=at, undone_reason=reason):
        raise Refused(_("This merge has been taken back already."))
    merge.refresh_from_db()
    pointers = _pointers(Customer.objects.get(pk=merge.gone_id).party_id)
    loose = below(pointers, merge.gone_id)
    rest = set(pointers) - loose
    root_id = next(pk for pk, above in pointers.items() if above is None)
    Customer.objects.filter(pk=merge.gone_id).update(merged_into=None, root=None)
    Customer.objects.filter(pk__in=loose - {merge.gone_id}).update(root=merge.gone_id)
    Customer.objects.filter(pk__in=loose | rest).update(stamp=F("stamp") + 1)
    part_protections(root_id, rest, by=by, at=at)
    part_protections(merge.gone_id, loose, by=by, at=at)
    for part_root, part in ((root_id, rest), (merge.gone_id, loose)):
        Customer.objects.filter(pk=part_root).update(holder=holder_of(part))
    _return_keys(loose, rest, root_id)
    _return_keys(rest, loose, merge.gone_id)
    part_queue(root_id, rest, merge.gone_id, loose, at=at)
    end_empty([root_id, merge.gone_id], by=by, at=at)
    for part_root in sorted([root_id, merge.gone_id]):
        take_over(part_root, at=at, noted_at=at)
    _look_again(loose, rest, by=by, reason=reason, at=at)


def holder_of(customer_ids: Collection[int]) -> int | None:
    """Who filed the open leads of a party: one person, since nobody else may file what is held."""
    leads = Lead.objects.filter(customer__in=customer_ids, hold__in=ACTIVE).order_by("arrived_at", "pk")
    return leads.values_list("filer_id", flat=True).first()


def _standing() -> QuerySet[Merge]:
    return Merge.objects.filter(undone_at=None)


def _pointers(root_id: int) -> Pointers:
    return dict(Customer.objects.filter(Q(pk=root_id) | Q(root=root_id)).values_list("pk", "merged_into_id"))


def _point(one: int, *, to: int, root_id: int, before: int | None) -> None:
    if not Customer.objects.filter(pk=one, merged_into=before).update(merged_into=to, root=root_id):
        raise Overtaken


def _note(kept: Customer, gone: Customer, *, by: User, reason: str, at: datetime) -> Merge:
    try:
        with transaction.atomic():
            return Merge.objects.create(kept=kept, gone=gone, by=by, reason=reason, at=at)
    except IntegrityError as error:
        if not violates(error, Merge, "customer_merged_once"):
            raise
        raise Overtaken from error


def _return_keys(giving: Collection[int], part: Collection[int], root_id: int) -> None:
    """Give a part the keys of its open leads that were written or are held at the other part; `root_id` gets them.

    The other part lets go of what none of its open leads has, and forgets what none of its leads ever had.
    """
    wanted = _words(Lead.objects.filter(customer__in=part, hold__in=ACTIVE))
    here = {f"{row.kind}:{row.value}" for row in IdentityKey.objects.filter(customer__in=part)}
    theirs = Lead.objects.filter(customer__in=giving)
    open_there, ever_there = _words(theirs.filter(hold__in=ACTIVE)), _words(theirs)
    given = []
    for row in IdentityKey.objects.filter(customer__in=giving).order_by("held", "pk"):
        word = f"{row.kind}:{row.value}"
        moves = row.held and word not in open_there
        if word not in wanted or (word in here and not moves):
            continue
        given.append(KeyToKeep(Key(row.kind, row.value, row.block, row.detail, row.exact), root_id, moves, row.scope))
        if word not in ever_there:
            row.delete()
        elif moves:
            IdentityKey.objects.filter(pk=row.pk).update(held=False)
    if given:
        hold_keys({(kept.key, kept.scope): kept for kept in given}.values())


def _words(leads: QuerySet[Lead]) -> set[str]:
    """The keys of leads, each as `kind:value`."""
    texts = leads.values_list("identity_text", flat=True)
    return {word for text in texts for word in text.split("\n") if word}


def _look_again(loose: Collection[int], rest: Collection[int], *, by: User, reason: str, at: datetime) -> None:
    """Reopen what was said to be the same customer and lies in two parts now."""
    apart = Q(lead__customer__in=loose, attempt__lead__customer__in=rest)
    apart |= Q(lead__customer__in=rest, attempt__lead__customer__in=loose)
    for collision in Collision.objects.filter(apart, state=CollisionState.SAME).order_by("pk"):
        reopen(collision, by=by, reason=reason, at=at)


def reopen(collision: Collision, *, by: User, reason: str, at: datetime) -> None:
    """Let a decided collision be looked at again, by compare-and-set."""
    blank = {"decided_by": None, "decided_at": None, "remark": "", "merge": None}
    decided = Collision.objects.filter(pk=collision.pk, state=collision.state)
    if not decided.update(state=CollisionState.OPEN, **blank):
        raise Refused(_("Somebody was quicker: this has just changed. Look at it again."))
    note_event(collision, "reopen", by=by, at=at, before=collision.state, after=CollisionState.OPEN, note=reason)
