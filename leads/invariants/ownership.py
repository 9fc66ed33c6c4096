"""Who owns customers, by protections, by keys and by the customers themselves."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

from customers.keys.key import GUARD
from customers.models import Customer, IdentityKey, Merge, SharedKey
from leads.choices import ACTIVE
from leads.claims import overlap
from leads.models import Lead, Protection
from leads.services.ownership import firm_now, words_of

PARTY = Coalesce("customer__root_id", "customer_id")
MANY = 2_000
"""Customers that are asked about in one statement."""


class Running(NamedTuple):
    pk: int
    party_id: int
    scope: str
    filer_id: int
    contested: bool


def running() -> dict[int, list[Running]]:
    """The protections that run, by customer after merges."""
    rows = Protection.objects.active().annotate(party=PARTY).order_by("pk")
    found: dict[int, list[Running]] = defaultdict(list)
    for row in rows.values_list("pk", "party", "scope", "filer_id", "contested").iterator():
        found[row[1]].append(Running(*row))
    return found


def one_protection() -> Iterator[str]:
    """A scope of "" is all of the customer; what waits to be compared stands beside others."""
    for party_id, listed in running().items():
        for one, other in combinations([each for each in listed if not each.contested], 2):
            if overlap(one.scope, other.scope):
                yield f"customer {party_id} is held by protections {one.pk} and {other.pk} at once"


def keys_have_holders() -> Iterator[str]:
    by_party = running()
    held = IdentityKey.objects.filter(held=True).annotate(party=PARTY).order_by("pk")
    for pk, kind, party_id, scope in held.values_list("pk", "kind", "party", "scope").iterator():
        listed = by_party.get(party_id, ())
        if not any(overlap(each.scope, scope) and not each.contested for each in listed):
            yield f"key {pk} ({kind}) is held for customer {party_id}, which nobody holds"


def holders_have_keys() -> Iterator[str]:
    """The complete keys of filings under a protection are held, for its customer or for another one.

    What many customers share is held by nobody; where somebody else holds the value, a guard with the detail is.
    """
    loose = _held_by_nobody()
    guarded = {(kind, value.partition(GUARD)[0]) for kind, value in _guards()}
    parties = sorted(loose)
    for start in range(0, len(parties), MANY):
        for number, party_id, text in _leads_of(parties[start : start + MANY]):
            for word in sorted(words_of(text) & loose[party_id]):
                kind, _colon, value = word.partition(":")
                if (kind, value) not in guarded:
                    yield f"lead {number} is protected, but nobody holds its {kind} for customer {party_id}"


def _held_by_nobody() -> dict[int, set[str]]:
    """Complete firm keys that nobody holds, of customers that somebody holds: as `kind:value`."""
    by_party = running()
    same = {"kind": OuterRef("kind"), "value": OuterRef("value")}
    rows = IdentityKey.objects.filter(
        ~Exists(IdentityKey.objects.filter(**same, held=True)),
        ~Exists(SharedKey.objects.filter(**same, active=True)),
        held=False,
        exact=True,
        kind__in=firm_now(),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for kind, value, party_id in rows.annotate(party=PARTY).values_list("kind", "value", "party").iterator():
        if any(not each.contested for each in by_party.get(party_id, ())):
            found[party_id].add(f"{kind}:{value}")
    return found


def _guards() -> Any:
    return IdentityKey.objects.filter(held=True, value__contains=GUARD).values_list("kind", "value")


def _leads_of(parties: list[int]) -> Any:
    """The filings under a protection that runs and stands alone, without those whose number hides digits."""
    leads = Lead.objects.filter(hold__in=ACTIVE, protection__state__in=ACTIVE, protection__contested=False)
    leads = leads.exclude(mobile__contains="*").annotate(party=PARTY).filter(party__in=parties).order_by("pk")
    return leads.values_list("number", "party", "identity_text")


def customers_know_holders() -> Iterator[str]:
    by_party = {party_id: {each.filer_id for each in listed} for party_id, listed in running().items()}
    known = Customer.objects.filter(holder__isnull=False).order_by("pk")
    for pk, root_id, holder_id in known.values_list("pk", "root_id", "holder_id").iterator():
        if root_id or holder_id not in by_party.pop(pk, set()):
            yield f"customer {pk} names person {holder_id} as its holder, who has no protection of it"
    for party_id in by_party:
        yield f"customer {party_id} is protected, but names no holder"


def merges_are_trees() -> Iterator[str]:
    """From each merged customer the pointers lead to its root, and a merge that stands says so."""
    standing = Merge.objects.filter(gone=OuterRef("pk"), kept=OuterRef("merged_into"), undone_at=None)
    merged = Customer.objects.filter(merged_into__isnull=False).annotate(said=Exists(standing)).order_by("pk")
    rows = {
        pk: (above, root, said) for pk, above, root, said in merged.values_list("pk", "merged_into", "root", "said")
    }
    for pk, (_above, root, said) in rows.items():
        top, way = pk, {0}
        while top in rows and top not in way:
            way.add(top)
            top = rows[top][0] or 0
        if top != root:
            yield f"customer {pk} is merged into {top}, but names {root} as the one it is now"
        if not said:
            yield f"customer {pk} points to another one without a merge that stands"
    wrong = Merge.objects.filter(undone_at=None).exclude(gone__merged_into=F("kept")).order_by("pk")
    for pk in wrong.values_list("pk", flat=True):
        yield f"merge {pk} stands, but its customer does not point to the other one"
