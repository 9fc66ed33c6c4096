"""System checks of what the guarantees rest on: isolation level, SQLite's pragmas, the database's character type."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@checks.register(checks.Tags.database)
def database_keeps_its_promises(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        if connections[alias].vendor == "postgresql":
            found += _postgresql(alias)
        elif connections[alias].vendor == "sqlite" and not _in_memory(connections[alias]):
            found += _sqlite(alias)
    return found


def _in_memory(connection: Any) -> bool:
    return bool(connection.is_in_memory_db())


def _postgresql(alias: str) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('default_transaction_isolation'), datctype FROM pg_database"
            " WHERE datname = current_database()"
        )
        isolation, ctype = cursor.fetchone()
    if isolation != "read committed":
        found.append(checks.Error(f"The isolation level must be read committed, not {isolation}.", id="core.E001"))
    if ctype in {"C", "POSIX"}:
        found.append(
            checks.Error(
                f"LC_CTYPE is {ctype}: the search index would see no Chinese.",
                hint="Create the database with LC_CTYPE 'C.UTF-8' or another UTF-8 locale.",
                id="core.E002",
            )
        )
    return found


def _sqlite(alias: str) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    with connections[alias].cursor() as cursor:
        for pragma, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {pragma}")
            if (value := cursor.fetchone()[0]) != wanted:
                found.append(checks.Error(f"SQLite's {pragma} must be {wanted}, not {value}.", id="core.E003"))
    return found
