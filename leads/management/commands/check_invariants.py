"""Check on live data what must always be true; says every complaint and ends with 1 where there is one."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from leads.invariants import INVARIANTS


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only what is wrong")

    def handle(self, *args: Any, quiet: bool = False, **options: Any) -> None:
        count = 0
        for name, invariant in INVARIANTS.items():
            wrong = 0
            for complaint in invariant():
                self.stdout.write(f"{name}: {complaint}")
                wrong += 1
            if not (wrong or quiet):
                self.stdout.write(f"{name}: ok")
            count += wrong
        if count:
            self.stderr.write(f"{count} complaints")
            sys.exit(1)
