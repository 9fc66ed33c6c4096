"""Assign to showrooms, take back; correct the data, take and reverse the deposit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now, day_of, likely_today
from core.constraints import violates
from core.verdicts import Problem, Refused
from leads.choices import AssignmentProgress
from leads.models import Assignment, Lead
from leads.models.assignments import ACTUAL
from leads.services.deposits import protect_by_deposit, unprotect_by_deposit
from leads.services.fields import changed, column_of, snapshot
from leads.services.rivals import demand_neutral
from leads.services.settling import again, held_lead
from leads.workflow import Action, demand, perform, settle_lead

DEPOSIT = ("deposit_amount", "deposit_paid_on", "deposit_receipt", "receipt_photo", "deposit_at", "deposit_by")


def locked_lead(pk: int) -> Lead:
    """The lead as it is now, locked until the end of the transaction."""
    return Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def locked_assignment(assignment: Assignment) -> Assignment:
    """An assignment under its lead's lock, as it is now."""
    lead = locked_lead(assignment.lead_id)
    found = Assignment.objects.with_names().get(pk=assignment.pk)
    found.lead = lead
    return found


def _held_assignment(assignment: Assignment) -> Assignment:
    """The same with the customer locked: for what moves the end of the protection."""
    lead = held_lead(assignment.lead_id)
    found = Assignment.objects.with_names().get(pk=assignment.pk)
    found.lead = lead
    return found


def assign(lead: Lead, *, store_id: int, order_type_id: int, note: str, by: User, secret: str = "") -> str:
    """Hand a lead to a showroom for one order type; the same order type stands only once per lead (ASSIGN-1)."""
    return again(
        lambda: _assign(lead.pk, store_id=store_id, order_type_id=order_type_id, note=note, by=by, secret=secret)
    )


def _assign(pk: int, *, store_id: int, order_type_id: int, note: str, by: User, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        lead = held_lead(pk)
        at = database_now()
        demand(by, Action.ASSIGN, lead)
        kept = [column_of(name) for name in ACTUAL if name != "order_type"]
        actual = {f"actual_{column}": getattr(lead, column) for column in kept}
        made = Assignment(
            lead=lead,
            store_id=store_id,
            order_type_id=order_type_id,
            actual_order_type_id=order_type_id,
            note=note,
            by=by,
            at=at,
            **actual,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            if not violates(error, Assignment, "assignment_once_per_order_type"):
                raise
            raise Refused([Problem(_already_assigned(lead, order_type_id), "order_type", "assigned")]) from error
        happened = perform(Action.ASSIGN, lead, by=by, at=at, note=note)
        happened.changes = {"store": ["", made.store.name], "order_type": ["", made.order_type.name]}
        happened.save(update_fields=["changes"])
        settle_lead(lead, at=at, by=by)
        answer.location = lead.get_absolute_url()
    return answer.location


def _already_assigned(lead: Lead, order_type_id: int) -> str:
    other = lead.assignments.filter(standing=True, order_type=order_type_id).select_related("store", "order_type").get()
    return _("%(type)s is already assigned to %(store)s. Choose another order type, or take that assignment back.") % {
        "type": other.order_type,
        "store": other.store,
    }


def take_back(assignment: Assignment, *, reason: str, by: User, secret: str = "") -> str:
    """End an assignment without deposit; the order type is free again (ASSIGN-5)."""
    with once.action(by.pk, secret) as answer:
        found = locked_assignment(assignment)
        at = database_now()
        ended = {"ended_at": at, "ended_by": by, "ended_reason": reason}
        perform(Action.TAKE_BACK, found, by=by, at=at, note=reason, standing=False, **ended)
        settle_lead(found.lead, at=at, by=by)
        answer.location = found.lead.get_absolute_url()
    return answer.location


def store_page(assignment: Assignment) -> str:
    return reverse("leads:store_case", args=[assignment.pk])


def correct(assignment: Assignment, *, fields: Mapping[str, Any], by: User, secret: str = "") -> str:
    """Keep the customer's data as the showroom found them; the filed data stay as filed (ASSIGN-4)."""
    with once.action(by.pk, secret) as answer:
        found = locked_assignment(assignment)
        at = database_now()
        before = snapshot(found, ACTUAL, "actual_")
        columns = {f"actual_{column_of(name)}": fields[name] for name in ACTUAL}
        happened = perform(Action.CORRECT, found, by=by, at=at, corrected_at=at, corrected_by=by, **columns)
        after = snapshot(Assignment.objects.with_names().get(pk=found.pk), ACTUAL, "actual_")
        happened.changes = changed(before, after)
        happened.save(update_fields=["changes"])
        answer.location = store_page(found)
    return answer.location


def take_deposit(
    assignment: Assignment,
    *,
    amount: Decimal,
    paid_on: date,
    receipt: str,
    photo: Any = None,
    by: User,
    secret: str = "",
) -> str:
    """Record the deposit of an assignment. The day it was paid is information: it can't lie in the future, and before
    the filing day it is marked (`Assignment.paid_before_filing`)."""
    kept = _keep(photo) if photo else ""
    try:
        return again(
            lambda: _take_deposit(
                assignment, amount=amount, paid_on=paid_on, receipt=receipt, photo=kept, by=by, secret=secret
            )
        )
    except (Refused, once.AlreadyDone):
        if kept:
            default_storage.delete(kept)
        raise


def _keep(photo: Any) -> str:
    """Write the photo before the transaction begins, which holds locks; its name in the storage."""
    name: str = default_storage.save(f"receipts/{likely_today():%Y/%m}/{photo.name}", photo)
    return name


def _take_deposit(
    assignment: Assignment, *, amount: Decimal, paid_on: date, receipt: str, photo: str, by: User, secret: str
) -> str:
    with once.action(by.pk, secret) as answer:
        found = _held_assignment(assignment)
        at = database_now()
        demand(by, Action.DEPOSIT, found)
        if paid_on > day_of(at):
            raise Refused([Problem(_("The day of payment lies in the future."), "deposit_paid_on", "future")])
        fields: dict[str, Any] = {
            "deposit_amount": amount,
            "deposit_paid_on": paid_on,
            "deposit_receipt": receipt,
            "receipt_photo": photo,
            "deposit_at": at,
            "deposit_by": by,
            "progress": AssignmentProgress.DEPOSIT,
        }
        perform(Action.DEPOSIT, found, by=by, at=at, changes={"deposit_amount": ["", str(amount)]}, **fields)
        settle_lead(found.lead, at=at, by=by)
        protect_by_deposit(found.lead, found, by=by, at=at)
        answer.location = store_page(found)
    return answer.location


def reverse_deposit(assignment: Assignment, *, reason: str, by: User, secret: str = "") -> str:
    """Take a wrongly recorded deposit back, while the case is undecided; what it gave in time goes, too (ASSIGN-5)."""
    return again(lambda: _reverse_deposit(assignment, reason=reason, by=by, secret=secret))


def _reverse_deposit(assignment: Assignment, *, reason: str, by: User, secret: str) -> str:
    with once.action(by.pk, secret) as answer:
        found = _held_assignment(assignment)
        at = database_now()
        demand(by, Action.REVERSE, found, reason)
        demand_neutral(by, found.lead)
        perform(
            Action.REVERSE,
            found,
            by=by,
            at=at,
            note=reason,
            changes=changed(snapshot(found, DEPOSIT), dict.fromkeys(DEPOSIT, "")),
            progress=AssignmentProgress.ASSIGNED,
            deposit_amount=None,
            deposit_paid_on=None,
            deposit_receipt="",
            receipt_photo="",
            deposit_at=None,
            deposit_by=None,
        )
        settle_lead(found.lead, at=at, by=by)
        unprotect_by_deposit(found.lead, found, by=by, at=at, reason=reason)
        answer.location = found.lead.get_absolute_url()
    return answer.location
