"""Write the shipped roles to groups. What an administrator has changed stays, unless `--reset`."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.roles import ROLES


def permissions_named(names: set[str]) -> list[Permission]:
    """The permission rows of `app.codename` names; raises `CommandError` on an unknown one."""
    rows = Permission.objects.select_related("content_type")
    found = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    if unknown := names - found.keys():
        raise CommandError(f"unknown permissions: {', '.join(sorted(unknown))}")
    return [found[name] for name in sorted(names)]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="give existing groups their shipped permissions again")

    @transaction.atomic
    def handle(self, *args: Any, reset: bool = False, **options: Any) -> None:
        for name, permissions in ROLES.items():
            group, created = Group.objects.get_or_create(name=name)
            if created or reset:
                group.permissions.set(permissions_named(permissions))
            state = "created" if created else "reset" if reset else "kept"
            self.stdout.write(f"{name}: {state}")
