"""What every test stands on: the database, quick passwords, files in a temporary folder. People live in `people.py`."""

from pathlib import Path

import pytest
from django.db import connections
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

pytest_plugins = ["tests.people"]

hypothesis_settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis_settings.load_profile("suite")


def on_sqlite() -> bool:
    return connections["default"].vendor == "sqlite"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if on_sqlite():
        skip = pytest.mark.skip(reason="needs PostgreSQL")
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite a file, not memory: only a file has the locks and the journal that users get, and can be shared."""
    if on_sqlite():
        database = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connections["default"].settings_dict["TEST"]["NAME"] = str(database)


@pytest.fixture
def database_address() -> str:
    """DATABASE_URL of the test database, for processes that a test starts; use it with `transaction=True`."""
    there = connections["default"].settings_dict
    if on_sqlite():
        return f"sqlite:///{there['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(there)


@pytest.fixture(autouse=True)
def quick_settings(settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    # Collected files may be written anew by a demo that another test starts: look at them only when asked for one.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
