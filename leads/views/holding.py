"""What is done with a protection: prolong, let go, void, confirm a visit, record a deal (PROT-3, -4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.clock import likely_now
from core.forms import OnceForm
from core.http import HtmxRequest, answer
from core.verdicts import Verdict
from leads import consequences
from leads.forms.holding import ExtendForm, ReleaseForm, VisitForm, VoidForm, WonForm
from leads.holds import mark_of
from leads.models import Lead
from leads.services import holding
from leads.services.requesting import longer_asked_for
from leads.services.rivals import may_judge
from leads.views.detail import may_let_go, may_prolong, open_lead
from leads.views.filing import refused
from leads.views.work import say
from leads.workflow import Action, may


@dataclass(frozen=True)
class Deed:
    """One action: its form, its words, what it will do, and the service that does it."""

    action: Action
    form: type[OnceForm]
    title: Any
    button: Any
    done: Any
    foresee: Callable[[Lead, datetime], list[str]]
    do: Callable[..., str]
    loses: bool = False


EXTEND = Deed(
    Action.EXTEND,
    ExtendForm,
    _("Ask for longer protection"),
    _("Ask for it"),
    _("{number}: longer protection is asked for."),
    consequences.of_extension,
    holding.extend,
)
RELEASE = Deed(
    Action.RELEASE,
    ReleaseForm,
    _("Let the customer go"),
    _("Let go"),
    _("{number}: the customer is let go."),
    consequences.of_release,
    holding.let_go,
    loses=True,
)
VOID = Deed(
    Action.VOID,
    VoidForm,
    _("End the protection"),
    _("End it"),
    _("{number}: the protection is ended."),
    consequences.of_voiding,
    holding.void,
    loses=True,
)
VISIT = Deed(
    Action.CONFIRM_VISIT,
    VisitForm,
    _("Confirm the visit"),
    _("Confirm"),
    _("{number}: the visit is confirmed."),
    consequences.of_visit,
    holding.confirm_visit,
)
WIN = Deed(
    Action.WIN,
    WonForm,
    _("Record the deal"),
    _("Record"),
    _("{number}: the deal is recorded."),
    consequences.of_deal,
    holding.win,
)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.extend_lead", raise_exception=True)
def lead_extend(request: HtmxRequest, number: str) -> HttpResponse:
    return _ask(request, number, EXTEND)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.release_lead", raise_exception=True)
def lead_release(request: HtmxRequest, number: str) -> HttpResponse:
    return _ask(request, number, RELEASE)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.void_lead", raise_exception=True)
def lead_void(request: HtmxRequest, number: str) -> HttpResponse:
    return _ask(request, number, VOID)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.confirm_visit", raise_exception=True)
def lead_visit(request: HtmxRequest, number: str) -> HttpResponse:
    return _ask(request, number, VISIT)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.win_lead", raise_exception=True)
def lead_won(request: HtmxRequest, number: str) -> HttpResponse:
    return _ask(request, number, WIN)


def _ask(request: HtmxRequest, number: str, deed: Deed) -> HttpResponse:
    """Say what will happen and ask; a POST does it."""
    lead, now = open_lead(request.user, number), likely_now()
    form: Any = deed.form(request.POST if request.method == "POST" else None, user=request.user)

    def do() -> str:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return deed.do(lead, **given, by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _done(deed, lead), number, location)

    if form.is_bound and (response := answer(form, do, then)):
        return response
    verdict = _verdict(request, deed, lead, now)
    if not verdict and not form.is_bound:
        return refused(request, lead, verdict.reason)
    context = {
        "lead": lead,
        "mark": mark_of(lead, now),
        "deed": deed,
        "form": form,
        "sentences": deed.foresee(lead, now) if verdict else [],
    }
    return render(request, "leads/hold_action.html", context, status=422 if form.is_bound else 200)


def _done(deed: Deed, lead: Lead) -> Any:
    if deed is EXTEND and lead.protection and not lead.protection.terms.extension_needs_approval:
        return _("{number}: the protection is prolonged.")
    return deed.done


def _verdict(request: HtmxRequest, deed: Deed, lead: Lead, at: datetime) -> Verdict:
    """Whether it can be done now, by the workflow and, for longer protection, by the policy."""
    verdict = may(request.user, deed.action, lead)
    if verdict and deed is EXTEND:
        return may_prolong(lead, at, asked=longer_asked_for(lead.protection_id).exists())
    if verdict and deed is RELEASE:
        return may_let_go(lead)
    if verdict and deed is VOID and not (neutral := may_judge(request.user, lead)):
        return neutral
    if verdict and lead.protection is None and deed is not WIN:
        return Verdict(_("This filing does not hold its customer: it is %s.") % lead.get_hold_display())
    return verdict
