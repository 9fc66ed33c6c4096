"""The fields of a filing that a policy can ask for (RULE-1, LEAD-11)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from policies.models import EXTRA_FIELDS, KIND_FIELDS, Source

BASIC_FIELDS: Mapping[str, Any] = {
    "name": _("customer name"),
    "mobile": _("mobile"),
    "phone": _("phone"),
    "member_card": _("member card"),
    "city": _("city / county"),
    "community": _("community"),
    "building_room": _("building and room"),
    "order_type": _("order type"),
    "estimated_amount": _("estimated amount"),
    "budget_note": _("budget description"),
    "next_follow_up_on": _("next follow-up"),
}
"""The fields that every filing form shows."""
ASKABLE: Mapping[str, Any] = {
    **BASIC_FIELDS,
    **{name: Source._meta.get_field(name).verbose_name for name in EXTRA_FIELDS},  # type: ignore[union-attr]
    **KIND_FIELDS,
}
