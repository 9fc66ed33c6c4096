"""One of the processes of a race. It sets Django up from DATABASE_URL by itself, as a web process does."""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if not apps.ready:
    django.setup()

Call = tuple[str, dict[str, Any]]
"""The name of a task and its arguments."""


@dataclass(frozen=True)
class Result:
    """What became of one call: `done`, `refused`, `replayed`, `rolled back` or `error`, and what was answered."""

    call: Call
    kind: str
    answer: Any
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one process does. `in_step`: before each call it waits until all the others are there too."""

    calls: Sequence[Call]
    database: str
    mistake: str = ""
    in_step: bool = False


def run(share: Share, gate: Barrier, told: Connection, patience: float) -> None:
    """Connect, wait for the others, work; tells the results and the moments of start and end."""
    from django.db import connection

    from core.clock import told as clock_told
    from tests.factories import MORNING
    from tests.races.mistakes import MISTAKES

    assert connection.settings_dict["NAME"] == share.database
    if share.mistake:
        MISTAKES[share.mistake]()
    results = []
    with ExitStack() as stack:
        stack.callback(connection.close)
        stack.push(lambda failure, *_: gate.abort() if failure else None)  # let nobody wait for a dead process
        stack.enter_context(clock_told(MORNING))  # midnight may pass while tests run
        connection.ensure_connection()
        gate.wait(patience)
        started = time.monotonic()
        for call in share.calls:
            if share.in_step:
                gate.wait(patience)
            results.append(attempt(call))
    told.send((started, time.monotonic(), results))


def attempt(call: Call) -> Result:
    from core.once import AlreadyDone
    from core.verdicts import Refused
    from tests.races.tasks import TASKS, RolledBack

    task, arguments = call
    try:
        return Result(call, "done", TASKS[task](**arguments))
    except Refused as refused:
        return Result(call, "refused", str(refused), tuple(problem.code for problem in refused.problems))
    except AlreadyDone as already:
        return Result(call, "replayed", already.location)
    except RolledBack:
        return Result(call, "rolled back", "")
    except Exception as error:
        return Result(call, "error", f"{type(error).__name__}: {error}")
