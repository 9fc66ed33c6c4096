"""Write the shipped matching rules, filing kinds and their fields as rows to edit, and the calendar.

A table with rows is left alone; of the calendar only what was entered by hand.
"""

from typing import Any

from django.core.management.base import BaseCommand

from approvals.days import load_chinese_days, years_around
from approvals.models import CalendarDay
from core.clock import likely_today
from policies.services import write_shipped_rules


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        written = write_shipped_rules() | {CalendarDay: load_chinese_days(years_around(likely_today()))}
        for model, count in written.items():
            self.stdout.write(f"{model._meta.label}: {f'{count} written' if count else 'kept'}")
