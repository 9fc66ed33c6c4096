"""The filing form through the client: file, edit, delete, copy (LEAD-3 to -7)."""

from datetime import date, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from core.clock import told
from core.once import SALT, new_key
from leads.models import Draft, Lead, QuotaDay
from policies.models import EXTRA_FIELDS, Community, FilingSettings, Quota
from policies.services import save_community
from tests.factories import (
    MORNING,
    CompanyDesignerFactory,
    LeadFactory,
    OrderTypeFactory,
    RegionFactory,
    SourceFactory,
    UnitFactory,
)
from tests.leads.filings import MOBILE, body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NEW = "/leads/new/"
OTHER = "13900139000"


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def problems(response) -> dict[str, list[str]]:
    """What the form says of each field; `__all__` of the whole."""
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_filing_leads_to_the_leads_own_page(desk, agent):
    response = desk.post(NEW, body(agent))

    lead = Lead.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/leads/KH202607220001/")
    assert (lead.filer, lead.filed_at, lead.outlet, lead.mobile) == (agent, MORNING, agent.unit, MOBILE)
    assert b"Filed" in desk.get(response["Location"]).content


def test_all_fields_are_stored(desk, agent, colleague):
    source = SourceFactory(name="家装", **dict.fromkeys(EXTRA_FIELDS, "open"))
    designer = CompanyDesignerFactory()
    city, kind = RegionFactory(name="南宁"), OrderTypeFactory()
    words = {"city": city, "source": source, "order_type": kind, "designer": designer, "referring_employee": colleague}
    plain = {
        "phone": "0771-5617382",
        "member_card": "VIP-1",
        "building_room": "3-2-1601",
        "designer_phone": "12300007788",
        "referrer_name": "陆之恒",
        "referrer_mobile": OTHER,
        "referrer_card": "VIP-2",
        "estimated_amount": "28000.50",
        "follow_up_status": "continue",
        "next_follow_up_on": "2026-08-01",
        "budget_note": "两万以内\n要环保",
    }

    response = desk.post(NEW, body(agent, **plain, **{name: word.pk for name, word in words.items()}))

    assert response.status_code == 302
    lead = Lead.objects.get()
    assert {name: str(getattr(lead, name)) for name in plain} == plain
    assert {name: getattr(lead, name) for name in words} == words
    assert lead.decoration_company == designer.company


def test_form_is_preset(desk, agent):
    agent.unit.region = RegionFactory(name="南宁")
    agent.unit.save()

    form = desk.get(NEW).context["form"]

    assert {name: form[name].value() for name in ("outlet", "city", "follow_up_status", "next_follow_up_on")} == {
        "outlet": agent.unit_id,
        "city": agent.unit.region_id,
        "follow_up_status": "waiting",
        "next_follow_up_on": date(2026, 7, 25),
    }
    assert "filer" not in form.fields


def test_follow_up_is_preset_as_many_days_ahead_as_the_settings_say(desk):
    FilingSettings.objects.create(pk=1, follow_up_after_days=10)

    form = desk.get(NEW).context["form"]

    assert form["next_follow_up_on"].value() == MORNING.date() + timedelta(days=10)


def test_missing_fields_are_named_all_at_once(desk, agent):
    source = SourceFactory(name="推荐", referrer_name="required")
    sent = body(agent, name="", mobile="", community="", outlet="", source=source.pk)

    response = desk.post(NEW, sent)

    assert response.status_code == 422
    assert problems(response) == {
        "name": ["This field is required."],
        "mobile": ["This field is required."],
        "community": ["This field is required."],
        "outlet": ["This field is required."],
        "referrer_name": ["This source needs the referring customer's name."],
    }
    for name in problems(response):
        assert f'data-problem="{name}"' in response.content.decode()
    assert not Lead.objects.exists()


def test_source_is_required(desk, agent):
    response = desk.post(NEW, body(agent, source=""))

    assert (response.status_code, set(problems(response))) == (422, {"source"})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mobile": "1380013"}, "mobile"),
        ({"mobile": "12300000001"}, "mobile"),
        ({"mobile": "电话"}, "mobile"),
        ({"name": "韦\u202e半夏"}, "name"),
        ({"name": "韦\x00半夏"}, "name"),
        ({"name": "韦" * 81}, "name"),
        ({"community": "幸" * 81}, "community"),
        ({"source": "999999"}, "source"),
        ({"source": "x"}, "source"),
        ({"order_type": "999999"}, "order_type"),
        ({"city": "999999"}, "city"),
        ({"estimated_amount": "12.345"}, "estimated_amount"),
        ({"estimated_amount": "-1"}, "estimated_amount"),
        ({"estimated_amount": "NaN"}, "estimated_amount"),
        ({"next_follow_up_on": "2026-02-30"}, "next_follow_up_on"),
        ({"follow_up_status": "asleep"}, "follow_up_status"),
        ({"budget_note": "贵" * 501}, "budget_note"),
    ],
)
def test_faulty_field_is_named_and_everything_typed_stays(desk, agent, changed, field):
    sent = body(agent, member_card="VIP-1", building_room="3-2-1601", **changed)

    response = desk.post(NEW, sent)

    assert (response.status_code, set(problems(response))) == (422, {field})
    shown = {name: str(response.context["form"][name].value()) for name in sent if name not in {"once", field}}
    assert shown == {name: str(value) for name, value in sent.items() if name in shown}
    assert 'value="VIP-1"' in response.content.decode()
    assert not Lead.objects.exists()
    assert desk.post(NEW, body(agent, once=sent["once"])).status_code == 302


def test_outlet_out_of_reach_is_refused(desk, agent, colleague):
    response = desk.post(NEW, body(agent, outlet=colleague.unit_id))

    assert problems(response) == {"outlet": ["Choose one of the entries in the list."]}


@pytest.mark.parametrize("kind", ["store", "inactive"])
def test_only_working_outlets_are_on_offer(desk, agent, kind):
    fields = {"kind": "store"} if kind == "store" else {"active": False}
    other = UnitFactory(parent=agent.unit, **fields)

    assert set(problems(desk.post(NEW, body(agent, outlet=other.pk)))) == {"outlet"}


def test_switched_off_words_are_not_taken(desk, agent):
    gone = SourceFactory(name="旧来源", active=False)

    assert problems(desk.post(NEW, body(agent, source=gone.pk))) == {
        "source": ["Choose one of the entries in the list."]
    }


def test_designer_must_belong_to_the_company(desk, agent):
    source = SourceFactory(name="家装", decoration_company="open", designer="open")
    designer, other = CompanyDesignerFactory(), CompanyDesignerFactory(company__name="业之峰", name="李工")

    response = desk.post(NEW, body(agent, source=source.pk, designer=designer.pk, decoration_company=other.company.pk))

    assert problems(response) == {"designer": ["This designer does not belong to the decoration company chosen."]}


def test_closed_fields_are_ignored_and_said_so(desk, agent):
    sent = body(agent, referrer_name="陆之恒", referrer_mobile="138", designer=CompanyDesignerFactory().pk)

    response = desk.post(NEW, sent)

    lead = Lead.objects.get()
    assert (response.status_code, lead.referrer_name, lead.referrer_mobile, lead.designer) == (302, "", "", None)
    said = [str(message) for message in desk.get(response["Location"]).context["messages"]]
    assert said[-1] == (
        "Not stored, since the source does not need it: designer, referring customer, referring customer's mobile"
    )


def test_what_a_script_leaves_out_altogether_is_preset(desk, agent):
    desk.post(NEW, body(agent, outlet=None))

    lead = Lead.objects.get()
    assert (lead.outlet, lead.follow_up_status, lead.next_follow_up_on) == (agent.unit, "waiting", date(2026, 7, 25))


def test_warning_files_and_is_said(desk, agent):
    FilingSettings.objects.create(pk=1, mobile_check="warn")

    response = desk.post(NEW, body(agent, mobile="12300000001"))

    said = [str(message) for message in desk.get(response["Location"]).context["messages"]]
    assert (Lead.objects.count(), said[1]) == (1, "No operator has given out this mobile number. Please check it.")


def test_phone_alone_is_enough_where_allowed(desk, agent):
    FilingSettings.objects.create(pk=1, phone_instead_of_mobile=True)

    assert desk.post(NEW, body(agent, mobile="", phone="0771-5617382")).status_code == 302
    assert Lead.objects.get().phone == "0771-5617382"


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86-138-0013-8000", "１３８００１３８０００"])
def test_mobile_is_stored_in_one_way_of_writing(desk, agent, typed):
    desk.post(NEW, body(agent, mobile=typed))

    assert Lead.objects.get().mobile == MOBILE


def test_refusal_is_422_with_the_reason(desk, agent, colleague):
    LeadFactory(filer=colleague, mobile=MOBILE)

    response = desk.post(NEW, body(agent))

    assert response.status_code == 422
    assert problems(response) == {
        "__all__": ["This customer is already filed. File another customer, or ask your manager."]
    }
    assert 'data-problem="__all__"' in response.content.decode()
    assert (Lead.objects.count(), QuotaDay.objects.filter(used__gt=0).count()) == (1, 0)


def test_own_repeat_is_422_with_a_link(desk, agent):
    desk.post(NEW, body(agent))

    response = desk.post(NEW, body(agent))

    assert response.status_code == 422
    assert '<a href="/leads/KH202607220001/">' in response.content.decode()


def test_quota_used_up_is_422_and_shown(desk, agent):
    Quota.objects.create(scope="site", cap=1)
    desk.post(NEW, body(agent))

    response = desk.post(NEW, body(agent, mobile=OTHER))

    assert response.status_code == 422
    assert problems(response)["__all__"][0].startswith("Today's quota is used up, 0 left.")
    assert 'data-cap="1" data-credit="0" data-used="1" data-left="0"' in response.content.decode()


def test_replay_repeats_the_first_answer(desk, agent):
    sent = body(agent)
    first = desk.post(NEW, sent)

    again = desk.post(NEW, sent | {"mobile": OTHER})

    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert (Lead.objects.count(), QuotaDay.objects.get().used) == (1, 1)


@pytest.mark.parametrize("kind", ["missing", "empty", "forged", "foreign", "outdated"])
def test_key_that_is_not_ones_own_is_422_with_a_fresh_form(desk, agent, colleague, kind, monkeypatch):
    keys = {
        "missing": None,
        "empty": "",
        "forged": signing.dumps([agent.pk, "x"], salt=SALT, key="another"),
        "foreign": new_key(colleague.pk, "FilingForm"),
        "outdated": new_key(agent.pk, "FilingForm"),
    }
    if kind == "outdated":
        monkeypatch.setattr("core.once.HOURS_VALID", -1)

    response = desk.post(NEW, body(agent, once=keys[kind]))

    monkeypatch.undo()
    assert response.status_code == 422
    assert problems(response) == {"__all__": ["This form is out of date. Please check it and send it again."]}
    assert not Lead.objects.exists()
    fresh = response.context["form"]["once"].value()
    assert fresh not in {None, "", keys[kind]}
    assert desk.post(NEW, body(agent, once=fresh)).status_code == 302


def test_extra_fields_have_no_effect(desk, agent, colleague):
    extra = {
        "number": "KH1",
        "filed_at": "2020-01-01",
        "filed_on": "2020-01-01",
        "progress": "won",
        "hold": "queued",
        "audit_status": "success",
        "filer": colleague.pk,
        "filed_by": colleague.pk,
        "customer": 1,
        "credited_on": "2020-01-01",
        "search_text": "x",
    }

    desk.post(NEW, body(agent, **extra))

    lead = Lead.objects.get()
    assert (lead.number, lead.filed_at, lead.filed_on) == ("KH202607220001", MORNING, MORNING.date())
    assert (lead.progress, lead.hold, lead.audit_status, lead.credited_on) == ("filed", "protected", "unaudited", None)
    assert (lead.filer, lead.filed_by, lead.customer.holder) == (agent, agent, agent)


def test_manager_files_for_people_granted_and_nobody_else(client, manager, agent, stranger):
    client.force_login(manager)

    own = client.post(NEW, body(manager, filer=agent.pk))
    foreign = client.post(NEW, body(manager, filer=stranger.pk, mobile=OTHER))

    lead = Lead.objects.get()
    assert (own.status_code, lead.filer, lead.filed_by) == (302, agent, manager)
    assert (foreign.status_code, problems(foreign)) == (422, {"filer": ["Choose one of the entries in the list."]})


def test_htmx_gets_the_way_on_in_a_header(desk, agent):
    response = desk.post(NEW, body(agent), headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (204, "/leads/KH202607220001/")


def test_script_in_text_is_shown_as_text(desk, agent):
    evil = "<script>alert(1)</script>"
    response = desk.post(NEW, body(agent, name=evil, community=f'"><img src=x>{evil}', budget_note=evil))
    assert response.status_code == 302

    for page in ("/leads/", response["Location"], f"{response['Location']}edit/", f"{response['Location']}delete/"):
        drawn = desk.get(page).content.decode()
        assert "&lt;script&gt;alert(1)" in drawn
        assert evil not in drawn and "<img src=x>" not in drawn


@pytest.fixture
def draft(agent):
    typed = {
        "name": "韦半",
        "mobile": "1380013",
        "source": "x",
        "filing_kind": "special",
        "budget_note": "两万",
        "city": "",
    }
    return Draft.objects.create(owner=agent, name="韦半", typed=typed, at=MORNING)


def test_draft_opens_as_it_was_typed_and_goes_with_its_filing(desk, agent, draft):
    form = desk.get(f"{NEW}?draft={draft.pk}").context["form"]
    shown = {name: form[name].value() for name in draft.typed}

    sent = body(agent, draft=draft.pk)
    faulty = desk.post(f"{NEW}?draft={draft.pk}", sent | {"name": ""})
    response = desk.post(f"{NEW}?draft={draft.pk}", sent)
    again = desk.post(f"{NEW}?draft={draft.pk}", sent)

    assert shown == draft.typed
    assert f'<input type="hidden" name="draft" value="{draft.pk}"' in faulty.content.decode()
    assert (response.status_code, again.status_code, again["Location"]) == (302, 302, response["Location"])
    assert (Lead.objects.count(), Draft.objects.count()) == (1, 0)


@pytest.mark.parametrize("who", ["colleague", "manager"])
def test_draft_is_its_owners_alone(request, client, draft, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    assert client.get(f"{NEW}?draft={draft.pk}").status_code == 404
    assert client.post(NEW, body(user, draft=draft.pk)).status_code == 302
    assert Draft.objects.get() == draft


@pytest.mark.parametrize("asked", ["0", "x", "-1", "９", "9" * 30])
def test_what_is_no_draft_is_404_to_open_and_nothing_to_a_filing(desk, agent, asked):
    assert desk.get(NEW, {"draft": asked}).status_code == 404
    assert desk.post(NEW, body(agent, draft=asked)).status_code == 302


def test_draft_button_sends_the_form_elsewhere_and_only_a_new_filing_has_it(desk, agent):
    lead = LeadFactory(filer=agent)

    new, edit = (desk.get(page).content.decode() for page in (NEW, f"/leads/{lead.number}/edit/"))

    assert 'formaction="/leads/drafts/" formnovalidate' in new
    assert 'action="/leads/new/"' in new
    assert "formaction" not in edit and 'action="/leads/new/"' not in edit


@pytest.fixture
def lakeside():
    """A community that is known as 云水花园 and as 听荷苑."""
    nanning = RegionFactory(name="南宁")
    save_community(Community(city=nanning, name="云水花园", aliases="听荷苑"))
    return nanning


@pytest.mark.parametrize("typed", ["听荷苑", "南宁市听荷苑小区", "南宁听荷苑"])
def test_one_place_is_taken_under_any_of_its_names(desk, agent, colleague, lakeside, typed):
    LeadFactory(filer=colleague, city=lakeside, community="云水花园", building_room="3-2-1601")
    there = {"city": lakeside.pk, "community": typed, "building_room": "3栋2单元1601"}

    response = desk.post(NEW, body(agent, **there))
    checked = desk.post("/leads/check/", body(agent, **there), headers={"Accept": "application/json"})

    assert (response.status_code, checked.json()["verdict"]) == (422, "taken")


def test_place_is_kept_under_its_first_name(desk, agent, lakeside):
    desk.post(NEW, body(agent, city=lakeside.pk, community="听荷苑", building_room="3-2-1601"))
    lead = Lead.objects.get()
    kept = lead.canonical_address
    page = f"/leads/{lead.number}/edit/"
    desk.post(page, body(agent, city=lakeside.pk, community="云水花园", building_room="3-2-1602", outlet=agent.unit_id))

    lead.refresh_from_db()
    assert (kept, lead.canonical_address) == (
        f"{lakeside.pk}|云水花园|||3|2|1601",
        f"{lakeside.pk}|云水花园|||3|2|1602",
    )


def test_check_of_the_address_is_reversed_by_name():
    assert [reverse(f"leads:{name}") for name in ("new", "check", "list")] == [NEW, "/leads/check/", "/leads/"]


def test_mere_warning_stays_one_when_something_else_refuses(desk, agent):
    FilingSettings.objects.create(pk=1, mobile_check="warn")
    desk.post(NEW, body(agent, mobile="12300109901"))

    response = desk.post(NEW, body(agent, mobile="12300109901"))

    page = response.content.decode()
    assert response.status_code == 422
    assert 'data-problem="mobile"' not in page
    assert "data-warnings" in page
