"""Numbers of leads run 1, 2, 3 … per prefix and day, also when every tenth filing fails after its number was drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import connection

from core.models import Serial
from leads.models import Lead
from tests.factories import MORNING
from tests.races.harness import PROCESSES, caught, errors, race, sizes, unlike
from tests.races.scenes import customers, filers, filing

ROUND = count(100)


def complaints(filings: int, mistake: str = "") -> list[str]:
    """Sixteen people file in three books of numbers; one in ten filings is rolled back."""
    one, other = (f"{letter}{next(ROUND)}" for letter in "KC")
    books = [(one, MORNING), (one, MORNING + timedelta(days=1)), (other, MORNING)]
    shares = []
    for place, person in enumerate(filers(PROCESSES)):
        share = []
        for turn, fields in enumerate(customers(filings)):
            prefix, moment = books[turn % len(books)]
            fails = (place + turn) % 10 == 0
            call = {**filing(person, fields)[1], "prefix": prefix, "moment": moment, "fails": fails}
            share.append(("file_numbered", call))
        shares.append(share)
    results = race(shares, mistake=mistake)
    planned = sum(call["fails"] for share in shares for _task, call in share)
    kept = len(results) - planned
    return (
        errors(results)
        + unlike("rolled back", sum(result.kind == "rolled back" for result in results), planned)
        + unlike("leads", sum(len(serials_of(*book)) for book in books), kept)
        + unlike("numbers told", sum(result.kind == "done" for result in results), kept)
        + [complaint for book in books for complaint in gaps_and_doubles(*book)]
    )


def serials_of(prefix: str, moment: datetime) -> list[int]:
    stem = f"{prefix}{moment:%Y%m%d}"
    numbers = Lead.objects.filter(number__startswith=stem).values_list("number", flat=True)
    return sorted(int(number.removeprefix(stem)) for number in numbers)


def gaps_and_doubles(prefix: str, moment: datetime) -> list[str]:
    serials = serials_of(prefix, moment)
    counter = Serial.objects.filter(prefix=prefix, day=moment.date()).values_list("last", flat=True)
    return unlike("serials", serials, list(range(1, len(serials) + 1))) + unlike("counter", [*counter], [len(serials)])


@contextmanager
def a_sequence() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE race_numbers")
        yield
        cursor.execute("DROP SEQUENCE race_numbers")


@sizes("filings", small=9, full=201)
def test_numbers_have_neither_gaps_nor_doubles(filings: int) -> None:
    assert complaints(filings) == []


@pytest.mark.postgres
def test_max_plus_one_is_caught() -> None:
    assert caught(lambda: complaints(6, "max_plus_one"))


@pytest.mark.postgres
def test_a_sequence_is_caught() -> None:
    with a_sequence():
        assert caught(lambda: complaints(6, "numbers_from_a_sequence"))
