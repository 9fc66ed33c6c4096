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


SLOW = {
    "accounts/test_admin",
    "accounts/test_regions",
    "approvals/test_views",
    "audit/test_collisions",
    "audit/test_queue",
    "customers/test_merges",
    "jobs/test_ticking",
    "leads/test_asking",
    "leads/test_check_budget",
    "leads/test_drafts",
    "leads/test_filing_form",
    "leads/test_fishing",
    "leads/test_holding_views",
    "leads/test_import_rows",
    "leads/test_imports",
    "leads/test_invariants",
    "leads/test_kind_fields",
    "leads/test_list",
    "leads/test_masking",
    "leads/test_panel",
    "leads/test_papers",
    "leads/test_policy_fields",
    "leads/test_protections_page",
    "leads/test_replay",
    "leads/test_store_views",
    "leads/test_visibility",
    "matching/test_pairs",
    "matching/test_table",
    "ownership/test_boundaries",
    "ownership/test_lives",
    "ownership/test_machine",
    "policies/test_policy_admin",
    "policies/test_preset_stories",
    "reports/test_filing_page",
    "reports/test_workbench",
    "tests/test_demo",
    "tests/test_settings",
    "tests/test_translations",
    "tests/test_urls",
}
"""Whole pages, long lives, many examples: what `make check` leaves to `make test`, by folder and file."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs PostgreSQL is skipped on SQLite; what asks no database is left out elsewhere: it runs there."""
    for item in items:
        if f"{item.path.parent.name}/{item.path.stem}" in SLOW:
            item.add_marker("slow")
    if on_sqlite():
        skip = pytest.mark.skip(reason="needs PostgreSQL")
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(skip)
        return
    pure = [item for item in items if not asks_database(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if asks_database(item)]


def asks_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "browser"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db"))


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
