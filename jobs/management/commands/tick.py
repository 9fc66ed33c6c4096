"""Do what is due: end, promote, remind. Any number of these may run at once; one works, the others say so."""

import logging
import os
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from jobs.ticking import tick

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on until told to end, with pauses")
        parser.add_argument(
            "--beside", type=int, metavar="PID", help="in a loop: end with the process that started this"
        )

    def handle(self, *args: Any, loop: int | None = None, beside: int | None = None, **options: Any) -> None:
        if loop is not None:
            self.go_round(max(loop, 1), beside)
            return
        this = tick()
        for name, count in this.done.items():
            self.say(f"{name}: {count}")
        if this.ended:
            self.say(this.ended)
        wrong = {"failed": this.failed, "not run": this.left}
        if any(wrong.values()):
            raise CommandError("; ".join(f"{what}: {', '.join(names)}" for what, names in wrong.items() if names))

    def go_round(self, seconds: int, parent: int | None) -> None:
        """Tick until SIGTERM, Ctrl-C or the parent's end; what fails is logged and tried again in the next round."""
        stop = Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda _number, _frame: stop.set())

        def is_over() -> bool:
            return stop.is_set() or parent not in {None, os.getppid()}

        while not is_over():
            self.tick_once(is_over)
            for _second in range(seconds):
                if is_over() or stop.wait(1):
                    break

    def tick_once(self, is_over: Callable[[], bool]) -> None:
        """One round; says only what was done."""
        try:
            this = tick(is_over)
        except Exception:
            log.exception("tick failed")
            return
        finally:
            close_old_connections()
        for name, count in this.done.items():
            if count:
                self.say(f"tick: {name}: {count}")
        if this.left and not is_over():
            log.error("tick: %s; not run: %s", this.ended, ", ".join(this.left))

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
