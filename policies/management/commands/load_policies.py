"""Load ready-made policies by name: each is in force from now on, unless it already says the same (RULE-2)."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Max

from core.clock import database_now
from core.verdicts import Refused
from policies.choosing import reachable
from policies.models import Policy
from policies.presets import DATED, NAMES, PRESETS, Preset, preset
from policies.versions import add_version, policies_in_force


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
        parser.add_argument("--list", action="store_true", help="name the presets and say what they are")
        parser.add_argument("--opening-day", type=_day, metavar="YYYY-MM-DD", help="the day that “opening” is about")
        parser.add_argument("--replace", action="store_true", help="switch off every other policy")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for name in NAMES:
                self._tell(name)
            return
        wanted = [made for name in self._known(options["names"]) for made in _made(name, options["opening_day"])]
        with transaction.atomic():
            loaded = [self._load(each) for each in wanted]
            if options["replace"]:
                others = Policy.objects.filter(active=True).exclude(pk__in=loaded)
                self.stdout.write(f"{others.update(active=False)} other policies switched off")
        self._warn()

    def _warn(self) -> None:
        """Say which policies no filing gets to."""
        policies = policies_in_force(database_now())
        asked = reachable(policies)
        for policy in policies[len(asked) :]:
            self.stdout.write(f"{policy.name}: never asked, since “{asked[-1].name}” before it is for all filings")

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
        last = Policy.objects.aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        policy, _created = Policy.objects.get_or_create(name=made.name, defaults={"position": place})
        if not policy.active:
            Policy.objects.filter(pk=policy.pk).update(active=True)
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
    return date.fromisoformat(text)
