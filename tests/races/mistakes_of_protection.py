"""Planted mistakes in who owns a customer: who waits, when it ends, who is next. See `mistakes.py`."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone

from customers.models import Customer, IdentityKey
from leads import quotas
from leads.claims import Claim
from leads.models import Lead
from leads.services import filing, holding, plan, protecting, settling
from leads.services.ownership import KeyToKeep


def look_then_hold() -> None:
    """Keys are looked up, then written; what is in the way by then is passed over."""

    def hold_keys(wanted: Iterable[KeyToKeep]) -> None:
        taken = set(IdentityKey.objects.filter(held=True).values_list("kind", "value"))
        free = [each for each in sorted(wanted) if (each.key.kind, each.key.value) not in taken]
        rows = [
            IdentityKey(
                customer_id=customer_id,
                kind=key.kind,
                value=key.value,
                block=key.block,
                detail=key.detail,
                exact=key.exact,
                held=held,
                scope=scope,
            )
            for key, customer_id, held, scope in free
        ]
        IdentityKey.objects.bulk_create(rows, ignore_conflicts=True)

    plan.hold_keys = hold_keys


def keys_as_typed() -> None:
    """Keys are written one by one, and some people type them from the bottom up."""

    def hold_keys(wanted: Iterable[KeyToKeep]) -> None:
        typed = sorted(wanted, reverse=os.getpid() % 2 == 0)
        for key, customer_id, held, scope in typed:
            columns = {"kind": key.kind, "value": key.value, "block": key.block, "detail": key.detail}
            try:
                IdentityKey.objects.create(customer_id=customer_id, held=held, scope=scope, exact=key.exact, **columns)
            except IntegrityError as error:
                raise filing.Overtaken from error

    plan.hold_keys = hold_keys


def stamps_not_compared() -> None:
    """Customers are locked, but not looked at again: that somebody has taken them in between goes unseen."""

    def take_customers(stamps: Mapping[int, int], hands: Mapping[int, int]) -> None:
        list(Customer.objects.filter(pk__in=stamps).order_by("pk").select_for_update(no_key=True))
        for pk, holder in hands.items():
            Customer.objects.filter(pk=pk).update(holder=holder)

    plan.take_customers = take_customers


def web_clock() -> datetime:
    """The clock of the host, which a race may have put ahead."""
    return timezone.now()


def queue_by(moment: Callable[[], datetime]) -> None:
    queue = filing._queue

    def queue_at(claim: Claim, lead: Lead, at: datetime) -> None:
        queue(claim, lead, moment())

    filing._queue = queue_at


def queue_by_web_clock() -> None:
    """Whoever queues gets the time of the web process."""
    queue_by(web_clock)


def queue_by_transaction_time() -> None:
    """Whoever queues gets the database's `now()`, which is the time at which the transaction began.

    Some take a while between that and looking at the customer, as on a busy machine.
    """
    judge, dice = filing.judge_batch, Random(os.getpid())

    def judge_late(*asked: Any) -> Any:
        time.sleep(dice.uniform(0, 0.3))
        return judge(*asked)

    filing.judge_batch = judge_late

    def moment() -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            found: datetime = cursor.fetchone()[0]
        return found

    queue_by(moment)


def settle_without_lock() -> None:
    """What has run out is ended and handed on without locking the customer."""
    settling.lock_customers = lambda customer_ids: None


def end_by_web_clock() -> None:
    """Whether a protection is over is judged by the clock of the web process."""
    settling.database_now = web_clock
    judge = filing.judge_batch

    def judge_batch(claims: Any, left: Any, at: datetime) -> Any:
        return judge(claims, left, web_clock())

    filing.judge_batch = judge_batch


def end_forgets_the_queue() -> None:
    """What has run out is ended, and the customer is free: nobody thinks of who waits."""

    def take_over(root_id: int, *, at: datetime, noted_at: datetime) -> None:
        return None

    protecting.take_over = take_over


def keys_not_let_go() -> None:
    """With the end of a protection the customer has no holder any more; its keys stay as they are."""

    def let_go_of_scope(root_id: int, scope: str, filer_id: int) -> None:
        Customer.objects.filter(pk=root_id).update(holder=None)

    protecting.let_go_of_scope = let_go_of_scope


def customer_before_day() -> None:
    """A withdrawal locks the customer first and the filer's day after it; a filing does it the other way round."""
    lock_days, lock_customers = quotas.lock_days, filing.lock_customers
    asked: list[tuple[list[int], date]] = []

    class Quotas:
        @staticmethod
        def lock_days(user_ids: Iterable[int], day: date) -> None:
            asked.append((list(user_ids), day))

        def __getattr__(self, name: str) -> Any:
            return getattr(quotas, name)

    def lock(customer_ids: Iterable[int]) -> None:
        lock_customers(customer_ids)
        if asked:
            lock_days(*asked.pop())

    filing.quotas, filing.lock_customers = Quotas(), lock


def prolong_without_lock() -> None:
    """Longer protection is given to what was read; nobody waits for who is doing the same."""

    def held_lead(pk: int) -> Lead:
        found: Lead = Lead.objects.select_related("protection__version").get(pk=pk)
        return found

    holding.held_lead = held_lead


OF_PROTECTION: dict[str, Callable[[], None]] = {
    mistake.__name__: mistake
    for mistake in (
        look_then_hold,
        keys_as_typed,
        stamps_not_compared,
        queue_by_web_clock,
        queue_by_transaction_time,
        settle_without_lock,
        end_by_web_clock,
        end_forgets_the_queue,
        keys_not_let_go,
        customer_before_day,
        prolong_without_lock,
    )
}
