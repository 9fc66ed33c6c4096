"""Planted mistakes: the ways of writing it that look right and are wrong. Each must be caught by its race.

Each replaces a piece of the services in the process that calls it, and is never undone: the process ends with its race.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from core import once
from core.clock import database_now
from core.models import OneTimeKey
from core.verdicts import Problem, Refused
from customers.models import Customer, IdentityKey
from leads import quotas
from leads.models import Assignment, Lead
from leads.services import assignments, audit, drafts, filing, merging, plan
from leads.services.ownership import KeyToKeep
from tests.races.mistakes_of_protection import OF_PROTECTION


def count_then_insert() -> None:
    """The quota is compared with the leads that are already there."""

    def take(user_id: int, day: date, cap: int | None, wanted: int) -> tuple[int, datetime]:
        filed = Lead.objects.filter(filer=user_id, filed_on=day).count()
        granted = wanted if cap is None else max(min(wanted, cap - filed), 0)
        quotas._add(user_id, day, used=granted)
        return granted, database_now()

    quotas.take = take


def check_then_insert() -> None:
    """An assignment looks whether there is one already; for tables without the constraint."""

    class Checked(Assignment):
        class Meta:
            proxy = True
            app_label = "leads"

        def save(self, *args: Any, **options: Any) -> None:
            if Assignment.objects.filter(lead=self.lead, order_type=self.order_type_id, standing=True).exists():
                sentence = assignments._already_assigned(self.lead, self.order_type_id)
                raise Refused([Problem(sentence, "order_type", "assigned")])
            super().save(*args, **options)

    assignments.held_lead = lambda pk: Lead.objects.select_related("protection__version").get(pk=pk)
    assignments.Assignment = Checked


def look_up_the_form_key() -> None:
    """A form key is looked up before the work and written after it; whether the writing won is not asked."""

    @contextmanager
    def action(user_id: int, secret: str) -> Iterator[once.Answer]:
        with transaction.atomic(durable=True):
            if used := OneTimeKey.objects.filter(key=secret).first():
                raise once.AlreadyDone(used.location)
            answer = once.Answer()
            yield answer
            key = OneTimeKey(key=secret, user_id=user_id, location=answer.location)
            OneTimeKey.objects.bulk_create([key], ignore_conflicts=True)

    once.action = action


def max_plus_one() -> None:
    """The next number is the highest that can be seen, and one more."""

    def numbers(prefix: str, day: date, count: int = 1) -> tuple[list[str], datetime]:
        stem = f"{prefix}{day:%Y%m%d}"
        taken = Lead.objects.filter(number__startswith=stem).order_by("-number").values_list("number", flat=True)
        last = int((taken.first() or "0")[-4:])
        return [f"{stem}{serial:04}" for serial in range(last + 1, last + count + 1)], filing.database_now()

    filing.next_numbers = numbers


def numbers_from_a_sequence() -> None:
    """A sequence of the database (`race_numbers`) does not take back what was rolled back."""

    def numbers(prefix: str, day: date, count: int = 1) -> tuple[list[str], datetime]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('race_numbers') FROM generate_series(1, %s)", [count])
            serials = [row[0] for row in cursor.fetchall()]
        return [f"{prefix}{day:%Y%m%d}{serial:04}" for serial in serials], filing.database_now()

    filing.next_numbers = numbers


def overtaken_unheard() -> None:
    """That another transaction holds the key already is caught and forgotten."""
    hold = plan.hold_keys

    def hold_keys(wanted: Iterable[KeyToKeep]) -> None:
        try:
            with transaction.atomic():
                hold(wanted)
        except filing.Overtaken:
            pass

    plan.hold_keys = hold_keys


def unsorted_keys() -> None:
    """Keys are written one by one in the order in which they were typed."""

    def hold_keys(wanted: Iterable[KeyToKeep]) -> None:
        for key, customer_id, held, scope in wanted:
            columns = {"kind": key.kind, "value": key.value, "held": held, "scope": scope}
            try:
                IdentityKey.objects.create(customer_id=customer_id, **columns)
            except IntegrityError as error:
                raise filing.Overtaken from error

    plan.hold_keys = hold_keys


def read_then_save() -> None:
    """A decision reads the case, looks at it and saves it, without lock or comparison."""

    def lock_cases(ids: Sequence[int], day: date) -> dict[int, Lead]:
        return {lead.pk: lead for lead in Lead.objects.filter(assignments__in=ids).distinct()}

    def perform(action: str, record: Assignment, *, by: Any, at: datetime, note: str = "", **fields: Any) -> None:
        Assignment.objects.filter(pk=record.pk).update(**fields)

    def credit(lead: Lead, day: date) -> None:
        if lead.credited_on is None:
            Lead.objects.filter(pk=lead.pk).update(credited_on=day)
            quotas.add_credit(lead.filer_id, day)

    audit.lock_cases, audit.perform, audit._credit = lock_cases, perform, credit


def join_without_lock() -> None:
    """A further filing trusts that the customer is still held, and a withdrawal does not wait for the filer's day."""

    def take_customers(stamps: Mapping[int, int], hands: Mapping[int, int]) -> None:
        for pk, holder in hands.items():
            Customer.objects.filter(pk=pk).update(holder=holder)

    def lock_days(user_ids: Iterable[int], day: date) -> None:
        return None

    plan.take_customers = take_customers
    quotas.lock_days = lock_days


def check_without_lock() -> None:
    """A check counts what was asked before it, and waits for nobody."""

    def lock_today(user_id: int) -> datetime:
        return database_now()

    quotas.lock_today = lock_today


def count_drafts_unlocked() -> None:
    """A person's drafts are counted while another of them is being added."""

    def lock(user: Any) -> None:
        return None

    drafts._lock = lock


def merge_without_lock() -> None:
    """Two customers are looked at and merged; nobody waits for who is merging them the other way round."""
    merging.lock_parties = lambda *customer_ids: merging.parties_of(customer_ids)


MISTAKES: dict[str, Callable[[], None]] = OF_PROTECTION | {
    mistake.__name__: mistake
    for mistake in (
        count_then_insert,
        check_then_insert,
        look_up_the_form_key,
        max_plus_one,
        numbers_from_a_sequence,
        overtaken_unheard,
        unsorted_keys,
        read_then_save,
        join_without_lock,
        merge_without_lock,
        count_drafts_unlocked,
        check_without_lock,
    )
}
