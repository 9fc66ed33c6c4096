"""Every setting of every ready-made policy, as the texts have it and where they say nothing (RULE-2, `policies.md`)."""

from datetime import date
from typing import Any

import pytest

from policies.presets import NAMES, preset
from policies.terms import Conditions, Terms

OPENING_DAY = date(2026, 10, 1)
DAYS, WORKING_DAYS, HOURS, MONTHS = "day", "working_day", "hour", "month"

SILENT: dict[str, Any] = {
    "required": (),
    "contact_within": None,
    "signed_within": None,
    "minutes_ahead": 0,
    "days_ahead": 0,
    "needs_approval": False,
    "decide_within": None,
    "contest": "first",
    "unclear_waits": False,
    "mask_holds": False,
    "tells_from": False,
    "hold_limit": None,
    "term": None,
    "named_day": None,
    "past_holidays": False,
    "deposit_term": None,
    "visit_term": None,
    "deal_term": None,
    "contact_every": None,
    "remind_idle": None,
    "remind_days": 3,
    "extensions": 0,
    "extension_term": None,
    "extension_term_waiting": None,
    "extension_days_before": 0,
    "extension_needs_news": False,
    "extension_needs_approval": True,
    "queue": 0,
    "promoted_term": None,
    "promoted_extensions": 0,
    "void_ban": None,
    "cool_down": None,
}
"""What a policy does of which its text says nothing."""

POOL: dict[str, Any] = {"required": ("name",), "hold_limit": 50, "remind_idle": (3, DAYS)}
PERSON, COMPANY = Conditions(customer_kinds=("person",)), Conditions(customer_kinds=("company",))
SAID: dict[str, list[tuple[Conditions, dict[str, Any]]]] = {
    "furnishing": [
        (Conditions(), {"required": ("mobile", "community"), "term": (7, DAYS), "deposit_term": (90, DAYS)}),
    ],
    "project": [
        (
            Conditions(),
            {
                "required": (
                    "contact_name",
                    "project_name",
                    "project_site",
                    "estimated_amount",
                    "expected_unit_price",
                    "expected_signing_on",
                    "contact_feedback",
                ),
                "needs_approval": True,
                "decide_within": (7, WORKING_DAYS),
                "contest": "evidence",
                "term": (3, MONTHS),
                "extensions": 1,
                "extension_term": (3, MONTHS),
                "extension_days_before": 20,
                "extension_needs_news": True,
                "void_ban": (3, MONTHS),
            },
        ),
    ],
    "queue": [
        (
            Conditions(),
            {
                "required": ("name", "mobile", "project_name"),
                "needs_approval": True,
                "decide_within": (1, HOURS),
                "tells_from": True,
                "term": (1, MONTHS),
                "past_holidays": True,
                "extensions": 1,
                "extension_term": (1, MONTHS),
                "extension_term_waiting": (15, DAYS),
                "queue": 1,
                "promoted_term": (1, MONTHS),
                "promoted_extensions": 0,
            },
        ),
    ],
    "two-months": [
        (
            Conditions(),
            {
                "required": ("name", "mobile", "project_name"),
                "term": (2, MONTHS),
                "extensions": 1,
                "extension_term": (2, MONTHS),
            },
        ),
    ],
    "estate-agent": [
        (
            Conditions(),
            {
                "required": ("name", "gender", "mobile", "visit_planned_at"),
                "minutes_ahead": 1,
                "mask_holds": True,
                "term": (7, DAYS),
                "contact_every": (5, DAYS),
                "visit_term": (30, DAYS),
            },
        ),
    ],
    "decoration-partner": [
        (
            Conditions(),
            {
                "required": ("name", "mobile", "community", "floor_area", "style", "signed_elsewhere", "help_wanted"),
                "minutes_ahead": 60,
            },
        ),
    ],
    "pre-visit": [
        (
            Conditions(),
            {
                "required": ("name", "contact_name", "mobile", "visit_planned_at", "visit_purpose"),
                "days_ahead": 1,
                "needs_approval": True,
            },
        ),
    ],
    "crm": [(PERSON, POOL | {"term": (30, DAYS)}), (COMPANY, POOL | {"term": (180, DAYS)})],
    "contract": [
        (
            Conditions(),
            {
                "required": (
                    "legal_representative",
                    "registered_address",
                    "project_name",
                    "project_site",
                    "project_scale",
                    "project_progress",
                    "product",
                    "quantity",
                    "contract_name",
                    "contract_signed_on",
                    "estimated_amount",
                    "contract_term",
                ),
                "signed_within": (5, WORKING_DAYS),
                "needs_approval": True,
            },
        ),
    ],
    "two-step": [
        (PERSON, {"required": ("id_card_copy",), "needs_approval": True}),
        (COMPANY, {"required": ("licence_copy", "legal_id_copy"), "needs_approval": True}),
    ],
    "opening": [
        (
            Conditions(),
            {"required": ("name", "mobile"), "days_ahead": 1, "named_day": OPENING_DAY, "term": (7, DAYS)},
        ),
    ],
    "territory": [
        (
            Conditions(),
            {"required": ("customer_category", "product", "project_progress"), "needs_approval": True},
        ),
    ],
}


def test_table_has_every_preset_and_every_setting():
    assert set(SAID) == set(NAMES)
    assert set(SILENT) == {*Terms.__dataclass_fields__} - {"when"}


@pytest.mark.parametrize("name", SAID)
def test_preset_says_exactly_this_and_nothing_else(name):
    made = preset(name, OPENING_DAY)

    found = [(each.terms.when, {setting: getattr(each.terms, setting) for setting in SILENT}) for each in made]

    assert found == [(when, SILENT | said) for when, said in SAID[name]]
