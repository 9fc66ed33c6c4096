"""Filings that could be one customer: who sees them, what the list and the case show, what deciding does (MATCH-4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from core.events import subject
from core.models import Event
from core.once import new_key
from customers.models import Customer, IdentityKey, Merge
from leads.history import happened
from leads.models import Collision, FilingAttempt, FollowUp, Lead, Protection
from leads.services import filing
from tests.customers.merged import complaints, digest
from tests.factories import MORNING, CollisionFactory, FilingAttemptFactory, LeadFactory, UserFactory
from tests.leads.filings import MOBILE, claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LIST = "/audit/collisions/"


def collide(lead: Lead, met: Lead | User, *, at: Any = MORNING, **fields: Any) -> Collision:
    """A lead and what met it: another lead, or a person who was turned away."""
    if isinstance(met, Lead):
        attempt = FilingAttemptFactory(lead=met, at=at)
    else:
        attempt = FilingAttemptFactory(lead=None, filer=met, accepted=False, verdict="taken", at=at)
    made: Collision = CollisionFactory(lead=lead, attempt=attempt, at=at, **fields)
    return made


def free(lead: Lead) -> Lead:
    """A lead whose filer has let go of its customer."""
    Lead.objects.filter(pk=lead.pk).update(progress="withdrawn", hold="released")
    Protection.objects.filter(pk=lead.protection_id).update(
        state="released", ended_at=lead.arrived_at, ended_why="withdrawn"
    )
    Customer.objects.filter(pk=lead.customer_id).update(holder=None)
    IdentityKey.objects.filter(customer=lead.customer_id).update(held=False)
    found: Lead = Lead.objects.get(pk=lead.pk)
    return found


@pytest.fixture
def pair(agent: User, colleague: User) -> Collision:
    """The agent's filing and a later one of the colleague, who has let go since."""
    later = {"filed_at": MORNING + timedelta(hours=2), "arrived_at": MORNING + timedelta(hours=2)}
    first = LeadFactory(number="KH1", filer=agent, mobile="13800138000", name="韦半夏")
    second = LeadFactory(number="KH2", filer=colleague, mobile="13800138001", name="韦夏", **later)
    return collide(first, free(second), at=MORNING + timedelta(hours=2))


@pytest.fixture
def desk(client: Any, office: User) -> Any:
    client.force_login(office)
    return client


def sent(user: User, form: str, **fields: str) -> dict[str, str]:
    return {"once": new_key(user.pk, form)} | fields


def page(collision: Collision, name: str = "") -> str:
    return f"{LIST}{collision.pk}/{name}"


def state(collision: Collision) -> str:
    return Collision.objects.get(pk=collision.pk).state


def find_same(desk: Any, office: User, collision: Collision) -> Any:
    return desk.post(page(collision, "same/"), sent(office, "SameForm", reason="同一手机"))


SEEN = {
    "agent": {"turned away"},
    "colleague": set(),
    "stranger": {"elsewhere"},
    "manager": {"ours", "turned away"},
    "idle_manager": set(),
    "auditor": set(),
    "office": {"ours", "turned away"},
    "executive": {"ours", "half", "turned away", "elsewhere"},
    "administrator": set(),
}


@pytest.mark.parametrize("who", SEEN)
@pytest.mark.usefixtures(*SEEN)
def test_collision_is_visible_to_whoever_sees_all_its_filings(request, agent, colleague, stranger, who):
    own, foreign = LeadFactory(filer=agent), LeadFactory(filer=stranger)
    collide(own, LeadFactory(filer=colleague), remark="ours")
    collide(own, foreign, remark="half")
    collide(own, stranger, remark="turned away")
    collide(foreign, agent, remark="elsewhere")

    visible = Collision.objects.visible_to(request.getfixturevalue(who))

    assert {collision.remark for collision in visible} == SEEN[who]


def test_list_shows_by_itself_what_nobody_has_looked_at(desk, pair, agent):
    collide(pair.lead, agent, state="different")

    response = desk.get(LIST)

    html = response.content.decode()
    assert [row.collision for row in response.context["rows"]] == [pair]
    assert "KH1 韦半夏" in html and "KH2 韦夏" in html
    assert "hidden digits: 7 or 8 shown ones agree, same name" in html
    assert '<span class="firm" data-is="likely">' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=all", {"old", "sure", "new"}),
        ("state=different", {"old"}),
        ("state=open&firmness=same", {"sure"}),
        ("state=all&from=2026-07-22&to=2026-07-22", {"sure"}),
        ("state=all&from=2026-07-23", {"new"}),
        ("state=all&to=2026-07-22", {"old", "sure"}),
        ("state=&firmness=&from=&to=", {"sure", "new"}),
    ],
)
def test_list_is_searched_by_state_firmness_and_day(desk, agent, query, found):
    lead = LeadFactory(filer=agent)
    collide(lead, agent, remark="old", state="different", at=MORNING - timedelta(days=1))
    collide(lead, agent, remark="sure", firmness="same", at=MORNING.replace(hour=23, minute=59))
    collide(lead, agent, remark="new", at=MORNING.replace(hour=0, minute=0) + timedelta(days=1))

    rows = desk.get(f"{LIST}?{query}").context["rows"]

    assert {row.collision.remark for row in rows} == found


@pytest.mark.parametrize("query", ["state=gone", "firmness=none", "from=yesterday", "after=x"])
def test_search_that_is_not_understood_lists_nothing_and_says_so(desk, pair, query):
    response = desk.get(f"{LIST}?{query}")

    assert response.status_code == 200
    assert (list(response.context["rows"]), 'data-problem="__all__"' in response.content.decode()) == ([], True)


def test_pages_follow_each_other_without_gap_or_double(desk, agent):
    lead = LeadFactory(filer=agent)
    wanted = [collide(lead, agent, at=MORNING + timedelta(minutes=minute // 2)).pk for minute in range(60)]

    first = desk.get(LIST)
    second = desk.get(LIST + first.context["page"].next_url)

    listed = [row.collision.pk for response in (first, second) for row in response.context["rows"]]
    assert (len(first.context["rows"]), listed) == (50, wanted[::-1])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(desk, agent, colleague, rows, django_assert_num_queries):
    for _row in range(rows):
        collide(LeadFactory(filer=agent), LeadFactory(filer=colleague))

    with django_assert_num_queries(4):
        response = desk.get(LIST)

    assert len(response.context["rows"]) == rows


def test_case_shows_both_filings_and_marks_what_differs(desk, pair, agent):
    FollowUp.objects.create(lead=pair.lead, content="约周六到店", by=agent, at=MORNING)

    html = desk.get(page(pair)).content.decode()

    assert "1380013800<mark>0</mark>" in html and "1380013800<mark>1</mark>" in html
    assert "2026-07-22 09:30:00" in html and "2026-07-22 11:30:00" in html
    assert html.index("KH1</a> <span") < html.index("came first")
    assert "约周六到店" in html and "colleague · 渠道一部" in html
    assert "says nothing alone" in html and '<span class="firm" data-is="possible">' in html


def test_case_of_one_that_was_turned_away_has_nothing_to_compare(desk, agent, stranger):
    html = desk.get(page(collide(LeadFactory(filer=agent), stranger))).content.decode()

    assert "What was typed is not kept" in html and "<mark>" not in html
    assert "there is nothing to merge" in html


def test_case_out_of_sight_is_404(desk, office, agent, stranger):
    hidden = collide(LeadFactory(filer=agent), LeadFactory(filer=stranger))

    answers = [desk.get(page(hidden)), find_same(desk, office, hidden)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert state(hidden) == "open"


def test_same_customer_is_merged_and_told_on_both_filings(desk, office, pair):
    response = find_same(desk, office, pair)

    first, second = pair.lead, pair.attempt.lead
    assert (response.status_code, response["Location"]) == (302, page(pair))
    merge = Merge.objects.get()
    assert (merge.kept_id, merge.gone_id, merge.by, merge.reason) == (
        first.customer_id,
        second.customer_id,
        office,
        "同一手机",
    )
    decided = Collision.objects.get(pk=pair.pk)
    assert (decided.state, decided.decided_by, decided.remark, decided.merge) == ("same", office, "同一手机", merge)
    assert [Event.objects.get(**subject(lead)).action for lead in (first, second)] == ["same", "same"]
    assert complaints() == []


def test_filer_reads_that_it_was_decided_but_not_about_whom(desk, office, pair):
    find_same(desk, office, pair)

    [told] = happened(pair.lead, [], full=True)

    assert (str(told.what), told.changes, told.note) == ("Found to be one customer with another filing", [], "")


def test_earlier_filing_is_the_one_kept(desk, office, agent, colleague):
    later = {"filed_at": MORNING + timedelta(hours=2), "arrived_at": MORNING + timedelta(hours=2)}
    edited = LeadFactory(filer=agent, **later)
    first = free(LeadFactory(filer=colleague))

    find_same(desk, office, collide(edited, first))

    assert Merge.objects.get().kept_id == first.customer_id


def test_double_post_merges_once(desk, office, pair):
    form = sent(office, "SameForm", reason="同一手机")

    answers = [desk.post(page(pair, "same/"), form) for _time in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page(pair))] * 2
    assert (Merge.objects.count(), Event.objects.filter(**subject(pair)).count()) == (1, 1)


def test_customers_of_two_people_wait_for_a_decision_whose_they_are(desk, office, agent, colleague):
    held = collide(LeadFactory(filer=agent), LeadFactory(filer=colleague))
    before = digest()

    drawn = desk.get(page(held))
    response = find_same(desk, office, held)

    html = response.content.decode()
    assert "Decide first who keeps the customer" in drawn.content.decode()
    assert [bool(drawn.context.get(name)) for name in ("same", "different")] == [False, True]
    assert (response.status_code, 'value="同一手机"' in html) == (422, True)
    assert "Decide first who keeps the customer" in html
    assert (digest(), state(held), Merge.objects.count()) == (before, "open", 0)


def test_where_only_one_filing_stands_nothing_is_merged(desk, office, agent, stranger):
    alone = collide(LeadFactory(filer=agent), stranger)

    find_same(desk, office, alone)

    assert (state(alone), Merge.objects.count()) == ("same", 0)


def test_what_is_one_customer_already_is_not_merged_again(desk, office, pair):
    find_same(desk, office, pair)
    again = collide(pair.lead, pair.attempt.lead)

    response = find_same(desk, office, again)

    assert (response.status_code, state(again), Merge.objects.count()) == (302, "same", 1)


def test_different_customers_change_nothing_but_the_collision(desk, office, pair):
    before = digest()

    response = desk.post(page(pair, "different/"), sent(office, "DifferentForm", remark="父子两户"))

    decided = Collision.objects.get(pk=pair.pk)
    assert (response.status_code, response["Location"]) == (302, page(pair))
    assert (decided.state, decided.decided_by, decided.remark) == ("different", office, "父子两户")
    assert (digest(), Merge.objects.count()) == (before, 0)
    assert Event.objects.filter(**subject(pair.attempt.lead), action="different").count() == 1
    assert "父子两户" in desk.get(page(pair)).content.decode()


def test_second_decision_is_refused(desk, office, pair):
    find_same(desk, office, pair)

    response = desk.post(page(pair, "different/"), sent(office, "DifferentForm", remark="不是一家"))

    assert response.status_code == 422
    assert "Somebody was quicker" in response.content.decode() and 'value="不是一家"' in response.content.decode()
    assert state(pair) == "same"


def test_merge_is_taken_back_with_a_reason(desk, office, pair):
    before = digest()
    find_same(desk, office, pair)
    drawn = desk.get(page(pair)).content.decode()

    response = desk.post(page(pair, "take-back/"), sent(office, "ReconsiderForm", reason="看错了"))

    assert "Take the merge back" in drawn
    assert (response.status_code, response["Location"]) == (302, page(pair))
    found = Collision.objects.get(pk=pair.pk)
    assert (found.state, found.decided_by, found.merge, found.remark) == ("open", None, None, "")
    assert (Merge.objects.get().undone_reason, digest()) == ("看错了", before)
    events = Event.objects.filter(**subject(pair)).order_by("pk")
    assert [(event.action, event.note) for event in events] == [("same", "同一手机"), ("reopen", "看错了")]
    assert [event.action for event in Event.objects.filter(**subject(pair.lead)).order_by("pk")] == [
        "same",
        "reconsider",
    ]


def test_other_findings_that_rest_on_a_merge_are_looked_at_again(desk, office, pair):
    find_same(desk, office, pair)
    again, other = collide(pair.lead, pair.attempt.lead), collide(pair.lead, office)
    find_same(desk, office, again)
    desk.post(page(other, "different/"), sent(office, "DifferentForm"))

    desk.post(page(pair, "take-back/"), sent(office, "ReconsiderForm", reason="看错了"))

    assert (state(pair), state(again), complaints()) == ("open", "open", [])


def test_decision_without_a_merge_is_taken_back_as_well(desk, office, pair):
    desk.post(page(pair, "different/"), sent(office, "DifferentForm", remark="父子两户"))

    response = desk.post(page(pair, "take-back/"), sent(office, "ReconsiderForm", reason="再看看"))

    assert (response.status_code, state(pair)) == (302, "open")


def test_what_is_open_cannot_be_taken_back(desk, office, pair):
    response = desk.post(page(pair, "take-back/"), sent(office, "ReconsiderForm", reason="再看看"))

    assert (response.status_code, 'value="再看看"' in response.content.decode()) == (422, True)


FORMS = {
    "same/": ("SameForm", {"reason": "同一手机"}),
    "different/": ("DifferentForm", {"remark": "不是一家"}),
    "take-back/": ("ReconsiderForm", {"reason": "看错了"}),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("side", ["filer", "filed_by", "actor"])
def test_party_to_one_side_decides_nothing(desk, office, agent, pair, name, side):
    if side == "actor":
        FilingAttempt.objects.filter(pk=pair.attempt_id).update(actor=office)
    else:
        Lead.objects.filter(pk=pair.attempt.lead_id).update(**{side: office})
    Collision.objects.filter(pk=pair.pk).update(state="different" if name == "take-back/" else "open")
    before = state(pair)
    form, typed = FORMS[name]

    response = desk.post(page(pair, name), sent(office, form, **typed))

    html = response.content.decode()
    assert (response.status_code, f'value="{next(iter(typed.values()))}"' in html) == (422, True)
    assert "ask a colleague" in html
    assert (state(pair), Merge.objects.count()) == (before, 0)


def test_party_to_one_side_is_offered_no_form_but_the_reason(desk, office, pair):
    Lead.objects.filter(pk=pair.lead_id).update(filed_by=office)

    response = desk.get(page(pair))

    assert [response.context.get(name) for name in ("same", "different", "back")] == [None] * 3
    assert "Nobody decides on that" in response.content.decode()


@pytest.mark.parametrize("broken", [{"reason": " "}, {"reason": "长" * 501}, {"once": "forged"}])
def test_faulty_form_is_422_and_keeps_what_was_typed(desk, office, pair, broken):
    response = desk.post(page(pair, "same/"), sent(office, "SameForm", reason="同一手机") | broken)

    html = response.content.decode()
    assert (response.status_code, state(pair)) == (422, "open")
    assert (broken.get("reason", "同一手机").strip() or 'id="same"') in html


def test_merging_needs_a_right_of_its_own(client, pair, branch):
    looker = UserFactory(unit=branch)
    looker.user_permissions.add(*Permission.objects.filter(codename__in=["full_check", "scope_unit"]))
    client.force_login(looker)

    drawn = client.get(page(pair))
    answers = [
        client.post(page(pair, name), sent(looker, form, **typed)).status_code for name, (form, typed) in FORMS.items()
    ]

    assert [bool(drawn.context.get(name)) for name in ("same", "different")] == [False, True]
    assert (answers, state(pair)) == ([403, 302, 403], "different")


@pytest.mark.parametrize("name", FORMS)
def test_decisions_are_posted(desk, pair, name):
    assert desk.get(page(pair, name)).status_code == 405


def test_masked_filing_that_could_be_another_is_shown(desk, agent, colleague):
    filing.file_lead(claim_of(agent, mobile=MOBILE), by=agent)
    masked = filing.file_lead(claim_of(colleague, mobile="138****8000", filing_kind="masked"), by=colleague).lead

    [row] = desk.get(LIST).context["rows"]

    assert (row.second, masked.hold, row.collision.firmness) == (masked, "pending", "likely")
    assert desk.get(page(row.collision)).status_code == 200


def test_two_masked_filings_that_could_be_one_are_shown(desk, agent, colleague):
    filing.file_lead(claim_of(agent, mobile="138****8000", name="韦半夏", filing_kind="masked"), by=agent)
    filing.file_lead(claim_of(colleague, mobile="1380***8000", name="覃白露", filing_kind="masked"), by=colleague)

    [row] = desk.get(LIST).context["rows"]

    assert (row.collision.firmness, [str(sign) for sign in row.signs]) == (
        "possible",
        ["hidden digits: 7 or 8 shown ones agree"],
    )
