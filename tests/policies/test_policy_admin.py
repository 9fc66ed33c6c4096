"""Policies in the administrator's hands: one draft, dated versions, and what each of them changed (RULE-1)."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from core.clock import told
from core.models import Event
from policies import policy_forms
from policies.models import Policy, PolicyVersion
from policies.policy_forms import SETTINGS, ConditionFields, SettingFields, contradictions
from policies.presets import FURNISHING, QUEUE
from policies.terms import Conditions, Term, Terms
from policies.versions import CHANGED_MEANWHILE, add_version, mark_of, put_in_force, save_draft
from tests.factories import MORNING, OrderTypeFactory, RegionFactory, SourceFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LIST = "/admin/policies/policy/"
ADD = f"{LIST}add/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def morning():
    with told(MORNING):
        yield


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    return client


def said(terms: Terms, **changed) -> dict[str, object]:
    """The form as the page sends it for these settings."""
    sent: dict[str, object] = {"name": "甲", "position": "1", "active": "on", "note": "试行", "starts_at": ""}
    for source, names in ((terms, SETTINGS), (terms.when, ConditionFields.base_fields)):
        for name in names:
            value = getattr(source, name)
            match value:
                case Term():
                    sent |= {f"{name}_0": value.count, f"{name}_1": value.unit}
                case True:
                    sent[name] = "on"
                case tuple() | str() | int() if value is not False:
                    sent[name] = value
                case date():
                    sent[name] = value.isoformat()
    return sent | changed


def sent(policy, terms: Terms, **changed) -> dict[str, object]:
    """The same from the page of a policy as it is now."""
    return said(terms, **{"seen": mark_of(policy), **changed})


def errors_of(response) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors


FULL = Terms(
    required=("phone", "style"),
    contact_within=Term(30),
    signed_within=Term(5, "working_day"),
    minutes_ahead=60,
    days_ahead=1,
    mask_holds=True,
    needs_approval=True,
    decide_within=Term(1, "hour"),
    contest="evidence",
    unclear_waits=True,
    hold_limit=0,
    term=Term(3, "month"),
    named_day=date(2026, 10, 1),
    past_holidays=True,
    deposit_term=Term(90),
    visit_term=Term(30),
    deal_term=Term(12, "month"),
    contact_every=Term(5),
    remind_idle=Term(3),
    remind_days=5,
    tells_from=True,
    extensions=2,
    extension_term=Term(1, "month"),
    extension_term_waiting=Term(15),
    extension_days_before=20,
    extension_needs_news=True,
    extension_needs_approval=False,
    queue=1,
    promoted_term=Term(1, "month"),
    promoted_extensions=1,
    void_ban=Term(3, "month"),
    cool_down=Term(30),
)


def test_form_has_a_field_for_every_setting():
    assert set(SettingFields.base_fields) == set(SETTINGS)
    assert set(ConditionFields.base_fields) == {*Conditions.__dataclass_fields__}
    usual = Terms()
    assert [name for name in SETTINGS if getattr(FULL, name) == getattr(usual, name)] == []


@pytest.mark.parametrize("terms", [Terms(), FULL, FURNISHING.terms, QUEUE.terms])
def test_what_is_settled_is_kept_as_a_draft(desk, administrator, terms):
    response = desk.post(ADD, said(terms))

    assert response.status_code == 302
    draft = PolicyVersion.objects.get()
    assert (draft.number, draft.starts_at, draft.note, draft.by) == (1, None, "试行", administrator)
    assert Terms.from_json(draft.body) == terms


def test_conditions_are_chosen_from_lists(desk):
    source, order_type = SourceFactory(), OrderTypeFactory()
    unit, city = UnitFactory(parent=UnitFactory()), RegionFactory(code="450100", level="city", offered=False)
    when = Conditions(
        sources=(source.pk,),
        order_types=(order_type.pk,),
        units=(unit.pk,),
        regions=(city.code,),
        customer_kinds=("person",),
        filing_kinds=("normal", "special"),
    )

    response = desk.post(ADD, said(Terms(when=when)))

    assert response.status_code == 302
    assert Terms.from_json(PolicyVersion.objects.get().body).when == when


@pytest.fixture
def policy():
    policy = Policy.objects.create(name="甲", position=1)
    add_version(policy, FURNISHING.terms, note="开始")
    return policy


def page_of(policy) -> str:
    return f"{LIST}{policy.pk}/change/"


def test_page_begins_with_the_draft_or_the_newest_version(desk, policy):
    before = desk.get(page_of(policy)).context["adminform"].form
    save_draft(policy, QUEUE.terms, note="排队")
    after = desk.get(page_of(policy)).context["adminform"].form

    assert (before["term"].value(), before["required"].value(), before["note"].value()) == (
        Term(7),
        ("mobile", "community"),
        None,
    )
    assert (after["term"].value(), after["queue"].value(), after["note"].value()) == (Term(1, "month"), 1, "排队")


def test_page_begins_with_a_draft_that_is_older_than_a_loaded_version(desk, policy):
    save_draft(policy, QUEUE.terms)
    with told(MORNING + DAY):
        add_version(policy, Terms(term=Term(9)))

    form = desk.get(page_of(policy)).context["adminform"].form

    assert form["term"].value() == Term(1, "month")
    assert '<td class="field-version_in_force">v1</td>' in desk.get(LIST).content.decode()


def test_page_sent_back_as_it_was_makes_no_draft(desk, policy):
    desk.post(page_of(policy), sent(policy, FURNISHING.terms, note="", position="3"))

    assert PolicyVersion.objects.count() == 1
    assert Policy.objects.get().position == 3
    changed = Event.objects.get(action="change")
    assert changed.changes == {"position": ["1", "3"]}


def test_draft_is_put_in_force_at_once(desk, policy, administrator):
    with told(MORNING + DAY):
        response = desk.post(page_of(policy), sent(policy, QUEUE.terms, _begin="x"), follow=True)

    [said_first, *_admins_own] = map(str, response.context["messages"])
    assert said_first == "Version 2 is in force from 2026-07-23 09:30."
    rows = PolicyVersion.objects.order_by("number").values_list("number", "starts_at", "by")
    assert list(rows) == [(1, MORNING, None), (2, MORNING + DAY, administrator.pk)]


def test_draft_is_put_in_force_from_a_later_day(desk, policy):
    desk.post(page_of(policy), sent(policy, QUEUE.terms, _begin="x", starts_at="2026-08-01T00:00"))

    newest = PolicyVersion.objects.get(number=2)
    assert newest.starts_at == MORNING.replace(month=8, day=1, hour=0, minute=0)


@pytest.mark.parametrize(
    ("starts_at", "scheduled", "sentence"),
    [
        (
            "2026-07-22T09:29",
            False,
            "A version can't begin in the past: what was granted stays as it was. Choose now or a later time.",
        ),
        ("", True, "The version before begins at 2026-07-23 09:30. Choose a later time."),
        ("2026-07-23T09:30", True, "The version before begins at 2026-07-23 09:30. Choose a later time."),
        ("morgen", False, "Please give the day and the time, such as 2026-08-01 10:30."),
    ],
)
def test_start_that_can_not_be_is_refused_beside_its_field(desk, policy, starts_at, scheduled, sentence):
    if scheduled:
        save_draft(policy, Terms())
        put_in_force(policy, MORNING + DAY)
    count = PolicyVersion.objects.count()

    response = desk.post(page_of(policy), sent(policy, QUEUE.terms, _begin="x", starts_at=starts_at))

    assert (response.status_code, errors_of(response)) == (200, {"starts_at": [sentence]})
    assert response.context["adminform"].form["queue"].value() == "1"
    assert PolicyVersion.objects.count() == count


def test_version_put_in_force_meanwhile_is_said_and_loses_nothing(desk, policy, monkeypatch):
    before = ["checked"]
    real = policy_forms.why_not_from
    monkeypatch.setattr(policy_forms, "why_not_from", lambda *args: None if before and before.pop() else real(*args))
    save_draft(policy, Terms())
    put_in_force(policy, MORNING + DAY)

    response = desk.post(page_of(policy), sent(policy, QUEUE.terms, _begin="x"))

    assert errors_of(response) == {"starts_at": ["The version before begins at 2026-07-23 09:30. Choose a later time."]}
    assert PolicyVersion.objects.filter(starts_at=None).count() == 0


@pytest.fixture
def ours() -> Terms:
    return replace(FURNISHING.terms, term=Term(10))


@pytest.fixture
def theirs() -> Terms:
    return replace(FURNISHING.terms, deposit_term=Term(60))


@pytest.mark.parametrize("button", ["_continue", "_begin"])
def test_later_save_does_not_take_back_an_earlier_one(desk, policy, ours, theirs, button):
    opened = mark_of(policy)
    with told(MORNING + DAY):
        desk.post(page_of(policy), sent(policy, theirs, **{button: "x"}))

    with told(MORNING + 2 * DAY):
        response = desk.post(page_of(policy), sent(policy, ours, seen=opened, position="9", **{button: "x"}))

    assert errors_of(response) == {"__all__": [CHANGED_MEANWHILE]}
    newest = policy.versions.get(number=2)
    assert Terms.from_json(newest.body) == theirs
    form = response.context["adminform"].form
    assert (form["term"].value(), Policy.objects.get().position) == (["10", "day"], 1)

    with told(MORNING + 3 * DAY):
        again = desk.post(page_of(policy), said(ours, seen=form["seen"].value(), **{button: "x"}))

    assert again.status_code == 302
    assert Terms.from_json(policy.versions.order_by("-number")[0].body) == ours


@pytest.mark.parametrize(
    "meanwhile", [lambda one: add_version(one, Terms()), lambda one: Policy.objects.update(active=False)]
)
def test_other_changes_meanwhile_are_said_as_well(desk, policy, ours, meanwhile):
    opened = mark_of(policy)
    with told(MORNING + DAY):
        meanwhile(policy)
        response = desk.post(page_of(policy), sent(policy, ours, seen=opened))

    assert errors_of(response) == {"__all__": [CHANGED_MEANWHILE]}


def test_page_that_does_not_say_what_was_seen_saves_nothing(desk, policy, ours):
    assert errors_of(desk.post(page_of(policy), said(ours))) == {"__all__": [CHANGED_MEANWHILE]}
    assert PolicyVersion.objects.count() == 1


def test_page_carries_what_was_seen(desk, policy):
    html = desk.get(page_of(policy)).content.decode()

    assert re.search(r'<input type="hidden" name="seen" value="(\w{16})"', html)[1] == mark_of(policy)


def test_change_between_check_and_save_is_said(desk, policy, ours, theirs, monkeypatch):
    opened, real = mark_of(policy), policy_forms.mark_of
    checked = [opened]
    monkeypatch.setattr(policy_forms, "mark_of", lambda one: checked.pop() if checked else real(one))
    save_draft(policy, theirs)

    response = desk.post(page_of(policy), sent(policy, ours, seen=opened))

    assert errors_of(response) == {"__all__": [CHANGED_MEANWHILE]}
    assert Terms.from_json(policy.versions.get(starts_at=None).body) == theirs


def test_event_of_a_draft_says_what_it_changed(desk, policy, ours):
    desk.post(page_of(policy), sent(policy, ours))
    desk.post(page_of(policy), sent(policy, replace(ours, queue=1)))

    changes = Event.objects.filter(action="draft").order_by("pk").values_list("changes", flat=True)
    assert list(changes) == [{"term": [[7, "day"], [10, "day"]]}, {"queue": ["", 1]}]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"term_0": "0"}, "term"),
        ({"term_0": "3651"}, "term"),
        ({"term_0": "sieben"}, "term"),
        ({"term_0": "7", "term_1": "week"}, "term"),
        ({"contact_within_0": "7", "contact_within_1": "hour"}, "contact_within"),
        ({"queue": "-1"}, "queue"),
        ({"queue": "101"}, "queue"),
        ({"required": ["nonsense"]}, "required"),
        ({"sources": ["999999"]}, "sources"),
        ({"regions": ["999999"]}, "regions"),
        ({"named_day": "2026-02-30"}, "named_day"),
        ({"named_day": "9999-12-31"}, "named_day"),
        ({"named_day": "1999-12-31"}, "named_day"),
        ({"named_day": "2100-01-01"}, "named_day"),
        ({"contest": "war"}, "contest"),
        ({"name": ""}, "name"),
        ({"name": "乙\u200b"}, "name"),
        ({"note": "长" * 301}, "note"),
    ],
)
def test_what_is_no_setting_is_refused_beside_its_field(desk, changed, field):
    response = desk.post(ADD, said(Terms()) | changed)

    assert (response.status_code, list(errors_of(response))) == (200, [field])
    assert not Policy.objects.exists()


WAITS = "Only while something waits for approval: tick “waits for approval”, or leave this empty."
FEWER = "It has to be fewer days than it is held for, or nobody could ask in time."
ENDLESS = "What has no end can't end later: say how long it is held, or leave this empty."
PAPERS = "Papers are looked at with the approval: tick “waits for approval”, or leave them out."
LONGER = {"term": Term(7), "extensions": 1, "extension_term": Term(7)}
LINE = "Only where others may wait: say how many, or leave this empty."


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (FULL, {}),
        (Terms(), {}),
        (Terms(decide_within=Term(7)), {"decide_within": WAITS}),
        (Terms(contest="evidence"), {"contest": WAITS}),
        (Terms(term=Term(7), extensions=1), {"extension_term": "Say by how much it is extended."}),
        (
            Terms(term=Term(7), extension_term=Term(7)),
            {"extensions": "Say how often, or leave empty by how much."},
        ),
        (Terms(extensions=1, extension_term=Term(7)), {"extensions": "What has no end is not extended."}),
        (Terms(extension_term_waiting=Term(7)), {"extension_term_waiting": LINE}),
        (Terms(promoted_term=Term(7), promoted_extensions=1), {"promoted_term": LINE, "promoted_extensions": LINE}),
        (
            Terms(term=Term(7), queue=1, promoted_extensions=1),
            {"promoted_extensions": "Say by how much it is extended."},
        ),
        (Terms(**LONGER | {"extension_days_before": 7}), {"extension_days_before": FEWER}),
        (Terms(**LONGER | {"extension_days_before": 6}), {}),
        (Terms(**LONGER | {"term": Term(1, "month"), "extension_days_before": 28}), {"extension_days_before": FEWER}),
        (Terms(**LONGER | {"term": Term(1, "month"), "extension_days_before": 27}), {}),
        (Terms(**LONGER | {"term": Term(48, "hour"), "extension_days_before": 2}), {"extension_days_before": FEWER}),
        (Terms(**LONGER | {"term": Term(48, "hour"), "extension_days_before": 1}), {}),
        (Terms(**LONGER | {"term": Term(2, "hour")}), {}),
        (Terms(deposit_term=Term(9)), {"deposit_term": ENDLESS}),
        (Terms(visit_term=Term(9), deal_term=Term(9)), {"visit_term": ENDLESS, "deal_term": ENDLESS}),
        (Terms(deposit_term=Term(9), visit_term=Term(9), named_day=date(2026, 10, 1)), {}),
        (Terms(required=("mobile", "licence_copy")), {"required": PAPERS}),
        (Terms(required=("mobile", "licence_copy"), needs_approval=True), {}),
    ],
)
def test_settings_that_contradict_each_other_are_named(desk, terms, found):
    response = desk.post(ADD, said(terms))

    assert contradictions(terms) == found
    assert response.status_code == (200 if found else 302)
    if found:
        assert errors_of(response) == {name: [sentence] for name, sentence in found.items()}


def test_versions_are_told_with_what_they_changed(desk, policy, administrator):
    save_draft(policy, Terms(term=Term(10), required=("mobile", "community")), note="放宽", by=administrator)

    html = desk.get(page_of(policy)).content.decode()

    assert re.findall(r"<strong>v(\d)</strong>\s+([^·]+?)\s+·", html) == [
        ("2", "draft, binds nobody"),
        ("1", "in force from 2026-07-22 09:30"),
    ]
    newest = html.split("<strong>v2</strong>")[1].split("</ul>")[0]
    assert "放宽" in newest and str(administrator) in newest
    assert re.findall(r"<(ins|del)>(.*?)</", newest) == [
        ("del", "How long it is held: 7 days. The first day does not count, and the last one ends at midnight."),
        (
            "del",
            "How long it is held: Once a deposit is recorded: 90 days from the day of recording, where that is later.",
        ),
        ("ins", "How long it is held: 10 days. The first day does not count, and the last one ends at midnight."),
    ]


def test_policy_is_switched_off_not_deleted(desk, policy):
    assert desk.get(f"{LIST}{policy.pk}/delete/").status_code == 403


def test_list_is_edited_in_place_and_says_so(desk, policy):
    sent = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": policy.pk,
        "form-0-position": 7,
        "_save": "Save",
    }

    response = desk.post(LIST, sent)

    policy.refresh_from_db()
    assert (response.status_code, policy.position, policy.active) == (302, 7, False)
    assert Event.objects.get(action="change").changes == {"position": ["1", "7"], "active": ["True", "False"]}
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("policies", [1, 3])
def test_list_shows_what_is_in_force_in_the_same_statements(desk, policies, django_assert_max_num_queries):
    for number in range(policies):
        made = Policy.objects.create(name=f"甲{number}", position=number)
        add_version(made, FURNISHING.terms)
        save_draft(made, QUEUE.terms)

    with django_assert_max_num_queries(9):
        html = desk.get(LIST).content.decode()

    assert html.count('<td class="field-version_in_force">v1</td>') == policies
    assert html.count('alt="True"') == policies


def test_version_to_come_has_a_button_that_takes_it_back(desk, policy):
    save_draft(policy, QUEUE.terms)
    version = put_in_force(policy, MORNING + DAY)
    page = f"{LIST}{policy.pk}/take-back/"

    html = desk.get(page_of(policy)).content.decode()
    response = desk.post(page, {"version": version.pk}, follow=True)
    again = desk.post(page, {"version": version.pk}, follow=True)

    assert re.findall(r'<button[^>]*value="(\d+)"[^>]*formaction="([^"]*)"', html) == [(str(version.pk), page)]
    assert "Version 2 was taken back." in map(str, response.context["messages"])
    assert [str(said).split(" that")[0] for said in again.context["messages"]] == ["Only a version"]
    assert "formaction" not in again.content.decode()
    assert desk.get(page).status_code == 405


@pytest.mark.parametrize("who", ["office", "manager", "agent"])
def test_version_is_taken_back_by_those_who_change_policies(request, client, policy, who):
    save_draft(policy, QUEUE.terms)
    version = put_in_force(policy, MORNING + DAY)
    user = request.getfixturevalue(who)
    user.is_staff = True
    user.save()
    client.force_login(user)

    response = client.post(f"{LIST}{policy.pk}/take-back/", {"version": version.pk})

    assert (response.status_code, PolicyVersion.objects.filter(starts_at=None).exists()) == (403, False)


def test_page_has_no_script_or_style_of_its_own(desk, policy):
    html = desk.get(page_of(policy)).content.decode()

    inline = [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag and "json" not in tag]
    assert inline == []
    assert 'style="' not in html


def test_new_policy_is_asked_last_and_what_is_never_asked_is_named(desk):
    desk.post(ADD, said(FURNISHING.terms, _begin="1"))
    assert desk.get(ADD).context["adminform"].form["position"].value() == 2

    response = desk.post(ADD, said(QUEUE.terms, name="乙", position="2", _begin="1"), follow=True)

    told_of = [str(message) for message in response.context["messages"]]
    assert "No filing gets to 乙: “甲” before it is for all filings. Check the order." in told_of


def test_history_of_the_admin_names_only_what_was_changed(desk):
    desk.post(ADD, said(Terms(), _begin="1"))
    made = Policy.objects.get()

    desk.post(f"{LIST}{made.pk}/change/", sent(made, Terms(term=Term(7)), note="七天"))

    newest = LogEntry.objects.order_by("-pk").first()
    assert newest and newest.get_change_message() == "Changed held for and what changed and why."
