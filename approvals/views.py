"""What waits for my decision, what I asked for, and one request (APPR-1, APPR-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from approvals.choices import RequestState
from approvals.forms import AnswerForm
from approvals.kinds import FORESEEN, KINDS, decided_by
from approvals.models import Request
from approvals.services import STATES, decide, may_decide, outcome_words
from core.clock import likely_now
from core.http import HtmxRequest, answer
from core.tables import numbered_page
from core.verdicts import Verdict

COUNT_TO = 99
MINE = "mine"
APPLICANTS = ("leads.add_lead", "leads.extend_lead")
"""Whoever may file or ask for longer protection has requests of their own to look at."""
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """A request as the lists draw it."""

    request: Request
    label: Any
    overdue: bool


def rows_of(requests: Iterable[Request]) -> list[Row]:
    now = likely_now()
    return [Row(request, label_of(request), bool(request.due_at and request.due_at <= now)) for request in requests]


def label_of(request: Request) -> Any:
    kind = KINDS.get(request.kind)
    return kind.label if kind else request.kind


def may_ask(user: User) -> bool:
    return any(user.has_perm(right) for right in APPLICANTS)


def enter(user: User) -> bool:
    """Whether this person decides on anything. Who neither decides nor asks for anything has no business here."""
    decides = bool(decided_by(user))
    if not decides and not may_ask(user) and not Request.objects.filter(applicant=user).exists():
        raise PermissionDenied
    return decides


def page_number(asked: str) -> int:
    return min(int(asked), LAST_PAGE) if asked.isascii() and asked.isdecimal() and asked.strip("0") else 1


@require_safe
def todo(request: HtmxRequest) -> HttpResponse:
    """What waits for my decision; `?show=mine`, what I asked for and what became of it."""
    user = request.user
    decides = enter(user)
    mine = not decides or request.GET.get("show") == MINE
    found = Request.objects.filter(applicant=user).order_by("-asked_at", "-pk")
    listed = found if mine else Request.objects.waiting_for(user)
    page = numbered_page(listed.with_names(), page_number(request.GET.get("page", "")), request.GET)
    views = tabs(user, decides, mine)
    title = _("To do") if decides else _("My requests")
    context = {"page": page, "rows": rows_of(page.rows), "mine": mine, "views": views, "title": title}
    return render(request, "approvals/todo.html", context)


def tabs(user: User, decides: bool, mine: bool) -> list[dict[str, Any]]:
    """Only what waits is counted, and no further than its badge can say."""
    own = {"label": _("My requests"), "url": f"?show={MINE}", "active": mine}
    if not decides:
        return [own]
    count = Request.objects.waiting_for(user).order_by()[: COUNT_TO + 1].count()
    shown = f"{COUNT_TO}+" if count > COUNT_TO else str(count)
    return [{"label": _("Waits for me"), "url": "?", "active": not mine, "count": shown}, own]


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HtmxRequest, pk: int) -> HttpResponse:
    """One request; a POST decides on it."""
    user = request.user
    enter(user)
    found = in_sight(user, pk)
    kind = KINDS.get(found.kind)
    if request.method != "POST":
        return show(request, found, verdict := may_decide(user, found), fresh_form(user, found) if verdict else None)
    if kind is None or not user.has_perm(kind.permission):
        raise PermissionDenied
    form = AnswerForm(request.POST, user=user, decisions=kind.decisions)
    if response := answer(form, lambda: decide_one(request, found, form)):
        return response
    found = in_sight(user, pk)
    return show(request, found, may_decide(user, found), form, status=422)


def in_sight(user: User, pk: int) -> Request:
    return get_object_or_404(Request.objects.visible_to(user).with_names(), pk=pk)


def fresh_form(user: User, found: Request) -> AnswerForm:
    return AnswerForm(user=user, decisions=KINDS[found.kind].decisions)


def decide_one(request: HtmxRequest, found: Request, form: AnswerForm) -> str:
    decision, given = form.cleaned_data["decision"], form.cleaned_data["answer"]
    location = decide(found.pk, decision, by=request.user, answer=given, secret=form.secret)
    found.state = STATES[decision]
    messages.success(request, outcome_words(found))
    return location


def show(
    request: HtmxRequest, found: Request, verdict: Verdict, form: AnswerForm | None, status: int = 200
) -> HttpResponse:
    """The page of a request. A form that was refused is shown again; of one that nobody can decide any more what was
    typed remains."""
    [row] = rows_of([found])
    waits = found.state == RequestState.PENDING
    foresee = FORESEEN.get(found.kind)
    context = {
        "asked": found,
        "row": row,
        "may_decide": verdict,
        "form": form if waits else None,
        "typed": form["answer"].value() if form and not waits else "",
        "too_late": form.non_field_errors() if form and not waits else (),
        "sentences": foresee(found) if foresee and waits else (),
        "home": _("To do") if decided_by(request.user) else _("My requests"),
    }
    return render(request, "approvals/request.html", context, status=status)
