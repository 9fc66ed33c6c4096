"""The tick: one at a time by its lease, every piece by itself, and the same again does nothing more."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.clock import told
from jobs.leases import LENGTH, Lease
from jobs.management.commands.tick import Command
from jobs.models import TickLease
from jobs.ticking import PIECES, register, tick
from tests.factories import MORNING

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Only the pieces that a test puts here."""
    for name in list(PIECES):
        monkeypatch.delitem(PIECES, name)
    return PIECES


def lease() -> TickLease:
    return TickLease.objects.get(name="tick")


def run(*options: str) -> list[str]:
    said = StringIO()
    call_command("tick", *options, stdout=said)
    return said.getvalue().splitlines()


def taken(at: datetime = MORNING) -> Lease:
    other = Lease("tick")
    with told(at):
        assert other.take()
    return other


def test_pieces_run_in_order_with_the_moment_and_say_what_they_did(monkeypatch, pieces):
    moments = []
    monkeypatch.setitem(pieces, "second", lambda at: moments.append(("second", at)) or 0)
    monkeypatch.setitem(pieces, "first", lambda at: moments.append(("first", at)) or 3)

    with told(MORNING):
        said = run()

    assert said == ["second: 0", "first: 3"]
    assert moments == [("second", MORNING), ("first", MORNING)]
    assert (lease().until, lease().ran_at) == (None, MORNING)


def test_failing_piece_keeps_no_other_from_running_but_the_exit_says_it(monkeypatch, pieces, caplog):
    done = []
    monkeypatch.setitem(pieces, "broken", lambda at: 1 // 0)
    monkeypatch.setitem(pieces, "sound", lambda at: done.append(at) or 1)

    with told(MORNING), pytest.raises(CommandError, match=r"^failed: broken$"):
        run()

    assert done == [MORNING]
    assert [record.getMessage() for record in caplog.records] == ["tick: broken failed"]
    assert lease().until is None


@pytest.mark.parametrize(("later", "works"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_second_tick_leaves_the_work_to_the_first_until_its_lease_ends(monkeypatch, pieces, later, works):
    monkeypatch.setitem(pieces, "one", lambda at: 1)
    dead = taken()

    with told(MORNING + LENGTH + later):
        said = run()

    assert said == (["one: 1"] if works else ["another tick is at work"])
    assert (lease().holder == dead.holder) is not works


def test_only_one_of_two_takes_a_lease_and_may_give_it_back():
    one, other = taken(), Lease("tick")
    assert one.holder != other.holder and len(one.holder) <= 80

    with told(MORNING):
        assert other.take() is False
        other.give_back()
        assert (lease().holder, lease().until) == (one.holder, MORNING + LENGTH)
        one.give_back()
        assert other.take() is True


def test_lease_is_renewed_between_the_pieces(monkeypatch, pieces):
    held = []

    def slow(at: datetime) -> int:
        held.append(lease().until)
        return 0

    monkeypatch.setitem(pieces, "one", slow)
    monkeypatch.setitem(pieces, "two", slow)
    moments = iter(MORNING + SECOND * second for second in range(0, 300, 10))
    monkeypatch.setattr("jobs.leases.database_now", lambda: next(moments))

    tick()

    assert held == [MORNING + SECOND * 10 + LENGTH, MORNING + SECOND * 20 + LENGTH]


def test_tick_that_lost_its_lease_stops(monkeypatch, pieces):
    done = []

    def too_slow(at: datetime) -> int:
        taken(MORNING + LENGTH)
        return 1

    monkeypatch.setitem(pieces, "slow", too_slow)
    monkeypatch.setitem(pieces, "next", lambda at: done.append(at) or 1)
    monkeypatch.setitem(pieces, "last", lambda at: done.append(at) or 1)

    said = StringIO()
    with told(MORNING), pytest.raises(CommandError, match=r"^not run: next, last$"):
        call_command("tick", stdout=said)

    assert said.getvalue().splitlines() == ["slow: 1", "too slow: another tick has taken over"]
    assert done == []
    assert lease().until == MORNING + LENGTH * 2


def test_loop_that_lost_its_lease_says_what_it_did_not_run(monkeypatch, pieces, caplog):
    monkeypatch.setitem(pieces, "slow", lambda at: taken(MORNING + LENGTH) and 1)
    monkeypatch.setitem(pieces, "next", lambda at: 1)

    with told(MORNING):
        Command().tick_once(lambda: False)

    assert [record.getMessage() for record in caplog.records] == [
        "tick: too slow: another tick has taken over; not run: next"
    ]


def test_told_to_stop_the_tick_ends_after_the_piece_at_work(monkeypatch, pieces):
    done = []
    monkeypatch.setitem(pieces, "one", lambda at: done.append(1) or 1)
    monkeypatch.setitem(pieces, "two", lambda at: done.append(2) or 1)

    this = tick(stop=lambda: bool(done))

    assert (this.done, this.ended, lease().until) == ({"one": 1}, "stopped", None)
    assert this.left == ["two"]


def test_piece_is_registered_once(pieces):
    register("one", lambda at: 1)

    with pytest.raises(ValueError, match="registered twice: one"):
        register("one", lambda at: 2)
    del pieces["one"]


def test_tick_of_the_whole_site_does_nothing_the_second_time():
    first, second = run(), run()

    assert [line.split(":")[0] for line in first] == list(PIECES)
    assert second == [f"{name}: 0" for name in PIECES]


ROOT = Path(__file__).resolve().parent.parent.parent
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "manage.py", "tick", "--loop", "1", "--beside", str(os.getpid())])
print(child.pid, flush=True)
sys.stdin.read()
"""


def until(happened: Any) -> bool:
    deadline = time.monotonic() + 30
    while not (there := happened()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(there)


def is_over(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z") if Path("/proc").exists() else False


@pytest.mark.django_db(transaction=True)
def test_loop_works_until_told_to_end(database_address):
    command = [sys.executable, "manage.py", "tick", "--loop", "1"]
    environment = {**os.environ, "DATABASE_URL": database_address}
    loop = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    worked = until(lambda: TickLease.objects.filter(ran_at__isnull=False, until=None).exists())
    loop.terminate()
    said, _errors = loop.communicate(timeout=30)

    assert (worked, loop.returncode) == (True, 0)
    assert [line for line in said.splitlines() if not line.startswith("tick: ")] == []


@pytest.mark.django_db(transaction=True)
def test_loop_beside_a_process_ends_with_it_even_when_that_is_killed(database_address):
    environment = {**os.environ, "DATABASE_URL": database_address}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    until(lambda: TickLease.objects.filter(ran_at__isnull=False).exists())
    assert not is_over(child)

    parent.kill()
    parent.communicate()

    assert until(lambda: is_over(child))
