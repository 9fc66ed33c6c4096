"""Asking, deciding and lapsing; who may, and that nobody decides twice or on a request of their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from approvals.choices import RequestState
from approvals.kinds import KINDS, decided_by, register
from approvals.models import Request
from approvals.services import decide, lapse, may_decide
from core.clock import told
from core.events import subject
from core.models import Event
from core.once import AlreadyDone
from core.verdicts import Refused
from notices.models import Outbox
from tests.approvals.conftest import DUE
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LATER = MORNING + timedelta(hours=3)


def say(request: Request, by: Any, decision: str = "grant", answer: str = "", secret: str = "") -> str:
    with told(LATER):
        return decide(request.pk, decision, by=by, answer=answer, secret=secret)


def fresh(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def steps(request: Request) -> list[Any]:
    events = Event.objects.filter(**subject(request)).order_by("pk")
    return list(events.values_list("action", "before", "after", "by__username", "note"))


def test_asking_writes_the_request_and_its_event(asked, agent, outlet):
    found = fresh(asked)

    assert (found.kind, found.subject_type, found.subject_id) == ("closing", "accounts.unit", outlet.pk)
    assert (found.applicant, found.state, found.reason, found.due_at) == (agent, "pending", "搬家", DUE)
    assert steps(asked) == [("ask", "", "pending", "agent", "搬家")]


def test_the_same_is_asked_once_while_it_waits(asked, agent, colleague, outlet, request_of, auditor):
    with pytest.raises(Refused, match="asked for already"):
        request_of(colleague, outlet)
    assert Request.objects.count() == 1

    say(asked, auditor, "refuse", "太早")
    request_of(agent)

    assert Request.objects.filter(state="pending").count() == 1


def test_two_kinds_and_two_subjects_wait_beside_each_other(asked, agent, colleague, counting, request_of):
    request_of(agent, kind="counting")
    request_of(colleague)

    assert Request.objects.filter(state="pending").count() == 3


def test_granting_does_what_was_asked_and_tells_the_applicant(asked, auditor, agent, outlet):
    location = say(asked, auditor, answer="同意")

    found = fresh(asked)
    message = Outbox.objects.get()
    assert location == "/todo/"
    assert Unit.objects.get(pk=outlet.pk).active is False
    assert (found.state, found.decided_by, found.decided_at, found.answer) == ("granted", auditor, LATER, "同意")
    assert steps(asked)[1:] == [("granted", "pending", "granted", "auditor", "同意")]
    assert (message.kind, message.to, message.sentence) == ("request_granted", agent, "Close 办公室: granted.")
    assert (message.path, message.at) == (f"/todo/{asked.pk}/", LATER)
    assert (message.subject_type, message.subject_id) == ("accounts.unit", outlet.pk)


@pytest.mark.parametrize(("decision", "state"), [("refuse", "refused"), ("return", "returned")])
def test_handler_of_a_no_knows_its_reason(asked, auditor, outlet, decision, state):
    say(asked, auditor, decision, "缺合同")

    assert (fresh(asked).state, fresh(asked).answer) == (state, "缺合同")
    assert Unit.objects.get(pk=outlet.pk).name == "办公室: 缺合同"
    assert Outbox.objects.get().kind == f"request_{state}"


@pytest.mark.parametrize("decision", ["refuse", "return"])
def test_a_no_needs_a_reason(asked, auditor, decision):
    with pytest.raises(Refused) as refused:
        say(asked, auditor, decision)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("answer", "required")]
    assert fresh(asked).state == "pending"


def test_a_kind_that_cannot_be_returned_says_so(agent, counting, request_of, office):
    request = request_of(agent, kind="counting")

    with pytest.raises(Refused) as refused:
        say(request, office, "return", "缺合同")

    assert [problem.field for problem in refused.value.problems] == ["decision"]
    assert fresh(request).state == "pending"


def test_refusal_of_the_handler_undoes_everything(agent, counting, request_of, office, outlet):
    request = request_of(agent, kind="counting")

    with pytest.raises(Refused, match="Not this one"):
        say(request, office)

    assert fresh(request).state == "pending"
    assert Unit.objects.get(pk=outlet.pk).name == "办公室"
    assert not Outbox.objects.exists()


REASONS = {
    "agent": "This is your own request: it waits until a colleague who may decide on it does.",
    "manager": "Nobody decides on a request of their own: a colleague has to do it.",
    "idle_manager": "Nobody decides on a request of their own: a colleague has to do it.",
    "office": "Your role doesn't decide on requests of this kind.",
    "auditor": "",
    "administrator": "What this is about lies outside what you may see.",
}


@pytest.mark.parametrize("who", REASONS)
@pytest.mark.usefixtures(*REASONS)
def test_who_may_decide(request, asked, headquarters, who):
    """The managers belong to the unit that is to be closed; the administrator has every permission, but no rows."""
    user = request.getfixturevalue(who)
    if who == "administrator":
        user.unit = None

    verdict = may_decide(user, asked)

    assert verdict.reason == REASONS[who]
    assert list(Request.objects.waiting_for(user)) == ([] if REASONS[who] else [asked])


def test_applicant_with_the_right_decides_on_nothing_of_their_own(auditor, outlet, request_of):
    request = request_of(auditor, outlet)

    with pytest.raises(Refused, match="This is your own request"):
        say(request, auditor)

    assert fresh(request).state == "pending"
    assert not Request.objects.waiting_for(auditor).exists()
    assert list(Request.objects.visible_to(auditor)) == [request]


def test_who_would_gain_does_not_decide(asked, auditor, closing, monkeypatch):
    monkeypatch.setitem(KINDS, "closing", replace(closing, rival=lambda user: Q(subject_id=asked.subject_id)))

    with pytest.raises(Refused, match="You would gain by this decision yourself"):
        say(asked, auditor)

    assert fresh(asked).state == "pending"
    assert not Request.objects.waiting_for(auditor).exists()


def test_party_decides_on_nothing_of_theirs(asked, manager):
    with pytest.raises(Refused, match="Nobody decides on a request of their own"):
        say(asked, manager)

    assert list(Request.objects.visible_to(manager)) == [asked]


def test_second_decision_learns_of_the_first(asked, auditor):
    say(asked, auditor, answer="同意")

    with pytest.raises(Refused, match=r"This is no longer open: granted\."):
        say(asked, auditor, "refuse", "不行")

    assert (fresh(asked).state, Outbox.objects.count()) == ("granted", 1)


def test_decision_that_was_overtaken_while_it_worked_leaves_nothing(monkeypatch, asked, closing, auditor, outlet):
    def overtaken(request: Request, **said: Any) -> None:
        closing.on_granted(request, **said)
        Request.objects.filter(pk=request.pk).update(state="refused", decided_at=LATER)

    monkeypatch.setitem(KINDS, "closing", replace(closing, on_granted=overtaken))

    with pytest.raises(Refused, match="Somebody was quicker"):
        say(asked, auditor)

    assert Unit.objects.get(pk=outlet.pk).active is True
    assert not Outbox.objects.exists()


def test_same_form_sent_twice_decides_once(asked, auditor):
    say(asked, auditor, secret="s1")

    with pytest.raises(AlreadyDone) as replay:
        say(asked, auditor, secret="s1")

    assert replay.value.location == "/todo/"
    assert Outbox.objects.count() == 1


class Overtaken(Exception):
    """What a kind's own door tries again after."""


def test_kind_may_run_a_decision_anew(monkeypatch, asked, closing, auditor):
    tries = []

    def first_fails(request: Request, **said: Any) -> None:
        tries.append(request.state)
        closing.on_granted(request, **said)
        if len(tries) == 1:
            raise Overtaken

    def twice(work: Any) -> str:
        with pytest.raises(Overtaken):
            work()
        assert (fresh(asked).state, Event.objects.filter(action="granted").count()) == ("pending", 0)
        return str(work())

    monkeypatch.setitem(KINDS, "closing", replace(closing, on_granted=first_fails, around=twice))

    assert say(asked, auditor, secret="s1") == "/todo/"
    assert (tries, fresh(asked).state) == (["pending", "pending"], "granted")


def test_clock_is_read_and_the_request_too_after_the_kinds_locks(monkeypatch, asked, closing, auditor):
    def lapsed_meanwhile(request: Request) -> None:
        lapse(Request.objects.about(request_subject), at=LATER, why="已结束")

    request_subject = Unit.objects.get(pk=asked.subject_id)
    monkeypatch.setitem(KINDS, "closing", replace(closing, lock=lapsed_meanwhile))

    with pytest.raises(Refused, match=r"This has lapsed and needs no decision any more\. 已结束"):
        say(asked, auditor)


def test_requests_lapse_with_their_subject_and_say_why(asked, agent, colleague, counting, request_of, outlet, auditor):
    counted = request_of(agent, kind="counting")
    elsewhere = request_of(colleague)
    waiting = Request.objects.about(outlet)

    ended = lapse(waiting, at=LATER, why="保护已到期")

    found = fresh(asked)
    assert ended == 2
    assert (found.state, found.decided_by, found.decided_at, found.answer) == ("lapsed", None, LATER, "保护已到期")
    assert (fresh(counted).state, fresh(elsewhere).state) == ("lapsed", "pending")
    assert steps(asked)[1:] == [("lapsed", "pending", "lapsed", None, "保护已到期")]
    assert set(Outbox.objects.values_list("to__username", "kind")) == {("agent", "request_lapsed")}
    assert Outbox.objects.count() == 2


def test_nothing_lapses_that_was_decided(asked, auditor, outlet, django_assert_num_queries):
    say(asked, auditor, "refuse", "太早")

    with django_assert_num_queries(1):
        assert lapse(Request.objects.about(outlet), at=LATER, why="保护已到期") == 0

    assert fresh(asked).state == RequestState.REFUSED


def test_kind_that_nobody_registers_any_more_is_decided_by_nobody(monkeypatch, asked, auditor):
    monkeypatch.delitem(KINDS, "closing")

    with pytest.raises(Refused, match="Nobody here decides"):
        say(asked, auditor)

    assert decided_by(auditor) == []
    assert may_decide(auditor, asked).reason == "Your role doesn't decide on requests of this kind."


def test_kind_is_registered_once(closing):
    with pytest.raises(ValueError, match="registered twice: closing"):
        register(closing)


def test_what_waits_is_listed_with_the_first_due_at_the_head(auditor, agent, colleague, store, request_of):
    undated = request_of(agent, store, due_at=None)
    late = request_of(agent, due_at=DUE + timedelta(days=1))
    soon = request_of(colleague)

    assert list(Request.objects.waiting_for(auditor)) == [soon, late, undated]


def test_what_is_kept_is_in_the_language_of_the_site(settings, asked, agent, auditor, outlet, request_of):
    settings.LANGUAGE_CODE, why = "zh-hans", gettext_lazy("Nobody here decides on requests of this kind any more.")
    with translation.override("en"):
        say(asked, auditor, answer="同意")
        request_of(agent)
        lapse(Request.objects.about(outlet), at=LATER, why=why)

    assert list(Outbox.objects.order_by("pk").values_list("sentence", flat=True)) == [
        "Close 办公室已批准。",
        "Close 办公室已失效。",
    ]
    assert Request.objects.get(state="lapsed").answer == "此类申请已停用，无人审批。"
