"""Ask for something, decide on it, let it lapse.

Lock order: whatever the subject needs (customer, keys, lead, by the kind's `lock` and handlers), then requests by
ascending id, last. `decide` and `lapse` both keep it: `lapse` runs where the customer is locked already, and `decide`
writes its request only after the handler, by compare-and-set; whoever comes second is refused and all is rolled back.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from approvals.choices import Decision, RequestState
from approvals.kinds import KINDS, Kind
from approvals.models import Request
from approvals.querysets import RequestQuerySet
from core import events, once
from core.clock import database_now
from core.constraints import violates
from core.verdicts import ALLOWED, Problem, Refused, Verdict
from notices.outbox import Message, send

STATES = {
    Decision.GRANT: RequestState.GRANTED,
    Decision.REFUSE: RequestState.REFUSED,
    Decision.RETURN: RequestState.RETURNED,
}


def ask(
    kind: str,
    subject: models.Model,
    *,
    by: User,
    at: datetime,
    sentence: str,
    path: str,
    reason: str = "",
    details: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Request:
    """Make a request, inside the caller's transaction. Raises `Refused` while an equal one waits for its decision.

    `sentence` is shown in lists and messages: it names records by number.
    """
    request = Request(
        kind=KINDS[kind].key,
        **events.subject(subject),
        applicant=by,
        sentence=sentence,
        path=path,
        reason=reason,
        details=details or {},
        asked_at=at,
        due_at=due_at,
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        if violates(error, Request, "request_pending_once"):
            sentence = _("This has been asked for already and waits for a decision: nothing more is needed.")
            raise Refused(sentence) from error
        raise
    events.note_event(request, "ask", by=by, at=at, after=RequestState.PENDING, note=reason)
    return request


def may_decide(user: User, request: Request) -> Verdict:
    """Whether this person may decide on this request now (`domain.md`: nobody decides on anything of their own)."""
    kind = KINDS.get(request.kind)
    if request.state != RequestState.PENDING:
        return Verdict(_no_longer_open(request))
    if request.applicant_id == user.pk:
        return Verdict(_("This is your own request: it waits until a colleague who may decide on it does."))
    if kind is None or not user.has_perm(kind.permission):
        return Verdict(_("Your role doesn't decide on requests of this kind."))
    same = Request.objects.filter(pk=request.pk)
    if same.filter(kind.party(user)).exists():
        return Verdict(_("Nobody decides on a request of their own: a colleague has to do it."))
    if same.filter(kind.rival(user)).exists():
        return Verdict(_("You would gain by this decision yourself: a colleague has to make it."))
    if not same.filter(subject_id__in=kind.visible(user)).exists():
        return Verdict(_("What this is about lies outside what you may see."))
    return ALLOWED


def _no_longer_open(request: Request) -> str:
    if request.state == RequestState.LAPSED and request.answer:
        sentence = _("This has lapsed and needs no decision any more. %(why)s")
        return sentence % {"why": request.answer}
    return _("This is no longer open: %(state)s.") % {"state": request.get_state_display()}


def decide(request_id: int, decision: str, *, by: User, answer: str, secret: str = "") -> str:
    """Decide on a request, in one transaction with what follows from it; the address to go on to.

    Raises `Refused`, from here or from the kind's handler.
    """
    key = Request.objects.values_list("kind", flat=True).get(pk=request_id)
    if key not in KINDS:
        raise Refused(_("Nobody here decides on requests of this kind any more."))
    kind = KINDS[key]
    return kind.around(lambda: _decide(kind, request_id, Decision(decision), by=by, answer=answer, secret=secret))


def _decide(kind: Kind, request_id: int, decision: Decision, *, by: User, answer: str, secret: str) -> str:
    with once.action(by.pk, secret) as done:
        kind.lock(Request.objects.get(pk=request_id))
        request, at = Request.objects.get(pk=request_id), database_now()
        if not (verdict := may_decide(by, request)):
            raise Refused(verdict.reason)
        handler = kind.handler(decision)
        if handler is None:
            raise Refused([Problem(_("A request of this kind can only be granted or refused."), "decision")])
        if decision != Decision.GRANT and not answer:
            raise Refused([Problem(_("Please say why: the applicant reads it."), "answer", "required")])
        request.answer = answer
        handler(request, by=by, at=at)
        _close(request, STATES[decision], by=by, at=at)
        done.location = reverse("todo")
    return done.location


def _close(request: Request, state: RequestState, *, by: User, at: datetime) -> None:
    """Write the decision by compare-and-set, and tell the applicant."""
    undecided = Request.objects.filter(pk=request.pk, state=RequestState.PENDING)
    if not undecided.update(state=state, decided_by=by, decided_at=at, answer=request.answer):
        raise Refused(_("Somebody was quicker: this has just changed. Look at it again."))
    request.state, request.decided_by, request.decided_at = state, by, at
    events.note_event(request, state, by=by, at=at, before=RequestState.PENDING, after=state, note=request.answer)
    send([_told(request)], at)


def lapse(requests: RequestQuerySet, *, at: datetime, why: Any) -> int:
    """Close what waits of these requests because its subject has ended, and tell the applicants; how many there were.

    Inside the caller's transaction, with the subjects' locks held. A lazy `why` is kept in the site's language.
    """
    waiting = requests.filter(state=RequestState.PENDING)
    ended = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not ended:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        answer = str(why)
    for request in ended:
        request.state, request.decided_at, request.answer = RequestState.LAPSED, at, answer
    Request.objects.bulk_update(ended, ["state", "decided_at", "answer"])
    _note_lapse(ended, at)
    send(map(_told, ended), at)
    return len(ended)


def _note_lapse(ended: Iterable[Request], at: datetime) -> None:
    events.Event.objects.bulk_create(
        events.event(
            request,
            RequestState.LAPSED,
            by=None,
            at=at,
            before=RequestState.PENDING,
            after=RequestState.LAPSED,
            note=request.answer,
        )
        for request in ended
    )


def _told(request: Request) -> Message:
    """What the applicant is told of how a request ended, in the site's language; the reason stands on its page."""
    with translation.override(settings.LANGUAGE_CODE):
        sentence = outcome_words(request)
    return Message(
        kind=f"request_{request.state}",
        to_id=request.applicant_id,
        sentence=sentence,
        path=reverse("todo_request", args=[request.pk]),
        subject_type=request.subject_type,
        subject_id=request.subject_id,
    )


def outcome_words(request: Request) -> str:
    """What was asked and what became of it, in one sentence."""
    said = {"sentence": request.sentence, "state": request.get_state_display()}
    return _("%(sentence)s: %(state)s.") % said
