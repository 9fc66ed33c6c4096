"""The figures against rows made by hand."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.models import Region, Unit, User
from leads.models import Assignment, Lead
from policies.models import OrderType, Source
from reports.queries import COLUMNS, GROUPINGS, Counts, filing_rows, filing_statistics, rows_behind, total_of
from tests.reports import builders as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Unit:
    return make.unit("办公室")


@pytest.fixture
def admin(office: Unit) -> User:
    return make.person("admin", home=office)


@pytest.fixture
def store() -> Unit:
    return make.unit("琅东展厅", "store")


@pytest.fixture
def other_store() -> Unit:
    return make.unit("江南展厅", "store")


def count(by: str = "filer") -> dict[tuple, tuple]:
    rows = filing_statistics(Lead.objects.all(), Assignment.objects.all(), by)
    return {row.names: figures(row.counts) for row in rows}


def figures(counts: Counts) -> tuple:
    """total, filed, assigned, deposit, success, failure, unaudited"""
    return tuple(getattr(counts, column) for column in COLUMNS)


def test_the_example_of_the_text(admin: User, store: Unit) -> None:
    for progress in ("assigned", "assigned", "assigned", "deposit"):
        make.assignment(make.lead(admin), store, progress=progress)

    (row,) = filing_statistics(Lead.objects.all(), Assignment.objects.all(), "filer")

    assert row.names == ("办公室", "admin")
    assert row.keys == {"outlet": admin.unit_id, "filer": admin.pk}
    assert figures(row.counts) == (4, 0, 3, 1, 0, 0, 4)
    assert row.counts.deposit_ratio == Decimal(25)
    assert row.counts.success_ratio == Decimal(0)
    assert row.counts.failure_ratio == Decimal(0)


def test_a_lead_in_two_showrooms_counts_twice(admin: User, store: Unit, other_store: Unit) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, "欧派橱柜")
    make.assignment(lead, other_store, "欧派衣柜")

    assert count() == {("办公室", "admin"): (2, 0, 2, 0, 0, 0, 2)}


def test_results_are_those_of_each_assignment(admin: User, store: Unit, other_store: Unit) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, "欧派橱柜", progress="deposit", audit_status="success")
    make.assignment(lead, other_store, "欧派衣柜", audit_status="failure")
    make.lead(admin)

    assert count() == {("办公室", "admin"): (3, 1, 1, 1, 1, 1, 1)}


def test_what_was_taken_back_is_filed_again(admin: User, store: Unit) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, standing=False)
    Lead.objects.update(progress="filed")

    assert count() == {("办公室", "admin"): (1, 1, 0, 0, 0, 0, 1)}


def test_of_two_assignments_the_one_taken_back_counts_nowhere(admin: User, store: Unit, other_store: Unit) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, "欧派橱柜", standing=False)
    make.assignment(lead, other_store, "欧派橱柜")

    assert count() == {("办公室", "admin"): (1, 0, 1, 0, 0, 0, 1)}


@pytest.mark.parametrize("progress", ["withdrawn", "rejected", "lost", "won"])
def test_without_assignment_these_count_nowhere(admin: User, progress: str) -> None:
    make.lead(admin, progress=progress)

    assert count() == {}


def test_the_queued_count_nowhere(admin: User) -> None:
    make.lead(admin, hold="queued")

    assert count() == {}


def test_the_returned_count_as_filed(admin: User) -> None:
    make.lead(admin, progress="returned")

    assert count() == {("办公室", "admin"): (1, 1, 0, 0, 0, 0, 1)}


@pytest.mark.parametrize("progress", ["won", "lost"])
def test_the_end_of_a_lead_leaves_it_where_its_assignments_stand(admin: User, store: Unit, progress: str) -> None:
    make.assignment(make.lead(admin, progress=progress), store, progress="deposit")

    assert count() == {("办公室", "admin"): (1, 0, 0, 1, 0, 0, 1)}


def test_somebody_without_a_name_goes_by_the_user_name(admin: User) -> None:
    make.lead(admin)
    User.objects.update(name="")

    assert list(count()) == [("办公室", "admin")]


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("filer", {("办公室", "admin"): 2, ("办公室", "罗小满"): 1}),
        ("outlet", {("办公室",): 3}),
        ("source", {("自然客户",): 2, ("网销客户",): 1}),
        ("order_type", {("欧派橱柜",): 1, ("欧派衣柜",): 1, (None,): 1}),
        ("region", {("南宁",): 1, (None,): 2}),
    ],
)
def test_groups(admin: User, office: Unit, store: Unit, by: str, lines: dict[tuple, int]) -> None:
    city = Region.objects.create(code="990100", name="南宁", full_name="南宁市", level="city")
    kitchen = OrderType.objects.create(name="欧派橱柜", position=1)
    OrderType.objects.create(name="欧派衣柜", position=2)
    handed_out = make.lead(admin, order_type=kitchen, city=city)
    make.assignment(handed_out, store, "欧派衣柜")
    make.lead(admin, order_type=kitchen)
    make.lead(make.person("sales1", home=office, name="罗小满"), source=Source.objects.create(name="网销客户"))

    assert {names: figures[0] for names, figures in count(by).items()} == lines


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_figure_counts_just_the_rows_behind_it(admin: User, store: Unit, other_store: Unit, by: str) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, "欧派橱柜", progress="deposit", audit_status="success")
    make.assignment(lead, other_store, "欧派衣柜", audit_status="failure")
    make.assignment(make.lead(admin), store, "欧派橱柜")
    make.assignment(make.lead(admin), store, "欧派橱柜", standing=False)
    make.lead(make.person("sales1", home=admin.unit))
    all_rows: QuerySet[Any] = filing_rows(Lead.objects.all(), Assignment.objects.all())

    for row in filing_statistics(Lead.objects.all(), Assignment.objects.all(), by):
        for column in COLUMNS:
            assert rows_behind(all_rows, column, row.keys).count() == getattr(row.counts, column)


def test_only_assignments_in_sight_count(admin: User, store: Unit, other_store: Unit) -> None:
    lead = make.lead(admin)
    make.assignment(lead, store, "欧派橱柜")
    make.assignment(lead, other_store, "欧派衣柜", progress="deposit")

    (row,) = filing_statistics(Lead.objects.all(), Assignment.objects.filter(store=store), "filer")

    assert figures(row.counts) == (1, 0, 1, 0, 0, 0, 1)


@pytest.mark.parametrize("leads", [1, 3])
@pytest.mark.parametrize("by", GROUPINGS)
def test_the_figures_cost_one_statement(
    admin: User, store: Unit, by: str, leads: int, django_assert_num_queries: Any
) -> None:
    for _ in range(leads):
        make.assignment(make.lead(admin), store)

    with django_assert_num_queries(1):
        rows = filing_statistics(Lead.objects.all(), Assignment.objects.all(), by)

    assert total_of(rows).total == leads


@pytest.mark.parametrize(
    ("part", "total", "share"),
    [(0, 0, None), (0, 4, "0.0"), (1, 4, "25.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 16, "6.3"), (3, 3, "100.0")],
)
def test_ratios_are_rounded_half_up_to_one_decimal(part: int, total: int, share: str | None) -> None:
    counts = Counts(assigned=total - part, deposit=part)

    assert counts.deposit_ratio == (None if share is None else Decimal(share))
