"""Try a policy's draft, or any of its versions, on past filings (RULE-3); nothing is written.

Says how many would have been refused, protected or queued, and every try with another verdict or another end. The same
replay up to the same moment prints the same digest, also on a later day.
"""

import json
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import is_aware, localtime, make_aware

from core.clock import likely_now, likely_today
from core.periods import Period
from leads.replay import Comparison, Verdict
from leads.replay.comparing import end_words, told_words
from leads.replaying import DAYS_TRIED, try_version
from policies.models import Policy, PolicyVersion


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", metavar="POLICY", help="its name or id")
        parser.add_argument("--number", default="draft", metavar="N", help="a version's number, or draft (the default)")
        parser.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help=f"default: {DAYS_TRIED} days back")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--until", metavar="MOMENT", help="as it stood then, e.g. 2026-08-01T18:00; default: now")
        parser.add_argument("--json", action="store_true", help="all of it as JSON, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        version = _version(_policy(options["policy"]), options["number"])
        period = _period(options["first"], options["last"])
        until = _moment(options["until"]) if options["until"] else likely_now()
        found = try_version(version, period, until)
        up_to = localtime(until).isoformat()
        if options["json"]:
            said = {"digest": found.digest, "until": up_to, **found.to_json()}
            self.stdout.write(json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1))
        else:
            self.tell(version, period, found)
            self.stdout.write(f"digest {found.digest}, up to {up_to}")

    def tell(self, version: PolicyVersion, period: Period, found: Comparison) -> None:
        self.stdout.write(f"{version}, {period.first} to {period.last}: {found.tries} filings")
        self.stdout.write(f"as recorded by the policies of their time: {found.as_recorded}")
        for verdict in Verdict.values:
            self.stdout.write(f"{verdict}: {found.before[verdict]} -> {found.after[verdict]}")
        self.stdout.write(f"changed: {len(found.changes)}, {found.ends_differ} of them with another end")
        for before, after in found.changes:
            name = before.number or f"try {before.attempt_id}"
            ends = f"; {end_words(before)} -> {end_words(after)}" if before.ended != after.ended else ""
            self.stdout.write(f"{name}: {told_words(before)} -> {told_words(after)}{ends}")


def _policy(said: str) -> Policy:
    found = Policy.objects.filter(name=said).first()
    if found is None and said.isdecimal():
        found = Policy.objects.filter(pk=said[:18]).first()
    if found is None:
        names = ", ".join(Policy.objects.values_list("name", flat=True))
        raise CommandError(f"no such policy: {said}. There are: {names or 'none'}")
    return found


def _version(policy: Policy, said: str) -> PolicyVersion:
    versions = policy.versions.select_related("policy")
    if said == "draft":
        found = versions.filter(starts_at=None).first()
    else:
        found = versions.filter(number=said).first() if said.isdecimal() and len(said) < len("2147483648") else None
    if found is None:
        numbers = ", ".join(map(str, versions.order_by("number").values_list("number", flat=True)))
        raise CommandError(f"{policy} has no {'draft' if said == 'draft' else f'version {said}'}; versions: {numbers}")
    return found


def _period(first: str | None, last: str | None) -> Period:
    until = _day(last) if last else likely_today()
    since = _day(first) if first else until - timedelta(days=DAYS_TRIED)
    if since > until:
        raise CommandError(f"the period ends before it begins: {since} to {until}")
    return Period(since, until)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"no such day: {text}. Write it as YYYY-MM-DD") from error


def _moment(text: str) -> datetime:
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"no such moment: {text}. Write it as YYYY-MM-DDTHH:MM") from error
    moment = said if is_aware(said) else make_aware(said)
    if moment > likely_now():
        raise CommandError(f"still to come: {text}")
    return moment
