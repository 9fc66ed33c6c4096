"""Customers change hands only as filings do: what withdrawing, editing and switched-off words must not break."""

import pytest

from core.models import Event
from core.verdicts import Refused
from customers.models import IdentityKey
from leads.models import FilingAttempt, Lead
from leads.services import filing, work
from leads.services.filing import newest_edit
from tests.factories import LeadFactory, OrderTypeFactory, RegionFactory
from tests.leads.filings import body, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

ADDRESS = {"community": "幸福里", "building_room": "3-2-1601"}


def file(filer, **fields):
    return filing.file_lead(claim_of(filer, **fields), by=filer).lead


def held(kind):
    return set(IdentityKey.objects.filter(kind=kind, held=True).values_list("customer__holder__username", flat=True))


@pytest.fixture
def bridge(agent):
    """Two own customers, and a third filing whose mobile is the first one's and whose address is the second one's."""
    city = RegionFactory(name="南宁")
    first = file(agent, mobile="13800000001", community="甲", building_room="")
    second = file(agent, mobile="13800000002", city=city.pk, **ADDRESS)
    both = file(agent, mobile="13800000001", city=city.pk, order_type=OrderTypeFactory().pk, **ADDRESS)
    return first, second, both, city


def test_key_that_another_own_lead_still_has_moves_to_its_customer(bridge, agent, stranger):
    first, second, both, city = bridge
    assert both.customer_id == first.customer_id != second.customer_id

    filing.withdraw(second, by=agent)

    with pytest.raises(Refused) as refused:
        file(stranger, mobile="13800000009", city=city.pk, **ADDRESS)
    assert [problem.code for problem in refused.value.problems] == ["taken"]
    assert IdentityKey.objects.get(kind="address", held=True).customer_id == first.customer_id


def test_key_moves_when_the_other_lead_is_edited_away(bridge, agent, stranger):
    _first, second, _both, city = bridge
    changed = claim_of(agent, mobile="13800000002", city=city.pk, community="乙", building_room="1")

    filing.edit_lead(second, changed, by=agent)

    with pytest.raises(Refused):
        file(stranger, mobile="13800000009", city=city.pk, **ADDRESS)


def test_last_lead_with_a_key_frees_it(bridge, agent, stranger):
    _first, second, both, city = bridge
    filing.withdraw(second, by=agent)
    filing.withdraw(both, by=agent)

    lead = file(stranger, mobile="13800000009", city=city.pk, **ADDRESS)

    assert lead.customer.holder == stranger
    assert held("address") == {"stranger"}


def test_key_edited_away_is_free_for_others_though_its_customer_is_held(agent, stranger):
    lead = file(agent, mobile="13800000001")
    filing.edit_lead(lead, claim_of(agent, mobile="13800000002"), by=agent)

    other = file(stranger, mobile="13800000001")

    assert other.customer_id != lead.customer_id
    assert held("mobile") == {"agent", "stranger"}


def test_own_key_edited_away_can_be_filed_anew(agent):
    lead = file(agent, mobile="13800000001")
    filing.edit_lead(lead, claim_of(agent, mobile="13800000002"), by=agent)

    again = file(agent, mobile="13800000001")

    assert again.customer_id != lead.customer_id


def test_edit_keeps_words_that_are_switched_off_by_now(client, agent):
    city, kind = RegionFactory(name="南宁"), OrderTypeFactory(name="停用")
    lead = file(agent, mobile="13800000001", city=city.pk, order_type=kind.pk, **ADDRESS)
    city.offered = kind.active = False
    city.save()
    kind.save()
    client.force_login(agent)

    page = client.get(f"/leads/{lead.number}/edit/").context["form"]
    sent = body(
        agent, mobile="13800000001", city=page["city"].value(), order_type=page["order_type"].value(), **ADDRESS
    )
    response = client.post(f"/leads/{lead.number}/edit/", sent)

    lead.refresh_from_db()
    assert response.status_code == 302
    assert (lead.city, lead.order_type) == (city, kind)
    assert held("address") == {"agent"}


def test_edit_leaves_the_follow_ups_fields_to_the_follow_ups(client, agent):
    lead = file(agent, mobile="13800000001")
    work.follow_up(lead, kind="call", status="continue", next_on=None, phone="", content="已联系", by=agent)
    client.force_login(agent)

    page = client.get(f"/leads/{lead.number}/edit/")
    client.post(
        f"/leads/{lead.number}/edit/", body(agent, mobile="13800000001", name="新名", follow_up_status="waiting")
    )

    lead.refresh_from_db()
    assert "follow_up_status" not in page.context["form"].fields
    assert (lead.name, lead.follow_up_status) == ("新名", "continue")


def test_edit_of_an_outdated_form_is_refused_and_changes_nothing(client, agent):
    lead = file(agent, mobile="13800000001")
    client.force_login(agent)
    seen = client.get(f"/leads/{lead.number}/edit/").context["form"]["seen"].value()
    filing.edit_lead(lead, claim_of(agent, mobile="13800000001", name="先到"), by=agent)

    late = client.post(f"/leads/{lead.number}/edit/", body(agent, mobile="13800000001", name="后到", seen=seen))

    assert late.status_code == 422
    assert "Somebody has changed this lead in the meantime." in late.content.decode()
    assert Lead.objects.get(pk=lead.pk).name == "先到"
    assert newest_edit(lead) == Event.objects.filter(action="edit").latest("pk").pk


def test_edit_to_somebody_elses_customer_is_recorded_as_a_try(agent, colleague):
    other = file(colleague, mobile="13800000002")
    lead = file(agent, mobile="13800000001")

    with pytest.raises(Refused):
        filing.edit_lead(lead, claim_of(agent, mobile="13800000002"), by=agent)

    attempt = FilingAttempt.objects.get(door="edit")
    assert (attempt.verdict, attempt.accepted, attempt.actor) == ("taken", False, agent)
    assert attempt.collision.lead == other


def test_masked_viewer_copies_and_reads_no_personal_field(client, manager, agent):
    personal = {
        "mobile": "13811112222",
        "member_card": "HY7788990",
        "designer_phone": "13833334444",
        "referrer_mobile": "13855556666",
        "referrer_card": "KK1234567",
    }
    lead = LeadFactory(filer=agent, building_room="3-2-1601", **personal)
    changes = {name: ["", value] for name, value in personal.items()}
    Event.objects.create(
        subject_type="leads.lead", subject_id=lead.pk, action="edit", changes=changes, by=agent, at=lead.filed_at
    )
    client.force_login(manager)

    pages = [
        client.get(path).content.decode() for path in (f"/leads/{lead.number}/", f"/leads/new/?copy={lead.number}")
    ]

    assert [value for value in (*personal.values(), "1601") for page in pages if value in page] == []
