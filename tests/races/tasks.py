"""What the processes of a race do: they call the public services as views do. Arguments are ids and plain values."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from approvals import services as approvals
from core import clock
from core.clock import database_now, told
from customers.models import Customer, Merge
from jobs import ticking
from leads.choices import Door
from leads.claims import Claim
from leads.models import Assignment, Lead
from leads.services import assignments, audit, checking, drafts, filing, holding, merging, settling
from leads.services.settling import again
from policies.choosing import PolicyInForce
from policies.models import FilingSettings, PolicyVersion
from policies.terms import Terms

SETTINGS = FilingSettings(phone_instead_of_mobile=True)


class RolledBack(Exception):
    """Planned: something fails after the number was drawn."""


def claim_of(filer: int, fields: Mapping[str, Any], row: int = 0) -> Claim:
    blank = {"mobile": "", "phone": "", "city": None, "building_room": "", "order_type": None}
    return Claim(row=row, filer_id=filer, fields={**blank, **fields}, needs={}, settings=SETTINGS)


def file(filer: int, fields: Mapping[str, Any], secret: str = "") -> str:
    by = User.objects.get(pk=filer)
    location: str = filing.file_lead(claim_of(filer, fields), by=by, secret=secret).lead.get_absolute_url()
    return location


def file_many(filer: int, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A chunk of an import: for each row the codes of what refused it."""
    by = User.objects.get(pk=filer)
    claims = [claim_of(filer, fields, row) for row, fields in enumerate(rows, 1)]

    def chunk() -> list[tuple[str, ...]]:
        with transaction.atomic(durable=True):
            outcomes = filing.file_batch(claims, by=by, people={filer: by}, door=Door.IMPORT)
        return [tuple(problem.code for problem in outcome.problems) for outcome in outcomes]

    return again(chunk)


def file_numbered(filer: int, fields: Mapping[str, Any], prefix: str, moment: datetime, *, fails: bool) -> str:
    """File on a day of its own under a prefix of its own, and perhaps fail just before the commit."""
    filing.PREFIX = prefix
    by = User.objects.get(pk=filer)
    with told(moment), transaction.atomic(durable=True):
        [outcome] = filing.file_batch([claim_of(filer, fields)], by=by, people={filer: by}, door=Door.FORM)
        if fails:
            raise RolledBack
    return str(outcome.lead.number)


def withdraw(lead: int, by: int) -> str:
    return filing.withdraw(Lead.objects.get(pk=lead), by=User.objects.get(pk=by))


def save_draft(owner: int) -> str:
    return drafts.save_draft(User.objects.get(pk=owner), {"name": "韦半夏"}, None)


def assign(lead: int, store: int, order_type: int, by: int) -> str:
    found, person = Lead.objects.get(pk=lead), User.objects.get(pk=by)
    return assignments.assign(found, store_id=store, order_type_id=order_type, note="", by=person)


def decide(cases: Sequence[int], by: int) -> int:
    """How many cases this call decided."""
    return len(audit.decide(cases, result="success", remark="", by=User.objects.get(pk=by)).done)


def check(filer: int, fields: Mapping[str, Any]) -> str:
    """The verdict, "" where the check was silent."""
    outcome = checking.check(claim_of(filer, fields), by=User.objects.get(pk=filer))
    return "" if outcome.silent else str(outcome.judgement.answer)


def merge(kept: int, gone: int, by: int) -> int:
    """Say that two customers are one; the id of the merge."""
    one, other, person = Customer.objects.get(pk=kept), Customer.objects.get(pk=gone), User.objects.get(pk=by)

    def work() -> int:
        with transaction.atomic(durable=True):
            return int(merging.merge(one, other, by=person, reason="同一人", at=database_now()).pk)

    return again(work)


def unmerge(merge: int, by: int) -> None:
    """Take back that two customers are one."""
    person = User.objects.get(pk=by)

    def work() -> None:
        with transaction.atomic(durable=True):
            merging.unmerge(Merge.objects.get(pk=merge), by=person, reason="看错了", at=database_now())

    again(work)


def file_by(filer: int, fields: Mapping[str, Any], version: int, *, queue: bool = False) -> str:
    """File by a version of a policy, and wait for the customer if somebody holds it; the hold of the lead."""
    judged_by = PolicyVersion.objects.select_related("policy").get(pk=version)
    terms = Terms.from_json(judged_by.body)
    in_force = PolicyInForce(version, judged_by.policy_id, judged_by.policy.name, 0, terms)
    claim = replace(claim_of(filer, fields), policy=in_force, queue=queue)
    return str(filing.file_lead(claim, by=User.objects.get(pk=filer)).lead.hold)


def settle_all() -> int:
    return settling.settle_all(database_now())


def tick() -> dict[str, int]:
    """A scheduler's turn: what it did, nothing if another one is at work."""
    done = ticking.tick()
    assert not done.failed, done.failed
    return done.done


def let_go(lead: int, by: int) -> str:
    person = User.objects.get(pk=by)
    return holding.let_go(Lead.objects.get(pk=lead), why="let_go", reason="不再联系", by=person)


def void(lead: int, by: int) -> str:
    return holding.void(Lead.objects.get(pk=lead), why="false", reason="资料不实", by=User.objects.get(pk=by))


def extend(lead: int, by: int) -> str:
    return holding.extend(Lead.objects.get(pk=lead), until=None, reason="仍在比较", by=User.objects.get(pk=by))


def answer(request: int, by: int, decision: str = "grant") -> str:
    return approvals.decide(request, decision, by=User.objects.get(pk=by), answer="核实过了")


def pay(case: int, by: int) -> str:
    found = Assignment.objects.get(pk=case)
    given = {"amount": Decimal(5000), "paid_on": found.at.date(), "receipt": ""}
    return assignments.take_deposit(found, by=User.objects.get(pk=by), **given)


def at_moment(moment: datetime, task: str, **arguments: Any) -> Any:
    """Another task, by a clock that tells this moment."""
    with told(moment):
        return TASKS[task](**arguments)


def take_the_real_clock(ahead: float = 0, until: datetime | None = None) -> None:
    """From now on this process goes by the real clock; that of its host may be some seconds ahead of the others'.

    It waits `until` then before it does anything else.
    """
    if until:
        time.sleep(max((until - timezone.now()).total_seconds(), 0))
    clock._told.set(None)
    real = timezone.now
    timezone.now = lambda: real() + timedelta(seconds=ahead)


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task
    for task in (
        file,
        file_many,
        file_numbered,
        withdraw,
        save_draft,
        assign,
        decide,
        check,
        merge,
        unmerge,
        file_by,
        settle_all,
        tick,
        let_go,
        void,
        extend,
        answer,
        pay,
        at_moment,
        take_the_real_clock,
    )
}
