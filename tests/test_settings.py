"""The settings of a production site, and the headers of every kind of answer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import LeadFactory

ROOT = Path(settings.BASE_DIR)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def manage(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "DEBUG", "SECURE"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | changed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_check_of_a_production_site_is_silent(tmp_path):
    production = {
        "SECURE": "1",
        "SECRET_KEY": "k3y-" + "qwertzuiop0987654321" * 3,
        "ALLOWED_HOSTS": "filing.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }

    done = manage("check", "--deploy", "--fail-level", "WARNING", **production)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


def test_production_site_without_a_key_does_not_start(tmp_path):
    done = manage("check", SECURE="1", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    assert done.returncode != 0
    assert "SECRET_KEY must be set when SECURE is on." in done.stderr


def test_no_migration_is_missing(tmp_path):
    done = manage("makemigrations", "--check", "--dry-run", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/leads/", 200), ("/admin/", 302), ("/audit/", 403), ("/leads/KH1/", 404), ("/healthz", 200)],
)
def test_every_answer_carries_the_policy(client, agent, path, status):
    client.force_login(agent)

    response = client.get(path)

    assert response.status_code == status
    assert response["Content-Security-Policy"] == POLICY
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")


@pytest.mark.django_db
def test_answer_to_a_passer_by_carries_it_too(client):
    assert client.get("/leads/")["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
def test_failure_carries_it_and_tells_nothing(client, agent, monkeypatch):
    lead = LeadFactory(filer=agent)
    client.force_login(agent)
    client.raise_request_exception = False

    def fall(*args: object, **kwargs: object) -> None:
        raise RuntimeError(lead.mobile)

    monkeypatch.setattr("leads.views.detail.shown", fall)

    response = client.get(f"/leads/{lead.number}/")

    assert (response.status_code, response["Content-Security-Policy"]) == (500, POLICY)
    assert lead.mobile not in response.content.decode()
    assert "RuntimeError" not in response.content.decode()


@pytest.mark.parametrize("directive", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"])
def test_policy_lets_nothing_foreign_in(directive):
    assert directive not in POLICY
