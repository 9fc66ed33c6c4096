"""The requests about a filing as its page shows them: what waits for a decision, and what was decided last (APPR-2)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from accounts.models import User
from approvals.choices import RequestState
from approvals.kinds import KINDS, decided_by
from approvals.models import Request
from leads.choices import ACTIVE
from leads.models import Lead, Protection
from leads.services.requesting import longer_asked_for


class Asked(NamedTuple):
    """A request in words; `opens`: the viewer may look at its page."""

    request: Request
    label: Any
    opens: bool


def requests_about(lead: Lead) -> list[Request]:
    """All there ever were, the oldest first; among them what waits for longer protection of another filing's asking."""
    about = Request.objects.about(lead)
    if lead.hold in ACTIVE:
        about |= longer_asked_for(lead.protection_id)
    return list(about.with_names().order_by("pk"))


def label_of(request: Request) -> Any:
    kind = KINDS.get(request.kind)
    return kind.label if kind else request.kind


def waiting_of(requests: Sequence[Request], user: User) -> list[Asked]:
    return [_asked(request, user) for request in requests if request.state == RequestState.PENDING]


def decided_last(requests: Sequence[Request], protection: Protection | None, user: User) -> Asked | None:
    """The newest decision, until something newer is asked for or the protection ends after it."""
    newest = max(requests, key=lambda each: each.decided_at or each.asked_at, default=None)
    if newest is None or newest.decided_at is None:
        return None
    ended = protection.ended_at if protection else None
    return _asked(newest, user) if ended is None or newest.decided_at >= ended else None


def _asked(request: Request, user: User) -> Asked:
    opens = request.applicant_id == user.pk or request.kind in {kind.key for kind in decided_by(user)}
    return Asked(request, label_of(request), opens)
