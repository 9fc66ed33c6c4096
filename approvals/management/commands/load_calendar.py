"""Load the Chinese holidays and make-up days; last, this and next year unless years are given.

Days entered or changed by hand stay. The days of a year that the package `holidays` does not know yet, each November
the next one's, are entered in the administration (Calendar of working days), or come with a newer package.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.days import KNOWN, days_of, is_announced, load_chinese_days, years_around
from core.clock import likely_today


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, years: list[int], **options: Any) -> None:
        if strange := [str(year) for year in years if year not in KNOWN]:
            raise CommandError(f"unknown years: {', '.join(strange)}")
        for year in years or years_around(likely_today()):
            changed = load_chinese_days([year])
            there = days_of([year]).count()
            note = "" if is_announced(year) else "; its make-up days are not announced yet"
            self.stdout.write(
                f"calendar {year}: {there} special days, {f'{changed} changed' if changed else 'kept'}{note}"
            )
