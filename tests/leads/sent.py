"""What people send from the screens of work and of the showroom, each time with a form key of their own."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Unit, User
from core.clock import likely_today
from core.once import new_key
from leads.models import Assignment, Lead, Measurement
from tests.factories import MORNING


def address(lead: Lead, name: str, *more: Any) -> str:
    return reverse(f"leads:{name}", args=[lead.number, *more])


def contact(user: User, **changed: Any) -> dict[str, Any]:
    said = {"once": new_key(user.pk, "FollowUpForm"), "kind": "call", "status": "visited", "next_on": "2026-08-01"}
    return said | {"phone": "12331111111", "content": "约周六到店"} | changed


def assigning(user: User, store: Unit, order_type: Any, **changed: Any) -> dict[str, Any]:
    return {
        "once": new_key(user.pk, "AssignForm"),
        "store": store.pk,
        "order_type": order_type.pk,
        "note": "客户急",
    } | changed


def dispatching(user: User, designer: User, **changed: Any) -> dict[str, Any]:
    said = {
        "once": new_key(user.pk, "DispatchForm"),
        "designer": designer.pk,
        "scheduled_at": "2026-08-01 10:30",
        "note": "带激光尺",
    }
    return said | changed


def because(user: User, reason: str = "派错了") -> dict[str, str]:
    return {"once": new_key(user.pk, "ReasonForm"), "reason": reason}


def measurement_of(lead: Lead, designer: User, **fields: Any) -> Measurement:
    given = {"scheduled_at": MORNING + timedelta(days=3), "by": lead.filer, "at": MORNING} | fields
    return Measurement.objects.create(lead=lead, designer=designer, **given)


def forms_of(lead: Lead, store: Unit, designer: User) -> dict[str, Any]:
    return {
        "follow_ups": contact,
        "assign": lambda user: assigning(user, store, lead.order_type),
        "measure": lambda user: dispatching(user, designer),
    }


def correction(user: User, case: Assignment, **changed: Any) -> dict[str, Any]:
    said = {
        "once": new_key(user.pk, "CorrectionForm"),
        "name": case.actual_name,
        "mobile": case.actual_mobile,
        "phone": case.actual_phone,
        "city": case.actual_city_id or "",
        "community": case.actual_community,
        "building_room": case.actual_building_room,
        "order_type": case.actual_order_type_id,
        "decoration_company": "",
        "designer": "",
    }
    return said | changed


def deposit(user: User, **changed: Any) -> dict[str, Any]:
    said = {
        "once": new_key(user.pk, "DepositForm"),
        "deposit_amount": "5000.50",
        "deposit_paid_on": likely_today().isoformat(),
        "deposit_receipt": "LD-0722-06",
    }
    return said | changed


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200)) -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", size, "navy").save(written, kind)
    return SimpleUploadedFile(f"受据.{kind.lower()}", written.getvalue())


def desk(case: Assignment, name: str = "store_case") -> str:
    return reverse(f"leads:{name}", args=[case.pk])
