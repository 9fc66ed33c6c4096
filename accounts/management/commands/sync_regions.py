"""`manage.py sync_regions`: adds the regions and telephone area codes of `accounts/data` that the database lacks."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Region

SHIPPED = Path(__file__).resolve().parents[2] / "data"
SOURCE = SHIPPED / "regions.json"
AREA_CODES = SHIPPED / "area_codes.json"


class Command(BaseCommand):
    help = (
        "Add missing provinces, cities and counties and missing telephone area codes; what is there stays as the"
        " administrator left it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = json.loads(SOURCE.read_text("utf-8"))
        added = add_missing(rows)
        self.stdout.write(f"regions: {added} added, {len(rows) - added} left as they were")
        filled = fill_area_codes(json.loads(AREA_CODES.read_text("utf-8")))
        self.stdout.write(f"area codes: {filled} filled in")


@transaction.atomic
def add_missing(rows: list[list[str]]) -> int:
    """Rows are [code, name, full name, level, code of the parent], a parent before its children."""
    known = dict(Region.objects.values_list("code", "pk"))
    added = 0
    for level in ("province", "city", "county"):
        missing = [
            Region(
                code=code,
                name=name,
                full_name=full_name,
                level=level,
                parent_id=known[parent] if parent else None,
                offered=level == "city",
            )
            for code, name, full_name, row_level, parent in rows
            if row_level == level and code not in known
        ]
        made = Region.objects.bulk_create(missing, batch_size=500)
        known.update((region.code, region.pk) for region in made)
        added += len(made)
    return added


@transaction.atomic
def fill_area_codes(shipped: dict[str, str]) -> int:
    """Give every region without area code its own, {region code: "0771"}, or that of the region it belongs to."""
    filled = []
    for region in Region.objects.filter(area_code="").select_related("parent"):
        above = region.parent
        region.area_code = shipped.get(region.code) or (above and (above.area_code or shipped.get(above.code))) or ""
        if region.area_code:
            filled.append(region)
    Region.objects.bulk_update(filled, ["area_code"], batch_size=500)
    return len(filled)
