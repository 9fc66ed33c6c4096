"""Two kinds of request about units, for as long as a test: to close one, and to count one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import Unit, User
from approvals.kinds import KINDS, Kind
from approvals.models import Request
from approvals.services import ask
from core.verdicts import Refused
from tests.factories import MORNING

DUE = MORNING + timedelta(days=2)


def close(request: Request, **_said: Any) -> None:
    Unit.objects.filter(pk=request.subject_id).update(active=False)


def rename(request: Request, **_said: Any) -> None:
    """What the applicant is told can be seen in the unit's name."""
    Unit.objects.filter(pk=request.subject_id).update(name=f"{request.details['name']}: {request.answer}")


def forbid(request: Request, **_said: Any) -> None:
    rename(request)
    raise Refused("Not this one.")


def in_sight(user: User) -> Any:
    return Unit.objects.below(user).values("pk")


def own_unit(user: User) -> Q:
    return Q(subject_id=user.unit_id)


@pytest.fixture
def closing(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """To be decided by whoever audits above the unit; people of the unit itself are party to it."""
    kind = Kind(
        key="closing",
        label="Close a unit",
        permission="leads.audit_lead",
        visible=in_sight,
        party=own_unit,
        on_granted=close,
        on_refused=rename,
        on_returned=rename,
    )
    monkeypatch.setitem(KINDS, "closing", kind)
    return kind


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """To be decided by the office; can't be returned, and granting fails."""
    kind = Kind(
        key="counting",
        label="Count a unit",
        permission="leads.full_check",
        visible=in_sight,
        on_granted=forbid,
        on_refused=close,
    )
    monkeypatch.setitem(KINDS, "counting", kind)
    return kind


@pytest.fixture
def request_of(closing: Kind) -> Callable[..., Request]:
    """Makes a request to close the applicant's unit."""

    def make(by: User, subject: Unit | None = None, kind: str = "closing", **fields: Any) -> Request:
        unit = subject or by.unit
        assert unit
        given = {"sentence": f"Close {unit.name}", "path": "/leads/", "reason": "搬家", "at": MORNING, "due_at": DUE}
        return ask(kind, unit, by=by, **{**given, "details": {"name": unit.name}, **fields})

    return make


@pytest.fixture
def asked(request_of: Callable[..., Request], agent: User) -> Request:
    """The agent asks to close 办公室."""
    return request_of(agent)
