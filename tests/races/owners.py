"""Customers under policies, for races about whose they are; and what must be true of them whoever was quicker."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts import roles
from accounts.models import Grant, Unit, User
from core.clock import told
from core.models import Event
from customers.models import Customer, IdentityKey
from leads.choices import ACTIVE
from leads.models import Lead, Protection, QueueEntry
from leads.services.ownership import words_of
from policies.models import Policy, PolicyVersion
from policies.terms import Term, Terms
from tests.factories import MORNING, UnitFactory
from tests.people import person
from tests.races import tasks
from tests.races.harness import unlike
from tests.races.scenes import customers
from tests.races.worker import Call

BEFORE = MORNING - timedelta(days=3650)
MONTH_AGO = MORNING - timedelta(days=40)
MONTH = {"term": Term(1, "month")}

Fields = dict[str, Any]


def version(**terms: Any) -> int:
    """A policy with these terms; the id of its version."""
    count = Policy.objects.count()
    made = Policy.objects.create(name=f"试行 {count}", position=count)
    columns = {"number": 1, "body": Terms(**terms).to_json(), "starts_at": BEFORE, "at": BEFORE}
    return int(PolicyVersion.objects.create(policy=made, **columns).pk)


def staff(number: int, outlet: Unit) -> list[User]:
    made = [person(roles.SALESPERSON, outlet, f"staff{User.objects.count()}-{place}") for place in range(number)]
    return made


def office_of(outlet: Unit, people: Iterable[User]) -> User:
    """Somebody who decides on what these people file."""
    made = person(roles.MANAGER, outlet, f"office{User.objects.count()}")
    for one in people:
        Grant.objects.create(manager=made, person=one)
    return made


def seller() -> User:
    """Somebody in a showroom of its own."""
    return person(roles.SHOWROOM, UnitFactory(kind="store"), f"seller{User.objects.count()}")


def with_three_keys(number: int) -> list[Fields]:
    """Customers that are known by a mobile, a phone and an address."""
    return [{**fields, "phone": f"0771-5{int(fields['mobile'][-6:]):06}"} for fields in customers(number)]


def filing_by(filer: User, fields: Mapping[str, Any], version: int, **more: Any) -> Call:
    return "file_by", {"filer": filer.pk, "fields": {**fields, "outlet": filer.unit_id}, "version": version, **more}


def held_since(moment: datetime, filer: User, wanted: Collection[Fields], version: int, **more: Any) -> list[Lead]:
    """The leads with which somebody has filed customers at a moment."""
    file_all(moment, [filing_by(filer, fields, version, **more) for fields in wanted])
    mobiles = [fields["mobile"] for fields in wanted]
    leads = {lead.mobile: lead for lead in Lead.objects.filter(filer=filer, mobile__in=mobiles)}
    return [leads[mobile] for mobile in mobiles]


def do(moment: datetime, call: Call) -> Any:
    """One call in this process, by a clock that tells this moment."""
    task, arguments = call
    with told(moment):
        return tasks.TASKS[task](**arguments)


def file_all(moment: datetime, calls: Iterable[Call]) -> None:
    """One after the other, a second apart."""
    for late, call in enumerate(calls):
        do(moment + timedelta(seconds=late), call)


def strays() -> list[str]:
    """Complaints about customers whose holder, protection, leads, keys and queue do not fit together."""
    found: list[str] = []
    related = Customer.objects.prefetch_related("leads", "keys", "protections", "queue")
    for customer in related:
        found += [f"customer {customer.pk}: {complaint}" for complaint in _strays_of(customer)]
    return found


def _strays_of(customer: Customer) -> list[str]:
    running = [each for each in customer.protections.all() if each.state in ACTIVE]
    leads = [lead for lead in customer.leads.all() if lead.hold in ACTIVE]
    waiting = [entry for entry in customer.queue.all() if entry.state == "waiting"]
    held = {f"{key.kind}:{key.value}" for key in customer.keys.all() if key.held}
    places = sorted(entry.place for entry in customer.queue.all())
    queued = {lead.pk for lead in customer.leads.all() if lead.hold == "queued"}
    return (
        unlike("protected once", len(running) <= 1, True)
        + unlike("leads under it", {lead.protection_id for lead in leads}, {each.pk for each in running})
        + unlike("holder", {customer.holder_id} - {None}, {each.filer_id for each in running})
        + unlike("its filer's leads", {lead.filer_id for lead in leads}, {each.filer_id for each in running})
        + unlike("keys held", held, {word for lead in leads for word in words_of(lead.identity_text)})
        + unlike("waits for nobody", bool(waiting) and not running, False)
        + unlike("leads that wait", queued, {entry.lead_id for entry in waiting})
        + unlike("places", places, list(range(1, len(places) + 1)))
    )


def doubles() -> list[str]:
    """Complaints about keys and numbers that two customers hold, and about ledgers with two beginnings or ends."""
    held = Counter(IdentityKey.objects.filter(held=True).values_list("kind", "value"))
    mobiles = Counter(Protection.objects.active().values_list("leads__mobile", flat=True).distinct())
    told_of = Event.objects.filter(subject_type=Protection._meta.label_lower)
    lines = Counter(told_of.filter(action__in=["start", "end"]).values_list("subject_id", "action", "after"))
    return unlike(
        "counted twice", [one for each in (held, mobiles, lines) for one, count in each.items() if count > 1], []
    )


def inversions(wanted: Collection[Fields]) -> list[str]:
    """Complaints about queues whose places are not in the order of their times and of the numbers of their leads."""
    entries = QueueEntry.objects.filter(lead__mobile__in=[fields["mobile"] for fields in wanted])
    queues: dict[int, list[QueueEntry]] = {}
    for entry in entries.select_related("lead").order_by("customer", "place"):
        queues.setdefault(entry.customer_id, []).append(entry)
    found = unlike("queues", len(queues), len(wanted))
    for pk, queue in queues.items():
        for what, told_order in (
            ("time", [entry.at for entry in queue]),
            ("number", [entry.lead.number for entry in queue]),
            ("time of filing", [entry.lead.filed_at for entry in queue]),
        ):
            found += unlike(f"order by {what} at {pk}", told_order, sorted(told_order))
        found += unlike(f"people at {pk}", len({entry.filer_id for entry in queue}), len(queue))
        found += unlike(f"distinct times at {pk}", len({entry.at for entry in queue}), len(queue))
    return found
