"""Who waits for a customer, and in which place."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from leads.choices import Hold
from leads.claims import overlap
from leads.models import Lead, Protection, QueueEntry

PARTY = Coalesce("customer__root", "customer")


class Place(NamedTuple):
    """One who waits; `place` counts from 1 among those who wait now. `seen`: the viewer may know whose it is."""

    entry: QueueEntry
    place: int
    seen: bool


def waiting_for(party: Any, scope: str, user: User) -> list[Place]:
    """The queue of a customer as far as it concerns a scope, in one statement."""
    visible = Lead.objects.visible_to(user).filter(pk=OuterRef("lead"))
    entries = QueueEntry.objects.of_parties([party]).waiting().annotate(seen=Exists(visible))
    named = entries.select_related("lead__filer", "lead__outlet").order_by("at", "pk")
    concerned = (entry for entry in named if overlap(entry.scope, scope))
    return [Place(entry, number, entry.seen) for number, entry in enumerate(concerned, 1)]


def places_of(lead_ids: Collection[int]) -> dict[int, int]:
    """The places of those among some filings that wait, counted from 1; one statement, none for no filing."""
    if not lead_ids:
        return {}
    parties = QueueEntry.objects.filter(lead__in=lead_ids).annotate(party=PARTY).values("party")
    theirs = Q(customer__in=parties) | Q(customer__root__in=parties)
    entries = QueueEntry.objects.waiting().filter(theirs).annotate(party=PARTY).order_by("at", "pk")
    listed: list[Any] = list(entries.values_list("party", "scope", "lead"))
    return {lead: _rank(listed, at) for at, (_party, _scope, lead) in enumerate(listed) if lead in lead_ids}


def _rank(listed: list[Any], at: int) -> int:
    party, scope, _lead = listed[at]
    return sum(other == party and overlap(theirs, scope) for other, theirs, _lead in listed[: at + 1])


def queued_places(leads: Iterable[Lead]) -> dict[int, int]:
    """The places of the filings in a list that wait; no statement where none does."""
    return places_of([lead.pk for lead in leads if lead.hold == Hold.QUEUED])


def waiting_beside() -> QuerySet[Any]:
    """For a statement on `Protection`: who waits for the customer of each row."""
    root = Coalesce(OuterRef("customer__root"), OuterRef("customer"))
    held = ExpressionWrapper(OuterRef("scope"), output_field=CharField())
    entries: QuerySet[Any] = QueueEntry.objects.waiting().filter(Q(customer=root) | Q(customer__root=root))
    return entries.annotate(held=held).filter(Q(scope="") | Q(held="") | Q(scope=F("held")))


def _holding() -> QuerySet[Any]:
    """For a statement on `QueueEntry`: the protections that the customer of each row is waited for."""
    root = Coalesce(OuterRef("customer__root"), OuterRef("customer"))
    wanted = ExpressionWrapper(OuterRef("scope"), output_field=CharField())
    running = Protection.objects.active().filter(Q(customer=root) | Q(customer__root=root)).annotate(wanted=wanted)
    return running.filter(Q(scope="") | Q(wanted="") | Q(scope=F("wanted")))


def held_till() -> Subquery:
    """A column of such a statement: the last end of what holds the customer."""
    return Subquery(_holding().order_by("-ends_at").values("ends_at")[:1])


def end_is_known() -> Any:
    """A column of such a statement: nothing that holds the customer waits for approval or has no end."""
    return ~Exists(_holding().filter(~Q(state=Hold.PROTECTED) | Q(ends_at=None)))


def number_waiting() -> Coalesce:
    """A column of such a statement: how many wait."""
    counted = waiting_beside().order_by().values("state").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
