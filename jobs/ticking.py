"""Recurring work: each app registers its pieces, `manage.py tick` runs them. Every piece is idempotent.

Nothing depends on it: what has run out is settled when it is touched. The tick only does it sooner (guarantees 1.9).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from core.clock import database_now
from jobs.leases import Lease

log = logging.getLogger(__name__)

Run = Callable[[datetime], int]
PIECES: dict[str, Run] = {}


@dataclass
class Round:
    """What one tick did: how much by piece, and the pieces that failed. `ended`: why it did not go to the end.

    `left` are the pieces that it began for and did not get to.
    """

    done: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    ended: str = ""
    left: list[str] = field(default_factory=list)


def register(name: str, run: Run) -> None:
    """`run` is told the moment and says how many things it did. Pieces run in the order of registration."""
    if name in PIECES:
        raise ValueError(f"registered twice: {name}")
    PIECES[name] = run


def go_on() -> bool:
    return False


def tick(stop: Callable[[], bool] = go_on) -> Round:
    """Run every piece unless another process does; a piece that fails keeps no other from running."""
    lease, this = Lease("tick"), Round()
    if not lease.take():
        this.ended = "another tick is at work"
        return this
    try:
        for name, run in PIECES.items():
            if stop():
                this.ended = "stopped"
            elif not lease.renew():
                this.ended = "too slow: another tick has taken over"
            if this.ended:
                this.left = list(PIECES)[len(this.done) + len(this.failed) :]
                break
            _run(name, run, this)
    finally:
        lease.give_back()
    return this


def _run(name: str, run: Run, this: Round) -> None:
    try:
        this.done[name] = run(database_now())
    except Exception:
        log.exception("tick: %s failed", name)
        this.failed.append(name)
