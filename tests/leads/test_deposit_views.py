"""The deposit and its receipt at the showroom's desk (ASSIGN-4)."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Unit, User
from leads.models import Assignment, Lead
from tests.factories import AssignmentFactory
from tests.leads.sent import deposit, desk, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agent: User, store: Unit) -> Assignment:
    return AssignmentFactory(store=store, lead__filer=agent)


def test_deposit_moves_case_and_lead(client, seller, case):
    client.force_login(seller)

    response = client.post(desk(case, "deposit"), deposit(seller))

    case.refresh_from_db()
    assert (response.status_code, response.url) == (302, desk(case))
    assert (case.progress, case.deposit_amount, case.deposit_receipt) == ("deposit", Decimal("5000.50"), "LD-0722-06")
    assert case.lead.progress == "deposit"
    page = client.get(desk(case)).content.decode()
    assert 'id="deposit"' not in page
    assert "5,000.50" in page


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"deposit_amount": "0"}, "deposit_amount"),
        ({"deposit_amount": "-5"}, "deposit_amount"),
        ({"deposit_amount": "1.005"}, "deposit_amount"),
        ({"deposit_amount": "10000000000"}, "deposit_amount"),
        ({"deposit_amount": "NaN"}, "deposit_amount"),
        ({"deposit_amount": ""}, "deposit_amount"),
        ({"deposit_paid_on": "2999-01-01"}, "deposit_paid_on"),
        ({"deposit_paid_on": "昨天"}, "deposit_paid_on"),
        ({"once": ""}, "__all__"),
    ],
)
def test_faulty_deposit_keeps_what_was_typed(client, seller, case, changed, problem):
    client.force_login(seller)

    response = client.post(desk(case, "deposit"), deposit(seller) | changed)

    page = response.content.decode()
    assert response.status_code == 422
    assert f'data-problem="{problem}"' in page
    assert 'value="LD-0722-06"' in page
    case.refresh_from_db()
    assert case.progress == "assigned"


def test_largest_deposit_is_taken(client, seller, case):
    client.force_login(seller)

    client.post(desk(case, "deposit"), deposit(seller, deposit_amount="9999999999.99"))

    case.refresh_from_db()
    assert case.deposit_amount == Decimal("9999999999.99")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_is_written_anew_and_served_to_those_who_see_the_case(client, seller, auditor, case, kind):
    client.force_login(seller)
    client.post(desk(case, "deposit"), deposit(seller, receipt_photo=picture(kind)))

    def receipt(user: User) -> Any:
        client = Client()
        client.force_login(user)
        return client.get(desk(case, "receipt"))

    case.refresh_from_db()
    assert case.receipt_photo.name.endswith(".jpg")
    assert "受据" not in case.receipt_photo.name
    for viewer in (seller, auditor, case.lead.filer):
        response = receipt(viewer)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert response["Cache-Control"] == "private, no-store"
        assert Image.open(BytesIO(response.getvalue())).size == (300, 200)


def test_photo_is_hidden_from_strangers_and_404_without_one(client, seller, stranger, measurer, case):
    client.force_login(seller)
    assert client.get(desk(case, "receipt")).status_code == 404
    client.post(desk(case, "deposit"), deposit(seller, receipt_photo=picture()))

    for viewer in (stranger, measurer):
        client.force_login(viewer)
        assert client.get(desk(case, "receipt")).status_code == 404


def test_file_that_is_no_picture_is_refused_with_the_rest_kept(client, seller, case):
    client.force_login(seller)
    script = SimpleUploadedFile("收据.jpg", b"<script>alert(1)</script>")

    response = client.post(desk(case, "deposit"), deposit(seller, receipt_photo=script))

    assert response.status_code == 422
    assert 'data-problem="receipt_photo"' in response.content.decode()
    assert 'value="5000.50"' in response.content.decode()
    assert not Lead.objects.filter(progress="deposit").exists()


@pytest.mark.parametrize(("days", "marked"), [(1, True), (0, False)])
def test_deposit_paid_before_the_filing_day_is_taken_and_marked(
    in_english, client, seller, agent, auditor, case, days, marked
):
    paid_on = case.lead.filed_on - timedelta(days=days)
    client.force_login(seller)

    response = client.post(desk(case, "deposit"), deposit(seller, deposit_paid_on=paid_on.isoformat()), follow=True)

    case.refresh_from_db()
    assert (case.progress, case.deposit_paid_on) == ("deposit", paid_on)
    [message] = response.context["messages"]
    assert ("marked since it was paid before the filing day" in str(message)) == marked
    pages = {seller: desk(case), agent: case.lead.get_absolute_url(), auditor: case.get_absolute_url()}
    for user, page in pages.items():
        client.force_login(user)
        assert ("paid before the filing day" in client.get(page).content.decode()) == marked
