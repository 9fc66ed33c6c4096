"""What can be asked for: apps register their kinds of request in `AppConfig.ready`, approvals knows none itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q, QuerySet

from approvals.choices import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from approvals.models import Request

Work = Callable[[], str]


class Handler(Protocol):
    """What a decision does, in its transaction; `request.answer` is the reason given. May raise `Refused`."""

    def __call__(self, request: "Request", *, by: "User", at: "datetime") -> None: ...


def nobody(_user: "User") -> Q:
    return Q(pk__in=[])


def nothing(_request: "Request") -> None:
    """Locks nothing."""


def once(work: Work) -> str:
    return work()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of request and who decides on it.

    `visible`: ids of the subjects that a person may know of. `party`: a condition on requests, true of those whose
    subject is a person's own; this person may not decide on them, as little as the applicant. `rival`: the
    same of those by whose outcome a person would gain.
    `lock` takes the locks that the handlers need, in the order of `leads.services`, before the clock is read.
    `around` runs the whole decision and may run it anew, such as `ownership.again`: its exception passes untouched.
    Without `on_returned` a request of this kind can't be returned.
    """

    key: str
    label: Any
    permission: str
    visible: Callable[["User"], QuerySet[Any]]
    on_granted: Handler
    on_refused: Handler
    on_returned: Handler | None = None
    party: Callable[["User"], Q] = nobody
    rival: Callable[["User"], Q] = nobody
    lock: Callable[["Request"], None] = nothing
    around: Callable[[Work], str] = once

    def handler(self, decision: str) -> Handler | None:
        """What happens on a decision; None where this kind does not know it."""
        handlers = {
            Decision.GRANT: self.on_granted,
            Decision.REFUSE: self.on_refused,
            Decision.RETURN: self.on_returned,
        }
        return handlers[Decision(decision)]

    @property
    def decisions(self) -> list[Decision]:
        return [decision for decision in Decision if self.handler(decision)]


KINDS: dict[str, Kind] = {}
FORESEEN: dict[str, Callable[["Request"], list[str]]] = {}
"""By the key of a kind: how things stand and what granting a request will do, in sentences for whoever decides."""


def register(kind: Kind) -> None:
    if kind.key in KINDS:
        raise ValueError(f"registered twice: {kind.key}")
    KINDS[kind.key] = kind


def decided_by(user: "User") -> list[Kind]:
    """The kinds that this person has the permission for."""
    return [kind for kind in KINDS.values() if user.has_perm(kind.permission)]
