"""Whose keys are held and whose are kept: the identity keys of a replay, beside those of `leads.services.ownership`."""

from collections.abc import Iterable
from typing import Any

from customers.keys import Key
from leads.claims import Judgement
from leads.known import Kept, Known
from leads.replay.claims import RecordedClaim
from leads.services.ownership import KeyToKeep
from leads.services.plan import keys_to_keep

Place = tuple[str, str, str]
"""Kind, value and scope: one row of a customer."""


class Books:
    """The keys of each customer of a replay. `known` is what `matching.judge` reads of them."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.rows: dict[int, dict[Place, Kept]] = {}
        self.called: dict[int, str] = {}

    def meet(self, customer_id: int, claim: RecordedClaim) -> None:
        """A customer is called as its first filing says."""
        self.called.setdefault(customer_id, claim.name)

    def take(self, claim: RecordedClaim, judgement: Judgement, customer_id: int, *, holds: bool) -> None:
        """Keep the keys of an accepted claim, and hold them where it does; what was found out to be shared goes."""
        for kept in list(keys_to_keep(claim, judgement, self.known, customer_id, holds=holds)):
            self.keep(kept)
        if judgement.overshared:
            self.share(judgement.overshared)

    def keep(self, kept: KeyToKeep) -> None:
        key, customer_id, held, scope = kept
        name = self.called.get(customer_id, "")
        self._write((key.kind, key.value, scope), Kept(key.guarded, customer_id, held, scope, name, "", ""))

    def hold_free(self, wanted: Iterable[KeyToKeep]) -> None:
        """Hold those keys that nobody else holds, and keep the others to be found by."""
        for kept in list(wanted):
            place = (kept.key.kind, kept.key.value, kept.scope)
            having = {row.customer_id for row in self.known.by_value.get(kept.key, ())}
            holders = {pk for pk in having if place in self.rows[pk] and self.rows[pk][place].held}
            if kept.customer_id not in holders:
                self.keep(kept._replace(held=kept.held and not holders))

    def is_held_elsewhere(self, kept: KeyToKeep) -> bool:
        rows = self.known.by_value.get(kept.key, ())
        return any(row.held and row.scope == kept.scope and row.customer_id != kept.customer_id for row in rows)

    def share(self, keys: Iterable[Key]) -> None:
        """These keys say nothing any more, and nobody holds them."""
        for key in keys:
            self.known.shared.add(key)
            for row in list(self.known.by_value.get(key, ())):
                self._let_go(row.customer_id, (key.kind, key.value, row.scope))

    def let_go_of_scope(self, customer_id: int, scope: str, others: set[str]) -> list[Key]:
        """Nobody holds the keys of a scope any more, but as far as the `others`, scopes that are held still, do."""
        if "" in others:
            return []
        gone = [
            place
            for place, row in self.rows.get(customer_id, {}).items()
            if row.held and row.scope not in others and scope in {"", row.scope}
        ]
        keys = [self.rows[customer_id][place].key for place in gone]
        for place in gone:
            self._let_go(customer_id, place)
        return keys

    def let_go_of_words(self, customer_id: int, gone: Any, ever: Any) -> list[Key]:
        """Let go of keys; what none of the customer's filings ever had is forgotten. Those that were held."""
        places = [
            (place, row)
            for place, row in self.rows.get(customer_id, {}).items()
            if (row.key.kind, row.key.value) in gone
        ]
        for place, row in places:
            self._let_go(customer_id, place)
            if (row.key.kind, row.key.value) not in ever:
                self._remove(customer_id, place)
        return [row.key for _place, row in places if row.held]

    def keys_of(self, customer_id: int) -> list[Key]:
        return [row.key for row in self.rows.get(customer_id, {}).values() if row.key.exact]

    def _let_go(self, customer_id: int, place: Place) -> None:
        row = self.rows[customer_id].get(place)
        if row and row.held:
            self._write(place, Kept(row.key, customer_id, False, row.scope, row.name, "", row.customer_kind))

    def _write(self, place: Place, row: Kept) -> None:
        self._remove(row.customer_id, place)
        self.rows.setdefault(row.customer_id, {})[place] = row
        self.known.by_value.setdefault(row.key, []).append(row)

    def _remove(self, customer_id: int, place: Place) -> None:
        if old := self.rows.get(customer_id, {}).pop(place, None):
            self.known.by_value[old.key].remove(old)
