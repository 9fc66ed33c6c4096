"""Filing forms put aside (LEAD-9): who sees them, what is kept, and that nothing else comes of them."""

from time import time
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from core.models import Event, OneTimeKey, Serial
from core.once import new_key
from customers.models import Customer, IdentityKey
from leads.models import Draft, FilingAttempt, Lead, QuotaDay
from leads.services.drafts import LONGEST, MOST_DRAFTS
from policies.models import OrderType, Quota
from tests.factories import MORNING, LeadFactory, OrderTypeFactory, SourceFactory
from tests.leads.filings import MOBILE, body
from tests.test_statements import costs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DRAFTS = "/leads/drafts/"
EVERYBODY = (
    "agent",
    "colleague",
    "stranger",
    "partner",
    "manager",
    "idle_manager",
    "auditor",
    "seller",
    "measurer",
    "office",
    "executive",
    "administrator",
)


def draft_of(owner: User, **typed: str) -> Draft:
    said = {"name": "韦半夏", "community": "幸福里"} | typed
    return Draft.objects.create(owner=owner, name=said["name"], typed=said, at=MORNING)


def deleting(user: User) -> dict[str, str]:
    return {"once": new_key(user.pk, "DeleteDraftForm")}


def undoing(user: User) -> dict[str, str]:
    return {"once": new_key(user.pk, "UndoForm")}


def said(response: Any) -> str:
    return str(next(iter(response.context["form"].non_field_errors())))


def test_save_keeps_what_was_typed_and_nothing_else(client, agent):
    client.force_login(agent)
    sent = body(agent, mobile="138-0013-8000x", next_follow_up_on="2026-02-31", phone="", evil="1", draft="", seen="7")

    response = client.post(DRAFTS, sent)

    kept = {name: str(value) for name, value in sent.items() if name not in {"once", "evil", "draft", "seen"}}
    [draft] = Draft.objects.all()
    assert (response.status_code, response["Location"]) == (302, DRAFTS)
    assert (draft.owner, draft.name, draft.typed) == (agent, "韦半夏", kept)


def test_save_makes_no_number_quota_attempt_customer_or_event(client, agent):
    client.force_login(agent)
    client.post(DRAFTS, body(agent))

    made = (Lead, QuotaDay, FilingAttempt, Customer, IdentityKey, Serial, Event)

    assert [model.objects.count() for model in made] == [0] * len(made)
    assert Draft.objects.count() == 1


def test_draft_is_in_no_list_search_export_count_or_check(client, agent, office):
    Quota.objects.create(scope="site", cap=5)
    client.force_login(agent)
    client.post(DRAFTS, body(agent, name="草稿客户"))
    client.get("/leads/drafts/")  # takes the toast away
    found = ("/leads/", "/leads/?q=草稿客户", f"/leads/?mobile={MOBILE}")

    assert [client.get(page).context["rows"] for page in found] == [[], [], []]
    assert not any("草稿客户" in b"".join(client.get(page)).decode() for page in ("/leads/?export=csv", "/"))
    assert client.get("/leads/").context["unaudited"] == 0
    assert 'data-used="0"' in client.get("/leads/").content.decode()
    client.force_login(office)
    checked = client.post("/leads/check/", body(office), headers={"Accept": "application/json"})
    assert checked.json()["verdict"] == "free"


def test_draft_is_in_no_statistics(client, agent, manager):
    client.force_login(agent)
    client.post(DRAFTS, body(agent))
    client.force_login(manager)

    page = client.get("/reports/filing/").content.decode()

    assert f'data-filer="{agent.username}"' not in page
    assert "data-outlet" not in page


@pytest.mark.parametrize("who", EVERYBODY)
def test_draft_is_its_owners_alone(request, client, agent, who):
    draft = draft_of(agent)
    user = request.getfixturevalue(who)
    client.force_login(user)

    listed = client.get(DRAFTS)
    opened = client.get("/leads/new/", {"draft": draft.pk})
    deleted = client.post(reverse("leads:draft_delete", args=[draft.pk]), deleting(user))

    answers = (listed.status_code, opened.status_code, deleted.status_code)
    if who == "agent":
        assert answers == (200, 200, 302)
    else:
        assert answers == ((200, 404, 404) if user.has_perm("leads.add_lead") else (403, 403, 403))
        assert "韦半夏" not in listed.content.decode()
        assert Draft.objects.filter(pk=draft.pk).exists()


def test_opened_draft_shows_what_was_typed_without_complaints(client, agent):
    draft = draft_of(agent, mobile="138<b>", next_follow_up_on="2026-02-31", budget_note="一行\n两行")
    client.force_login(agent)

    response = client.get("/leads/new/", {"draft": draft.pk})

    form, page = response.context["form"], response.content.decode()
    assert {name: form[name].value() for name in draft.typed} == draft.typed
    assert form.errors == {}
    assert 'value="138&lt;b&gt;"' in page
    assert f'name="draft" value="{draft.pk}"' in page


def test_draft_with_words_that_are_switched_off_since_opens(client, agent):
    gone = OrderTypeFactory(name="停用类型", active=False)
    draft = draft_of(agent, order_type=str(gone.pk), filing_kind="no such kind", city="987654", source="x")
    client.force_login(agent)

    response = client.get("/leads/new/", {"draft": draft.pk})

    assert response.status_code == 200
    assert not OrderType.objects.get(pk=gone.pk).active
    assert "停用类型" not in response.content.decode()


def test_saved_again_a_draft_is_replaced(client, agent):
    draft = draft_of(agent)
    client.force_login(agent)

    client.post(DRAFTS, body(agent, name="韦茯苓", draft=draft.pk))

    assert [(row.pk, row.name) for row in Draft.objects.all()] == [(draft.pk, "韦茯苓")]


@pytest.mark.parametrize("opened", ["foreign", "gone", "abc", "-1", "9" * 30, "\0"])
def test_what_is_no_draft_of_ones_own_is_saved_as_a_new_one(client, agent, colleague, opened):
    theirs = draft_of(colleague)
    client.force_login(agent)

    client.post(DRAFTS, body(agent, name="韦茯苓", draft=theirs.pk if opened == "foreign" else opened))

    assert [(row.owner, row.name) for row in Draft.objects.order_by("pk")] == [(colleague, "韦半夏"), (agent, "韦茯苓")]


def test_double_click_saves_one_draft(client, agent):
    client.force_login(agent)
    sent = body(agent)

    answers = [client.post(DRAFTS, sent) for _time in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, DRAFTS)] * 2
    assert Draft.objects.count() == 1


def test_key_of_a_saved_form_files_nothing_more(client, agent):
    client.force_login(agent)
    sent = body(agent)
    client.post(DRAFTS, sent)

    response = client.post("/leads/new/", sent)

    assert (response["Location"], Lead.objects.count()) == (DRAFTS, 0)


def test_filing_a_draft_ends_it(client, agent):
    mine, other = draft_of(agent), draft_of(agent)
    client.force_login(agent)

    response = client.post("/leads/new/", body(agent, draft=mine.pk))

    assert response["Location"] == Lead.objects.get().get_absolute_url()
    assert list(Draft.objects.all()) == [other]


def test_filing_with_somebody_elses_draft_leaves_it(client, agent, colleague):
    theirs = draft_of(colleague)
    client.force_login(agent)

    client.post("/leads/new/", body(agent, draft=theirs.pk))

    assert (Lead.objects.count(), list(Draft.objects.all())) == (1, [theirs])


def test_refused_filing_leaves_its_draft(client, agent):
    draft = draft_of(agent)
    client.force_login(agent)

    response = client.post("/leads/new/", body(agent, name="", draft=draft.pk))

    assert response.status_code == 422
    assert f'name="draft" value="{draft.pk}"' in response.content.decode()
    assert list(Draft.objects.all()) == [draft]


@pytest.mark.parametrize("once", [None, "", "forged", "other form", "other person"])
def test_save_without_a_key_of_ones_own_is_refused_and_keeps_what_was_typed(client, agent, colleague, once):
    keys = {"other form": new_key(agent.pk, "FollowUpForm"), "other person": new_key(colleague.pk, "FilingForm")}
    client.force_login(agent)

    response = client.post(DRAFTS, body(agent, name="韦茯苓", once=keys.get(once, once), mobile="坏号"))

    form = response.context["form"]
    assert (response.status_code, Draft.objects.count()) == (422, 0)
    assert (form["name"].value(), form["mobile"].value()) == ("韦茯苓", "坏号")
    assert said(response) == "This form is out of date. Please check it and send it again."
    assert form.errors == {}


def test_one_draft_too_many_is_refused_with_a_sentence_and_keeps_what_was_typed(client, agent, colleague):
    for _draft in range(MOST_DRAFTS):
        draft_of(agent)
    full = Draft.objects.first()
    client.force_login(agent)

    refused = client.post(DRAFTS, body(agent, name="韦茯苓"))
    replaced = client.post(DRAFTS, body(agent, name="韦茯苓", draft=full.pk))

    assert refused.status_code == 422
    assert said(refused) == "You have 50 drafts already. File or delete one of them, then save this one again."
    assert refused.context["form"]["name"].value() == "韦茯苓"
    assert (replaced.status_code, Draft.objects.filter(owner=agent).count()) == (302, MOST_DRAFTS)
    client.force_login(colleague)
    assert client.post(DRAFTS, body(colleague)).status_code == 302


def test_hostile_text_is_kept_as_far_as_the_database_takes_it(client, agent):
    client.force_login(agent)
    nasty = "韦\0半\u202e夏\u200b\x07<script>'\ufffe\U0010ffff\\u0000"

    client.post(DRAFTS, body(agent, name=nasty, budget_note="长" * 5000, community="幸" * 2001))

    draft = Draft.objects.get()
    assert draft.typed["name"] == nasty.replace("\0", "")
    assert draft.name == nasty.replace("\0", "")[:80]
    assert [len(draft.typed[name]) for name in ("budget_note", "community")] == [LONGEST, LONGEST]
    listed, opened = client.get(DRAFTS), client.get("/leads/new/", {"draft": draft.pk})
    assert [page.status_code for page in (listed, opened)] == [200, 200]
    assert "<script>&#x27;" not in listed.content.decode()


@pytest.mark.parametrize("pk", ["0", "9" * 40, "-1", "abc", "", "\0"])
def test_draft_that_is_nowhere_is_404(client, agent, pk):
    client.force_login(agent)

    assert client.get("/leads/new/", {"draft": pk}).status_code == (200 if pk == "" else 404)


def test_deleted_draft_comes_back_as_it_was(client, agent):
    draft = draft_of(agent, mobile="坏号")
    client.force_login(agent)

    deleted = client.post(reverse("leads:draft_delete", args=[draft.pk]), deleting(agent))
    gone = Draft.objects.exists()
    page = client.get(DRAFTS).content.decode()
    undone = client.post("/leads/drafts/undo/", undoing(agent))

    [back] = Draft.objects.all()
    assert (deleted["Location"], gone, undone["Location"]) == (DRAFTS, False, DRAFTS)
    assert (back.owner, back.name, back.typed, back.at) == (agent, draft.name, draft.typed, draft.at)
    assert 'form="undo"' in page
    assert 'id="undo"' in page
    assert "deleted_draft" not in client.session


def test_double_click_on_delete_and_undo_does_each_once(client, agent):
    draft, other = draft_of(agent), draft_of(agent)
    client.force_login(agent)
    deletion, undo = deleting(agent), undoing(agent)
    address = reverse("leads:draft_delete", args=[draft.pk])

    deleted = [client.post(address, deletion).status_code for _time in range(2)]
    left = list(Draft.objects.all())
    undone = [client.post("/leads/drafts/undo/", undo).status_code for _time in range(2)]

    assert (deleted, left, undone) == ([302, 302], [other], [302, 302])
    assert Draft.objects.count() == 2


def test_undo_is_over_after_a_while_and_the_session_forgets(client, agent):
    draft = draft_of(agent)
    client.force_login(agent)
    client.post(reverse("leads:draft_delete", args=[draft.pk]), deleting(agent))
    session = client.session
    session["deleted_draft"] |= {"until": time() - 1}
    session.save()

    response = client.post("/leads/drafts/undo/", undoing(agent))

    assert (response.status_code, Draft.objects.count()) == (422, 0)
    assert list(response.context["problems"]) == ["There is nothing to undo any more."]
    assert "deleted_draft" not in client.session


def test_undo_is_for_the_person_who_deleted(client, agent, colleague):
    draft = draft_of(agent)
    client.force_login(agent)
    client.post(reverse("leads:draft_delete", args=[draft.pk]), deleting(agent))
    client.force_login(colleague)

    response = client.post("/leads/drafts/undo/", undoing(colleague))

    assert (response.status_code, Draft.objects.count()) == (422, 0)


def test_undo_beyond_the_limit_is_refused_and_can_be_tried_again(client, agent):
    draft = draft_of(agent)
    client.force_login(agent)
    client.post(reverse("leads:draft_delete", args=[draft.pk]), deleting(agent))
    for _draft in range(MOST_DRAFTS):
        draft_of(agent)

    refused = client.post("/leads/drafts/undo/", undoing(agent))
    Draft.objects.first().delete()
    undone = client.post("/leads/drafts/undo/", undoing(agent))

    assert (refused.status_code, undone.status_code) == (422, 302)
    assert Draft.objects.count() == MOST_DRAFTS


@pytest.mark.parametrize("address", ["/leads/drafts/{}/delete/", "/leads/drafts/undo/"])
def test_delete_and_undo_need_a_key(client, agent, address):
    draft = draft_of(agent)
    client.force_login(agent)

    response = client.post(address.format(draft.pk))

    assert (response.status_code, list(Draft.objects.all())) == (422, [draft])
    assert "This form is out of date." in response.content.decode()


def test_no_personal_data_in_addresses_and_keys(client, agent):
    client.force_login(agent)
    response = client.post(DRAFTS, body(agent))
    deleted = client.post(reverse("leads:draft_delete", args=[Draft.objects.get().pk]), deleting(agent))

    assert {response["Location"], deleted["Location"]} == {DRAFTS}
    assert set(OneTimeKey.objects.values_list("location", flat=True)) == {DRAFTS}


def test_drafts_go_with_their_owner(agent, colleague):
    draft_of(agent)
    kept = draft_of(colleague)

    agent.delete()

    assert list(Draft.objects.all()) == [kept]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_long(client, agent, count):
    for _draft in range(count):
        draft_of(agent)
    client.force_login(agent)

    with costs(3):
        response = client.get(DRAFTS)

    assert len(response.context["rows"]) == count


def test_save_costs(client, agent):
    client.force_login(agent)
    sent = body(agent)

    with costs(6 if connection.vendor == "postgresql" else 5):  # one for the server's clock
        client.post(DRAFTS, sent)


def test_empty_list_says_what_to_do(client, agent):
    client.force_login(agent)

    page = client.get(DRAFTS).content.decode()

    assert "You have no drafts." in page
    assert "press Save as draft below the form" in page


def test_lead_list_leads_to_the_drafts_of_those_who_file(client, agent, executive):
    LeadFactory(filer=agent, source=SourceFactory())

    def linked(user: User) -> bool:
        client.force_login(user)
        return f'href="{DRAFTS}"' in client.get("/leads/").content.decode()

    assert (linked(agent), linked(executive)) == (True, False)
