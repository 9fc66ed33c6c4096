"""Masking of personal data (ORG-6): the one place that decides how much of a number or address is left."""

import re

ROOM = re.compile(r"\d")


def mask_phone(number: str) -> str:
    """138****5678, whatever is hidden already; a landline keeps its area code and last four digits.

    Of anything short only the last two are left.
    """
    if not number:
        return ""
    if len(number) == 11 and number.replace("*", "").isdigit():
        return f"{number[:3]}****{number[-4:]}"
    head, dash, tail = number.rpartition("-")
    if dash and len(tail) >= 5:
        return f"{head}-***{tail[-4:]}"
    if len(number) > 7:
        return f"{number[:-7]}***{number[-4:]}"
    return "***" + number[-2:] if len(number) > 2 else "***"


def mask_room(building_room: str) -> str:
    """Building and room without their digits: enough to see that something was filled in."""
    return ROOM.sub("*", building_room)
