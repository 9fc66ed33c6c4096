"""What every answer carries, and what a page can be asked for by machines."""

import logging
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection

from core.errors import WithoutTraces

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered_to_anybody(client, path):
    response = client.get(path)

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in response["Cache-Control"]
    assert client.post(path).status_code == 405


def test_without_a_database_the_process_lives_but_is_not_ready(client, monkeypatch):
    def broken() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "ensure_connection", broken)

    assert client.get("/readyz").status_code == 503
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("cookie", "language"), [("en", "en"), ("zh-hans", "zh-hans"), ("xx", "zh-hans"), (None, "zh-hans")]
)
def test_language_is_the_one_chosen_never_the_browsers(client, cookie, language):
    if cookie:
        client.cookies["django_language"] = cookie

    response = client.get("/accounts/login/", headers={"Accept-Language": "en"})

    assert response["Content-Language"] == language
    assert f'<html lang="{language.replace("hans", "Hans")}"' in response.content.decode().replace(
        '"zh-hans"', '"zh-Hans"'
    )


def test_redirect_after_a_form_of_htmx_is_told_in_a_header(client, agent):
    client.force_login(agent)

    answers = [client.post("/accounts/logout/", headers={"HX-Request": "true"}), client.post("/accounts/logout/")]

    assert (answers[0].status_code, answers[0].content) == (204, b"")
    assert answers[0]["HX-Redirect"] == "/accounts/login/"
    assert answers[0].cookies


def test_missing_right_writes_no_trace_into_the_log():
    try:
        raise PermissionDenied
    except PermissionDenied:
        trace = sys.exc_info()
    records = [logging.LogRecord("django.request", logging.WARNING, "", 0, "no", (), trace) for _status in (403, 500)]
    for record, status in zip(records, (403, 500), strict=True):
        record.status_code = status

    assert [WithoutTraces().filter(record) for record in records] == [True, True]
    assert [record.exc_info for record in records] == [None, trace]
