"""What must be true of the data at any moment (guarantees 5): each invariant reads live data and names what breaks it.

Each takes a handful of statements however much data there is: grouped, or read through once in the order of an index. A
complaint is a sentence for the person who runs the system, with ids and numbers and nothing personal.
"""

from collections.abc import Callable, Iterator, Mapping

from leads.invariants import counters, history, ownership, states

Invariant = Callable[[], Iterator[str]]

INVARIANTS: Mapping[str, Invariant] = {
    "one protection per customer and scope": ownership.one_protection,
    "held keys belong to whoever holds the customer": ownership.keys_have_holders,
    "whoever holds a customer holds its keys": ownership.holders_have_keys,
    "customers know their holder": ownership.customers_know_holders,
    "merged customers point to one": ownership.merges_are_trees,
    "leads stand as their protection does": states.leads_agree,
    "queues are in order and wait for somebody": states.queues_are_in_order,
    "requests wait for leads that wait": states.requests_have_subjects,
    "leads that wait for a decision have a request": states.waiting_leads_have_requests,
    "leads stand as their assignments do": states.leads_follow_assignments,
    "quota counts the filings of the day": counters.quota_counts,
    "numbers have no gaps": counters.numbers_have_no_gaps,
    "the log of a lead ends where it stands": history.logs_end_in_progress,
    "the ledger of a protection comes to its end": history.ledgers_come_to_ends,
    "protections are prolonged as often as their ledger says": history.ledgers_count_extensions,
    "protections end when their log says": history.logs_end_protections,
}


def complaints() -> Iterator[tuple[str, str]]:
    """Everything that is wrong, as (invariant, complaint)."""
    for name, invariant in INVARIANTS.items():
        for complaint in invariant():
            yield name, complaint
