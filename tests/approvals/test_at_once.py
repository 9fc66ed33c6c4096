"""Many at once: a request is decided once, and deciding and lapsing never wait for each other in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from accounts import roles
from accounts.models import Unit, User
from approvals.kinds import KINDS
from approvals.models import Request
from approvals.services import decide, lapse
from core.clock import database_now
from core.models import Event
from core.verdicts import Refused
from jobs.ticking import PIECES, tick
from notices.models import Outbox
from tests.people import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]

AT_ONCE = 8
ROUNDS = 10


def all_at_once(*works: Callable[[], Any]) -> list[Any]:
    """Every work in a thread and with a connection of its own, started together; a refusal counts as its answer."""
    gate = Barrier(len(works))

    def start(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except Refused:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(start, works))


def lock_unit(unit_id: int) -> None:
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit_id)


def test_of_many_who_decide_at_once_one_does(asked, branch):
    auditors = [person(roles.AUDITOR, branch, f"auditor{place}") for place in range(AT_ONCE)]

    answers = all_at_once(*(lambda by=by: decide(asked.pk, "refuse", by=by, answer="太早") for by in auditors))

    assert sorted(answers) == ["/todo/", *["refused"] * (AT_ONCE - 1)]
    assert Event.objects.filter(action="refused").count() == Outbox.objects.count() == 1


def test_deciding_and_lapsing_at_once_end_in_one_of_the_two(monkeypatch, closing, auditor, agent, outlet, request_of):
    """Both lock the subject first and the request last."""
    monkeypatch.setitem(KINDS, "closing", replace(closing, lock=lambda request: lock_unit(request.subject_id)))

    def end() -> int:
        with transaction.atomic():
            lock_unit(outlet.pk)
            return lapse(Request.objects.about(outlet), at=database_now(), why="已结束")

    for _round in range(ROUNDS):
        request = request_of(User.objects.get(pk=agent.pk))

        answers = all_at_once(lambda pk=request.pk: decide(pk, "grant", by=auditor, answer=""), end)

        request.refresh_from_db()
        assert answers == (["/todo/", 0] if request.state == "granted" else ["refused", 1])
        assert Outbox.objects.filter(path=f"/todo/{request.pk}/").count() == 1


def test_of_many_ticks_at_once_one_works(monkeypatch):
    for name in list(PIECES):
        monkeypatch.delitem(PIECES, name)
    met = Barrier(AT_ONCE)
    monkeypatch.setitem(PIECES, "slow", lambda _at: met.wait())

    def work() -> bool:
        this = tick()
        if this.ended:
            met.wait()
        return bool(this.done)

    assert sorted(all_at_once(*[work] * AT_ONCE)) == [False] * (AT_ONCE - 1) + [True]
