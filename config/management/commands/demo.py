"""`manage.py demo`: prepares a database that holds nobody but the demo's people, says who they are, and serves it."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config.demo.load import belongs_to_somebody_else, is_loaded, load
from config.demo.people import BACKGROUND, PASSWORD, PEOPLE

NOT_OURS = (
    "This database holds people whom the demo did not make, so nothing was changed. "
    "Give the demo a database of its own with DATABASE_URL."
)


class Command(BaseCommand):
    help = "Migrate, load the demo once, print its accounts and serve it on 127.0.0.1:$PORT."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="only prepare")

    def handle(self, *args: Any, **options: Any) -> None:
        if belongs_to_somebody_else():
            raise CommandError(NOT_OURS)
        self.prepare()
        self.announce()
        if not options["no_serve"]:
            serve()

    def prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("sync_roles", stdout=self.stdout)
        call_command("sync_regions", stdout=self.stdout)
        call_command("sync_policies", stdout=self.stdout)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        if is_loaded():
            self.stdout.write("demo: kept as it was")
        else:
            load()
            self.stdout.write("demo: loaded")

    def announce(self) -> None:
        accounts = [person for person in PEOPLE if person.username not in BACKGROUND]
        self.stdout.write(f"\nhttp://127.0.0.1:{port()}/    password of every account: {PASSWORD}\n\n")
        for person in accounts:
            self.stdout.write(f"  {person.username:<11}{person.name}  {person.role}, {person.unit}")
        self.stdout.write("")
        self.stdout.flush()


def port() -> str:
    return os.environ.get("PORT") or "8000"


def serve() -> None:
    """Give the process to gunicorn, so that its signals and its exit status are this command's.

    The tick beside it is a child of this process, gunicorn's then, and ends with it.
    """
    connections.close_all()
    os.chdir(settings.BASE_DIR)
    tick = [sys.executable, "manage.py", "tick", "--loop", "30", "--beside", str(os.getpid())]
    subprocess.Popen(tick)  # noqa: S603 - nothing of it is typed by a user
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
    os.execvp(gunicorn[0], gunicorn)  # noqa: S606 - nothing of it is typed by a user
