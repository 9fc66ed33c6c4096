"""All of this folder are races on a database that other processes share."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ON_SQLITE = {"test_owner", "test_protection", "test_queue", "test_gunicorn", "test_replay"}
"""SQLite lets one transaction write at a time, so races there prove little: those of ownership run on both."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.race)
            if item.path.stem not in ON_SQLITE:
                item.add_marker(pytest.mark.postgres)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None, database_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address)
