"""Races: the same services called by many processes at once, on the test database itself."""

from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connection

from tests.races import worker
from tests.races.worker import Call, Result, Share

PROCESSES = 16
PATIENCE = 900.0
"""Seconds until a process that says nothing counts as dead."""

ROUNDS = 10
"""How often a planted mistake may get away."""

# One server process sets Django up and each process of a race is forked from it; it inherits DATABASE_URL.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.races.warm"])


def race(shares: Sequence[Sequence[Call]], *, mistake: str = "", in_step: bool = False) -> list[Result]:
    """Let each share be worked off by a process of its own, all starting together. Prints the figures of the race."""
    gate = CONTEXT.Barrier(len(shares))
    name = str(connection.settings_dict["NAME"])
    runners = []
    for calls in shares:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        share = Share(calls, name, mistake, in_step)
        process = CONTEXT.Process(target=worker.run, args=(share, gate, theirs, PATIENCE), daemon=True)
        process.start()
        theirs.close()
        runners.append((process, ours))
    try:
        told = [heard(ours) for _process, ours in runners]
    finally:
        for process, ours in runners:
            ours.close()
            process.join(10)
            process.kill()
            process.join()
    results = [result for _start, _end, some in told for result in some]
    print_figures(results, max(end for _start, end, _some in told) - min(start for start, _end, _some in told))
    return results


def heard(pipe: Any) -> tuple[float, float, list[Result]]:
    assert pipe.poll(PATIENCE), "A process of the race hangs."
    told: tuple[float, float, list[Result]] = pipe.recv()
    return told


def print_figures(results: Sequence[Result], seconds: float) -> None:
    kinds = Counter(result.kind for result in results)
    deadlocks = sum("deadlock detected" in str(result.answer) for result in results)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{connection.vendor}: {len(results)} calls: {counts}; {deadlocks} deadlocks; {seconds:.1f} s")


def errors(results: Sequence[Result]) -> list[str]:
    """What no race may end in."""
    return [result.answer for result in results if result.kind == "error"]


def unlike(what: str, found: Any, wanted: Any) -> list[str]:
    """A complaint, if what was found is not what should be."""
    return [] if found == wanted else [f"{what}: {found}, not {wanted}"]


def caught(one_round: Callable[[], list[str]]) -> list[str]:
    """What a check complains of in the first round in which it notices a planted mistake."""
    for _round in range(ROUNDS):
        if complaints := one_round():
            print("caught:", *complaints[:3], sep="\n  ")
            return complaints
    return []


def sizes(name: str, *, small: int, full: int) -> pytest.MarkDecorator:
    """A test of reduced size in every run, and of full size in `make drill`."""
    return pytest.mark.parametrize(
        name, [pytest.param(small, id="small"), pytest.param(full, id="full", marks=pytest.mark.drill)]
    )
