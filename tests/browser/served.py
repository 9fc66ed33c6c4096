"""The demo as people start it, `manage.py demo`, on a free port and a database of its own."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds until the first request must be served
LOOSE = {"LOGIN_RATE": "1000/m/ip", "LOGIN_FAILURES": "1000/m/ip,1000/5m/key"}


@dataclass(frozen=True)
class Site:
    address: str
    database_url: str
    media: Path
    log: Path

    def url(self, path: str = "/") -> str:
        return self.address + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, media: Path, **more: str) -> dict[str, str]:
    return {**os.environ, **LOOSE, "DATABASE_URL": database_url, "MEDIA_ROOT": str(media), "DEBUG": "off", **more}


class SQLiteCopies:
    """Every site gets a copy of the file that was prepared once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prepared = folder / "prepared.sqlite3"
        self.prepared_url = f"sqlite:///{self.prepared}"
        self.count = 0

    def copy(self) -> str:
        self.count += 1
        path = self.folder / f"site-{self.count}.sqlite3"
        with closing(sqlite3.connect(self.prepared)) as prepared:
            prepared.execute("VACUUM INTO ?", [str(path)])
        return f"sqlite:///{path}"

    def drop(self) -> None:
        """The temporary folder goes with the session."""


class PostgresCopies:
    """Every site gets a database made from the one that was prepared once."""

    def __init__(self, there: dict[str, str]) -> None:
        self.place = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}".format_map(there)
        self.prepared = f"browser_{os.getpid()}"
        self.made: list[str] = []
        self.create(self.prepared, "template1")
        self.prepared_url = f"{self.place}/{self.prepared}"

    def do(self, command: str, *names: str) -> None:
        with psycopg.connect(f"{self.place}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))

    def create(self, name: str, template: str) -> None:
        self.do("CREATE DATABASE {} TEMPLATE {}", name, template)
        self.made.append(name)

    def copy(self) -> str:
        name = f"{self.prepared}_{len(self.made)}"
        self.create(name, self.prepared)
        return f"{self.place}/{name}"

    def drop(self) -> None:
        for name in self.made:
            self.do("DROP DATABASE {} WITH (FORCE)", name)


def copies(folder: Path) -> SQLiteCopies | PostgresCopies:
    default = connections["default"]
    return SQLiteCopies(folder) if default.vendor == "sqlite" else PostgresCopies(default.settings_dict)


def prepare(database_url: str, media: Path) -> None:
    command = [sys.executable, "manage.py", "demo", "--no-serve"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(database_url, media), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def await_ready(server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while "\nready\n" not in "\n" + log.read_text():
        assert server.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.05)


@contextmanager
def serve(database_url: str, folder: Path, **more: str) -> Iterator[Site]:
    port, log, media = free_port(), folder / "server.log", folder / "media"
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(database_url, media, PORT=str(port), **more),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await_ready(server, log)
        yield Site(f"http://127.0.0.1:{port}", database_url, media, log)
    finally:
        server.terminate()
        server.wait(30)
