"""Runs a command with DATABASE_URL pointing at an empty PostgreSQL that lives as long as the command.

TEST_POSTGRES_URL names a server to use instead; without it a cluster of our own is made in a temporary folder, owned by
an ordinary user, because PostgreSQL refuses to run as root. It is tuned for tests: it forgets everything in a crash.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST = 15
CLUSTER = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=filing", "--no-sync"]
SERVER = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "deadlock_timeout": "200ms",
    "log_min_messages": "fatal",
}


def version(folder: Path) -> int:
    said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def programs() -> Path | None:
    """The folder of the newest usable PostgreSQL."""
    folders = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    if on_path := shutil.which("initdb"):
        folders.add(Path(on_path).resolve().parent)
    newest = max(folders, key=version, default=None)
    return newest if newest and version(newest) >= OLDEST else None


def missing() -> str:
    """Why there is no PostgreSQL here; empty when there is."""
    return "" if os.environ.get("TEST_POSTGRES_URL") or programs() else f"no initdb of PostgreSQL {OLDEST} or newer"


def ordinary_user() -> dict[str, Any]:
    """What makes `subprocess` step down from root."""
    if os.geteuid():
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_server(server: subprocess.Popen[bytes], ask: list[str | Path]) -> None:
    for _ in range(300):
        if subprocess.run(ask, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("PostgreSQL did not start.")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The address of an empty database."""
    folder = programs() or sys.exit(missing())
    home = Path(tempfile.mkdtemp(prefix="filing-postgres-"))
    down = ordinary_user()
    if down:
        os.chown(home, down["user"], down["group"])
    data, port = home / "data", str(free_port())
    settings = [
        f"-c{name}={value}" for name, value in {**SERVER, "unix_socket_directories": home, "port": port}.items()
    ]
    server = None
    try:
        subprocess.run([folder / "initdb", *CLUSTER, data], cwd=home, stdout=subprocess.DEVNULL, check=True, **down)
        # A session of its own, so that Ctrl-C ends the command first and the server after it.
        server = subprocess.Popen(
            [folder / "postgres", "-D", data, *settings], cwd=home, start_new_session=True, **down
        )
        there: list[str | Path] = ["--host=127.0.0.1", f"--port={port}", "--username=filing"]
        await_server(server, [folder / "pg_isready", "--quiet", *there, "--dbname=postgres"])
        subprocess.run([folder / "createdb", *there, "filing"], check=True)
        yield f"postgres://filing@127.0.0.1:{port}/filing"
    finally:
        if server:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def run(command: list[str], seconds: float | None = None, **variables: str) -> int:
    """Like `subprocess.run`, but whoever ends us ends the command politely, so that it can tidy up as well."""
    child = subprocess.Popen(command, env={**os.environ, **variables})
    try:
        return child.wait(seconds)
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def leave_on_signals() -> None:
    """The first signal unwinds every `finally`; a second (make's, after the terminal's) must not disturb that."""

    def leave(number: int, _: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(128 + number)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)


def main(command: list[str]) -> int:
    leave_on_signals()
    if given := os.environ.get("TEST_POSTGRES_URL"):
        return run(command, DATABASE_URL=given)
    with cluster() as address:
        return run(command, DATABASE_URL=address)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else "with_postgres.py COMMAND ...")
