"""An organisation, people of the shipped roles, and cases as filing and assigning leave them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts import roles
from accounts.models import Region, Unit, User
from customers.models import Customer
from leads.models import Assignment, Lead
from policies.models import CompanyDesigner, DecorationCompany, OrderType, Source


def unit(name: str, kind: str, parent: Unit | None = None) -> Unit:
    return Unit.objects.get_or_create(name=name, parent=parent, defaults={"kind": kind})[0]


def organisation() -> tuple[Unit, Unit, Unit]:
    """Branch, its outlet, its showroom."""
    branch = unit("南宁分公司", "branch")
    return branch, unit("办公室", "outlet", branch), unit("琅东展厅", "store", branch)


def person(username: str, role: str, where: Unit) -> User:
    user = User.objects.create(username=username, name=username, unit=where, must_change_password=False)
    group, _made = Group.objects.get_or_create(name=role)
    for name in roles.ROLES[role]:
        app, codename = name.split(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    user.groups.add(group)
    return user


def city(name: str) -> Region:
    return Region.objects.get_or_create(
        code=f"test-{name}", defaults={"name": name, "full_name": f"{name}市", "level": "city"}
    )[0]


def case(filer: User, number: str, *, deposit: str = "", **fields: Any) -> Assignment:
    """An assigned lead of the filer; `actual_…` are the showroom's corrections, all else is as filed."""
    corrected = {name: fields.pop(name) for name in list(fields) if name.startswith("actual_")}
    now = timezone.now()
    data: dict[str, Any] = {
        "name": "韦半夏",
        "mobile": "12300006049",
        "phone": "12300006049",
        "city": city("南宁"),
        "community": "星里",
        "building_room": "3-2-1601",
        "decoration_company": None,
        "designer": None,
        "outlet": filer.unit,
    } | fields
    lead = Lead.objects.create(
        number=number,
        customer=Customer.objects.create(name=data["name"]),
        filer=filer,
        filed_by=filer,
        filed_at=now,
        arrived_at=now,
        filed_on=timezone.localdate(now),
        source=Source.objects.get_or_create(name="自然客户")[0],
        progress="deposit" if deposit else "assigned",
        **data,
    )
    cabinet = OrderType.objects.get_or_create(name="欧派橱柜")[0]
    copied = ("name", "mobile", "phone", "city", "community", "building_room", "decoration_company", "designer")
    actual = {f"actual_{name}": data[name] for name in copied} | {"actual_order_type": cabinet} | corrected
    paid = {"deposit_amount": Decimal(deposit), "deposit_at": now, "progress": "deposit"} if deposit else {}
    store = organisation()[2]
    at = now - timedelta(hours=1)
    return Assignment.objects.create(lead=lead, store=store, order_type=cabinet, at=at, **actual, **paid)


def company(name: str, designer: str) -> tuple[DecorationCompany, CompanyDesigner]:
    made = DecorationCompany.objects.get_or_create(name=name)[0]
    return made, CompanyDesigner.objects.get_or_create(company=made, name=designer)[0]
