"""Rows made by hand: a figure must follow from what the test names and nothing else."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission

from accounts.models import Unit, UnitKind, User
from customers.models import Customer
from leads.models import Assignment, AuditDecision, Lead, Measurement
from policies.models import OrderType, Source

SHANGHAI = timezone(timedelta(hours=8))
DAY = date(2026, 7, 22)
serial = count(1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def unit(name: str, kind: str = UnitKind.OUTLET, parent: Unit | None = None) -> Unit:
    return Unit.objects.create(name=name, kind=kind, parent=parent)


def person(username: str, *rights: str, home: Unit | None = None, name: str = "") -> User:
    """`rights` are codenames of the app `leads`."""
    made = User.objects.create(username=username, name=name or username, unit=home, must_change_password=False)
    made.user_permissions.set(Permission.objects.filter(content_type__app_label="leads", codename__in=rights))
    assert made.user_permissions.count() == len(rights)
    return made


def lead(filer: User, **given: Any) -> Lead:
    number = next(serial)
    day = given.pop("filed_on", DAY)
    fields: dict[str, Any] = {
        "number": f"KH{day:%Y%m%d}{number:04d}",
        "filer": filer,
        "filed_by": filer,
        "outlet": filer.unit,
        "filed_on": day,
        "filed_at": noon(day),
        "arrived_at": noon(day),
        "name": "韦半夏",
        "mobile": f"123{number:08d}",
        "community": "呼啸山庄",
    } | given
    fields.setdefault("customer", Customer.objects.create(name=fields["name"]))
    if "source" not in fields:
        fields["source"] = Source.objects.get_or_create(name="自然客户")[0]
    return Lead.objects.create(**fields)


def assignment(of: Lead, store: Unit, order_type: str = "欧派橱柜", **given: Any) -> Assignment:
    """Hands the lead out; `progress="deposit"` pays the deposit."""
    kind = OrderType.objects.get_or_create(name=order_type)[0]
    if given.get("progress") == "deposit":
        given |= {"deposit_amount": Decimal("2000.00"), "deposit_at": noon(of.filed_on)}
    if of.progress == "filed":
        Lead.objects.filter(pk=of.pk).update(progress=given.get("progress", "assigned"))
    return Assignment.objects.create(
        lead=of,
        store=store,
        order_type=kind,
        at=noon(of.filed_on),
        actual_name=of.name,
        actual_community=of.community,
        actual_order_type=kind,
        **given,
    )


def decision(on: Assignment, result: str, by: User, remark: str = "") -> AuditDecision:
    Assignment.objects.filter(pk=on.pk).update(audit_status=result)
    return AuditDecision.objects.create(assignment=on, result=result, by=by, at=noon(DAY), remark=remark)


def measurement(of: Lead, designer: User) -> Measurement:
    return Measurement.objects.create(lead=of, designer=designer, scheduled_at=noon(DAY), by=of.filer, at=noon(DAY))
