"""Load ready-made policies by name: each is in force from now on, unless it already says the same (RULE-2).

A policy of that name that says something else was edited: nothing is loaded then without --overwrite.
"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.clock import database_now
from core.forms import CENTURY
from core.verdicts import Refused
from policies.models import Policy, PolicyVersion
from policies.naming import names_in
from policies.presets import DATED, NAMES, PRESETS, Preset, preset
from policies.sentences import differences
from policies.terms import Terms
from policies.versions import add_version, last_position, never_asked, set_active


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
        parser.add_argument("--list", action="store_true", help="name the presets and say what they are")
        parser.add_argument("--opening-day", type=_day, metavar="YYYY-MM-DD", help="the day that “opening” is about")
        parser.add_argument("--overwrite", action="store_true", help="put edited policies back to what was ready-made")
        parser.add_argument("--replace", action="store_true", help="switch off every other policy")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for name in NAMES:
                self._tell(name)
            return
        wanted = [made for name in self._known(options["names"]) for made in _made(name, options["opening_day"])]
        edited = [each.name for each in wanted if self._tell_differences(each)]
        if edited and not options["overwrite"]:
            raise CommandError(f"edited since, so nothing was loaded: {', '.join(edited)}. --overwrite puts them back")
        with transaction.atomic():
            loaded = [self._load(each) for each in wanted]
            if options["replace"]:
                self._switch_off_others(loaded)
        self._warn()

    def _tell_differences(self, made: Preset) -> bool:
        """Say what a policy that is there would say differently; whether there is anything."""
        rows = PolicyVersion.objects.filter(policy__name=made.name, starts_at__lte=database_now())
        if not (last := rows.order_by("-starts_at").first()):
            return False
        before = Terms.from_json(last.body)
        for change in differences(before, made.terms, names_in([before, made.terms])):
            self.stdout.write(f"{made.name}: {'+' if change.came else '-'} {change.sentence}")
        return before != made.terms

    def _switch_off_others(self, loaded: list[int]) -> None:
        others = Policy.objects.filter(active=True).exclude(pk__in=loaded).order_by("pk")
        names = [policy.name for policy in others if set_active(policy, active=False)]
        self.stdout.write(f"switched off: {', '.join(names) or 'none'}")

    def _warn(self) -> None:
        """Say which policies no filing gets to."""
        passed_over, first = never_asked(database_now())
        for policy in passed_over:
            self.stdout.write(
                f"{policy.name}: never asked, since “{first and first.name}” before it is for all filings"
            )

    def _tell(self, name: str) -> None:
        for each in PRESETS.get(name) or preset(name, date.max):
            self.stdout.write(f"{name}: {each.name}。{each.line}")

    def _known(self, names: list[str]) -> list[str]:
        if unknown := [name for name in names if name not in NAMES]:
            raise CommandError(f"no such preset: {', '.join(unknown)}. There are: {', '.join(NAMES)}")
        if not names:
            raise CommandError(f"name the presets to load, or --list. There are: {', '.join(NAMES)}")
        return list(dict.fromkeys(names))

    def _load(self, made: Preset) -> int:
        """Write the policy behind all others, or its next version in its place; its id."""
        policy, _created = Policy.objects.get_or_create(name=made.name, defaults={"position": last_position() + 1})
        if set_active(policy, active=True):
            self.stdout.write(f"{made.name}: switched on")
        try:
            version = add_version(policy, made.terms, note=made.line)
        except Refused as refused:
            raise CommandError(f"{made.name}: {refused}") from refused
        state = f"version {version.number} in force" if version else "unchanged"
        self.stdout.write(f"{made.name}: {state}")
        return int(policy.pk)


def _made(name: str, day: date | None) -> tuple[Preset, ...]:
    if name in DATED and day is None:
        raise CommandError(f"{name} needs --opening-day YYYY-MM-DD")
    return preset(name, day)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"no such day: {text}. Write it as YYYY-MM-DD") from error
    if day.year not in CENTURY:
        raise ArgumentTypeError(f"a year from {CENTURY[0]} to {CENTURY[-1]} is expected, not {day.year}")
    return day
