"""`manage.py sync_regions`: adds the regions of `accounts/data/regions.json` that the database lacks."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Region

SOURCE = Path(__file__).resolve().parents[2] / "data" / "regions.json"


class Command(BaseCommand):
    help = "Add missing provinces, cities and counties; rows that are there stay as the administrator left them."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = json.loads(SOURCE.read_text("utf-8"))
        added = add_missing(rows)
        self.stdout.write(f"regions: {added} added, {len(rows) - added} left as they were")


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
