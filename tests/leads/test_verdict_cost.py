"""A verdict costs the same however many customers there are: rows read, by the database's own account."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from customers.models import Customer, IdentityKey
from leads.claims import Claim
from leads.known import known_of
from leads.models import Lead, Protection, QueueEntry
from tests.factories import MORNING, LeadFactory, RegionFactory
from tests.leads.filings import claim_of
from tests.races.harness import sizes

pytestmark = pytest.mark.django_db

MOST = 1.3
ASKED = 50


def fill(model: Lead, upto: int) -> None:
    """Copies of a lead with its customer, keys, protection and queue, each with a mobile, phone and flat of its own,
    set by set."""
    start = max(each.objects.latest("pk").pk for each in (Customer, Protection, Lead))
    serials = f"generate_series({start + 1}, {start + upto - Customer.objects.count()}) AS n"
    copy(Customer, model.customer_id, serials, id="n")
    mobile = "'13' || lpad(n::text, 9, '0')"
    copy(Protection, model.protection_id, serials, id="n", customer_id="n")
    copy(Lead, model.pk, serials, id="n", customer_id="n", protection_id="n", number="'T' || n", mobile=mobile)
    waiting = QueueEntry.objects.get(customer=model.customer_id)
    copy(QueueEntry, waiting.pk, serials, id="DEFAULT", customer_id="n", lead_id="n")
    for kind, value, block, detail in (
        ("mobile", mobile, f"substr({mobile}, 1, 3) || '-' || right({mobile}, 4)", "''"),
        ("phone", "'0771-' || lpad(n::text, 8, '0')", "lpad(n::text, 8, '0')", "'0771|'"),
        (
            "address",
            f"'{model.city_id}' || {FLAT}",
            "'幸福里|' || n / 400 || '|' || mod(n, 400)",
            f"'{model.city_id}||||1||'",
        ),
    ):
        one = IdentityKey.objects.get(customer=model.customer_id, kind=kind)
        copy(
            IdentityKey,
            one.pk,
            serials,
            id="DEFAULT",
            customer_id="n",
            value=value,
            block=block,
            detail=detail,
            held="true",
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


FLAT = "'|幸福里|||' || n / 400 || '|1|' || mod(n, 400)"


def copy(model: Any, pk: int, serials: str, **changed: str) -> None:
    fields = [field.column for field in model._meta.concrete_fields if changed.get(field.column) != "DEFAULT"]
    values = ", ".join(changed.get(column, f't."{column}"') for column in fields)
    names = ", ".join(f'"{column}"' for column in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {serials} WHERE t.id = %s", [pk])


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if plan["Node Type"].endswith("Scan"):
        yield plan
    for part in plan.get("Plans", []):
        yield from scans(part)


def rows_read(claims: list[Claim]) -> tuple[float, set[str]]:
    """Rows that the look-ups of the claims read in tables and indexes, and the tables read from end to end."""
    total, whole = 0.0, set()
    for claim in claims:
        with CaptureQueriesContext(connection) as asked:
            known_of([claim])
        for query in asked.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query["sql"])
                told = cursor.fetchone()[0]
            [explained] = json.loads(told) if isinstance(told, str) else told
            for scan in scans(explained["Plan"]):
                seen = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
                total += seen * scan["Actual Loops"]
                if scan["Node Type"] == "Seq Scan":
                    whole.add(scan["Relation Name"])
    return total, whole


def claims(agent: User, city_id: int, start: int) -> list[Claim]:
    """Of customers that somebody holds, and of such as nobody has filed; some of them masked ones."""
    found = []
    for n in range(start, start + ASKED):
        held = n % 2 == 0
        mobile = f"13{n:09}" if held else f"19{n:09}"
        flat = {
            "city": city_id,
            "community": "幸福里",
            "building_room": f"{n // 400}-1-{n % 400 + (0 if held else 1000)}",
        }
        found.append(claim_of(agent, name=f"客户{n}", mobile=mobile, phone=f"0771-{n:08}", **flat))
    return found


@pytest.mark.postgres
@sizes("number", small=20_000, full=1_000_000)
def test_a_verdict_reads_as_many_rows_among_a_million_as_among_ten_thousand(
    agent: User, colleague: User, stranger: User, number: int
) -> None:
    city = RegionFactory(name="南宁", area_code="0771")
    fields = {"city": city, "building_room": "9000-1-101", "phone": "0771-5512345", "mobile": "19900135790"}
    model = LeadFactory(filer=colleague, **fields)
    waiter = LeadFactory(filer=stranger, customer=model.customer, hold="queued", **fields)
    QueueEntry.objects.create(lead=waiter, customer=model.customer, filer=stranger, place=1, at=MORNING)
    fill(model, number // 100 if number > 100_000 else number // 10)
    asked = claims(agent, city.pk, Customer.objects.latest("pk").pk - ASKED)

    few, _small = rows_read(asked)
    fill(model, number)
    many, whole = rows_read(asked)

    print(f"rows read by {ASKED} verdicts: {few:.0f}, then {many:.0f} among {number}: {many / few:.2f}")
    assert few >= ASKED
    assert many <= MOST * few
    assert whole <= {"customers_sharedkey", "policies_policyversion"}


@pytest.mark.parametrize("number", [1, 1000])
def test_a_batch_is_looked_up_in_few_statements(agent: User, number: int) -> None:
    city = RegionFactory(name="南宁", area_code="0771")
    LeadFactory(filer=agent, city=city, building_room="1-1-101", mobile="13000000007")
    batch = (
        claims(agent, city.pk, 7)[:1]
        if number == 1
        else [claim_of(agent, mobile=f"13{n:09}", city=city.pk, building_room=f"{n}-1-101") for n in range(number)]
    )

    with CaptureQueriesContext(connection) as asked:
        known_of(batch)

    assert len(asked) <= (3 if number == 1 else 12)
