"""What these tests file: claims for the rules and services, bodies for the form."""

from typing import Any

from accounts.models import User
from core.once import new_key
from leads.claims import Claim
from policies.models import EXTRA_FIELDS, FilingSettings, Source
from tests.factories import SourceFactory

MOBILE = "13800138000"


def claim_of(filer: User, *, settings: FilingSettings | None = None, row: int = 0, **changed: Any) -> Claim:
    """What the form would make of it: references as ids, the needs of the source beside them."""
    source: Source = changed.pop("source", None) or SourceFactory()
    fields = {
        "filing_kind": "normal",
        "customer_kind": "person",
        "name": "韦半夏",
        "mobile": MOBILE,
        "phone": "",
        "city": None,
        "community": "幸福里",
        "building_room": "",
        "source": source.pk,
        "order_type": None,
        "follow_up_status": "waiting",
        "outlet": filer.unit_id,
    }
    given = {
        name: changed.pop(name)
        for name in (
            "city_name",
            "area_code",
            "known_as",
            "treatment",
            "rules",
            "policy",
            "calendar",
            "queue",
            "order_types",
        )
        if name in changed
    }
    return Claim(
        row=row,
        filer_id=filer.pk,
        **given,
        fields=fields | changed,
        needs={name: getattr(source, name) for name in EXTRA_FIELDS},
        settings=settings or FilingSettings(),
    )


def body(user: User, form: str = "FilingForm", **changed: Any) -> dict[str, Any]:
    """A filing form as a person sends it; None takes a field out altogether."""
    said = {
        "once": new_key(user.pk, form),
        "name": "韦半夏",
        "mobile": MOBILE,
        "phone": "",
        "city": "",
        "community": "幸福里",
        "building_room": "",
        "source": SourceFactory().pk,
        "order_type": "",
        "outlet": user.unit_id,
    }
    return {name: value for name, value in (said | changed).items() if value is not None}
