"""People and customers of the races."""

from itertools import count, islice
from typing import Any

from accounts.models import Region, Unit, User
from tests.factories import OrderTypeFactory, RegionFactory, SourceFactory, UnitFactory, UserFactory
from tests.races.worker import Call

_serial = count(1)


def filers(number: int) -> list[User]:
    outlet: Unit = UnitFactory()
    return [UserFactory(unit=outlet) for _ in range(number)]


def customers(number: int) -> list[dict[str, Any]]:
    """The fields of customers that nobody has filed yet; each is known by a mobile number and an address."""
    city: Region = RegionFactory(code="450100", name="南宁")
    fixed = {"name": "韦半夏", "community": "幸福里", "city": city.pk, "source": SourceFactory().pk}
    fixed["order_type"] = OrderTypeFactory().pk
    return [{**fixed, "mobile": f"138{n:08}", "building_room": f"{n}栋101"} for n in islice(_serial, number)]


def filing(filer: User, fields: dict[str, Any], **more: Any) -> Call:
    return "file", {"filer": filer.pk, "fields": {**fields, "outlet": filer.unit_id}, **more}
