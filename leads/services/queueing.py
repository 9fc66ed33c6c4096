"""What becomes of those who wait when a merge of their customer is taken back. The customers must be locked."""

from collections.abc import Collection
from datetime import datetime

from customers.models import IdentityKey
from leads.choices import ACTIVE
from leads.models import Lead, QueueEntry
from leads.services.ownership import words_of
from leads.services.protecting import wait_elsewhere


def part_queue(one_root: int, one: Collection[int], other_root: int, other: Collection[int], *, at: datetime) -> None:
    """Whoever waits goes to the part that has the keys of the filing, and stays in doubt."""
    for root_id, part, elsewhere in ((other_root, other, one), (one_root, one, other)):
        entries = (
            QueueEntry.objects.filter(customer__in=elsewhere).waiting().select_related("lead").order_by("at", "pk")
        )
        moving = [entry for entry in entries if _suits(entry, part) > _suits(entry, elsewhere)]
        if moving:
            wait_elsewhere(moving, root_id, at=at)


def _suits(entry: QueueEntry, part: Collection[int]) -> tuple[bool, bool, bool]:
    """Whether a part has keys of the filing that are held, whether it has any, and whether somebody holds it at all.

    By the last, one that was found by a near writing only does not get what is free, but goes on waiting.
    """
    words = words_of(entry.lead.identity_text)
    values = [word.partition(":")[2] for word in words]
    keys = IdentityKey.objects.filter(customer__in=part, value__in=values)
    found = [held for kind, value, held in keys.values_list("kind", "value", "held") if f"{kind}:{value}" in words]
    return any(found), bool(found), Lead.objects.filter(customer__in=part, hold__in=ACTIVE).exists()
