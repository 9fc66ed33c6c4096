"""File, check while typing, edit, delete."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core.clock import likely_now
from core.http import HtmxRequest, answer
from leads.choices import Answer, Hold
from leads.consequences import of_withdrawal
from leads.facts import what_it_waits_for
from leads.forms.filing import CheckForm, DeleteForm, EditForm, FilingForm
from leads.forms.kinds import KIND_NAMES
from leads.forms.lists import filing_words
from leads.models import Draft, Lead
from leads.queues import places_of
from leads.quotas import cap_in
from leads.services import checking, drafts, filing
from leads.sight import PERSONAL, in_full
from leads.spans import first_end
from leads.verdicts import drawn, for_machines, may_queue, ways_out
from leads.workflow import Action, may
from policies.models import CompanyDesigner
from policies.sentences import through

COPIED = (
    "filing_kind",
    "customer_kind",
    "name",
    "mobile",
    "phone",
    "city",
    "community",
    "building_room",
    "source",
    "order_type",
    "member_card",
    "decoration_company",
    "designer",
    "designer_phone",
    "referrer_name",
    "referrer_mobile",
    "referrer_card",
    "referring_employee",
    "budget_note",
    *KIND_NAMES,
)


@require_http_methods(["GET", "POST"])
@permission_required("leads.add_lead", raise_exception=True)
def lead_create(request: HtmxRequest) -> HttpResponse:
    """LEAD-3; with `copy`, quick filing from another lead (LEAD-7), with `draft`, what was put aside (LEAD-9)."""
    model = _copied(request)
    data = request.POST if request.method == "POST" else None
    initial = (values_of(model, request.user) if model else {}) | _drafted(request)
    words = filing_words(request.user, communities=_communities(request), filer_id=_filer_id(request))
    form = FilingForm(data, words=words, user=request.user, initial=initial)
    if request.method == "POST" and (response := _file(request, form)):
        return response
    return _draw(request, form, copied=model)


def _communities(request: HtmxRequest) -> list[str]:
    """The community as typed: its other names come with the choice lists."""
    return request.POST.getlist("community")[-1:]


def _filer_id(request: HtmxRequest) -> int | None:
    """Whose quota a filing that is sent will use, as far as it can be read before the form is."""
    if request.method != "POST":
        return None
    typed = request.POST.get("filer", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else request.user.pk


def _drafted(request: HtmxRequest) -> dict[str, Any]:
    """The texts of the draft asked for, and its id; 404 for one that is not the person's own."""
    asked = request.GET.get("draft", "")
    if not asked or request.method == "POST":
        return {}
    try:
        draft = drafts.draft_of(request.user, int(asked) if asked.isdecimal() and len(asked) < 12 else 0)
    except Draft.DoesNotExist as error:
        raise Http404 from error
    return draft.typed | {"draft": draft.pk}


def _file(request: HtmxRequest, form: FilingForm) -> HttpResponse | None:
    """File what the form says; None where it has to be drawn again with its problems."""
    done: list[Any] = []

    def do() -> str:
        claim, draft_id = form.claim(), form.cleaned_data["draft"]
        caps = {claim.filer_id: cap_in(form.words["quota"])} if claim.filer_id == _filer_id(request) else None
        filer, by = _filer(form, request.user), request.user
        outcome = filing.file_lead(claim, by=by, filer=filer, secret=form.secret, draft_id=draft_id, caps=caps)
        done.append(outcome)
        return str(done[0].lead.get_absolute_url())

    shape = form.is_valid()
    if response := answer(form, do, then=lambda location: _say_filed(request, form, done[0])):
        return response
    if not shape:
        form.complain()
    return None


def _filer(form: FilingForm, user: User) -> User:
    chosen = form.cleaned_data.get("filer")
    return user if chosen in {None, user.pk} else User.objects.fileable_by(user).get(pk=chosen)


def _say_filed(request: HtmxRequest, form: FilingForm, outcome: Any) -> None:
    lead = outcome.lead
    link = format_html('<a href="{}">{}</a>', lead.get_absolute_url(), lead.number)
    place = places_of([lead.pk]).get(lead.pk) if lead.hold == Hold.QUEUED else None
    sentence, end = _("Filed {} {}."), _end_of(outcome)
    if place:
        sentence = _("Filed {} {}: it waits in place {} of the queue.")
    elif end:
        sentence = _("Filed {} {}: protected through {}.")
    said = format_html(sentence, link, lead.name, place or end)
    messages.success(request, format_html("{} {}", said, what_it_waits_for(lead)) if not place else said)
    for problem in outcome.problems:
        messages.warning(request, problem.sentence)
    for sentence in form.ignored:
        messages.info(request, sentence)


def _end_of(outcome: Any) -> str:
    """The last day of a protection that the filing has just opened, "" where it waits, joins another or has no end."""
    lead, claim = outcome.lead, outcome.claim
    if lead.hold != Hold.PROTECTED or outcome.judgement.joins is not None:
        return ""
    end = first_end(lead.filed_at, claim.terms, claim.calendar).at
    return through(end) if end else ""


def _copied(request: HtmxRequest) -> Lead | None:
    if number := request.GET.get("copy"):
        return get_object_or_404(Lead.objects.visible_to(request.user), number=number.replace("\0", ""))
    return None


def values_of(lead: Lead, user: User) -> dict[str, Any]:
    """A lead's data as initial values; personal ones only for whom they are shown in full."""
    hidden = () if in_full(user, lead) else PERSONAL
    values = {name: getattr(lead, f"{name}_id", getattr(lead, name)) for name in COPIED if name not in hidden}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _draw(request: HtmxRequest, form: FilingForm, **context: Any) -> HttpResponse:
    refused = getattr(form, "refused", None)
    outcome = refused.context.get("outcome") if refused else None
    if outcome and (outcome.judgement.answer == Answer.TAKEN or outcome.judgement.repeats):
        said = ways_out(outcome) if may_queue(outcome) else []
        context |= drawn(outcome, form, request.user) | {"sentences": said}
    context.setdefault("room", bool(form.is_bound and form.data.get("queue")))
    status = 422 if form.is_bound else 200
    return render(request, "leads/lead_form.html", {"form": form, **context}, status=status)


@require_POST
@permission_required("leads.add_lead", raise_exception=True)
def lead_check(request: HtmxRequest) -> HttpResponse:
    """LEAD-10: what filing would answer, as fragment or JSON; one value drawn twice."""
    words = filing_words(request.user, communities=_communities(request))
    form = CheckForm(request.POST, words=words, user=request.user)
    form.is_valid()
    outcome = checking.check(form.claim(), by=request.user)
    status = 429 if outcome.silent else 200
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(for_machines(outcome, form, request.user), status=status)
    changed = may_queue(outcome) != bool(request.POST.get("queue"))
    context = drawn(outcome, form, request.user) | {"changed": changed}
    return render(request, "components/verdict.html", context, status=status)


@require_GET
@permission_required("leads.add_lead", raise_exception=True)
def designer_phone(request: HtmxRequest) -> HttpResponse:
    """What the fetch button fills in from the directory."""
    chosen = request.GET.get("designer", "")
    designers = CompanyDesigner.objects.filter(active=True, company__active=True)
    found = get_object_or_404(designers, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 12 else 0)
    return JsonResponse({"phone": found.phone})


@require_http_methods(["GET", "POST"])
@permission_required("leads.change_lead", raise_exception=True)
def lead_edit(request: HtmxRequest, number: str) -> HttpResponse:
    """LEAD-6: only while the lead is merely filed."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user).with_names(), number=number)
    if request.method == "GET" and not (verdict := may(request.user, Action.EDIT, lead)):
        return refused(request, lead, verdict.reason)
    data = request.POST if request.method == "POST" else None
    words = filing_words(request.user, lead, _communities(request))
    form = EditForm(data, words=words, user=request.user, lead=lead)
    if request.method == "POST" and (response := _edit(request, form, lead)):
        return response
    return _draw(request, form, lead=lead)


def _edit(request: HtmxRequest, form: EditForm, lead: Lead) -> HttpResponse | None:
    def do() -> str:
        seen = form.cleaned_data["seen"]
        return filing.edit_lead(lead, form.claim(), by=request.user, seen=seen, secret=form.secret)

    shape = form.is_valid()
    said = format_html(_("Changed {}."), format_html('<a href="{}">{}</a>', lead.get_absolute_url(), lead.number))
    if response := answer(form, do, then=lambda location: messages.success(request, said)):
        return response
    if not shape:
        form.complain()
    return None


def refused(request: HtmxRequest, lead: Lead, reason: Any) -> HttpResponse:
    """A page instead of a form: why this can't be done now, and what can."""
    return render(request, "leads/refused.html", {"lead": lead, "reason": reason}, status=422)


@require_http_methods(["GET", "POST"])
@permission_required("leads.delete_lead", raise_exception=True)
def lead_delete(request: HtmxRequest, number: str) -> HttpResponse:
    """Withdraw: asks first, then the row leaves the lists and keeps its number."""
    leads = Lead.objects.visible_to(request.user).with_names().select_related("protection__version")
    lead = get_object_or_404(leads, number=number)
    if request.method == "GET" and not (verdict := may(request.user, Action.WITHDRAW, lead)):
        return refused(request, lead, verdict.reason)
    data = request.POST if request.method == "POST" else None
    form, queued = DeleteForm(data, user=request.user), lead.hold == Hold.QUEUED
    if request.method == "POST":
        said = _left_queue() if queued else _("Deleted %(number)s %(name)s. Its number and today's quota stay used.")
        said %= {"number": lead.number, "name": lead.name}
        response = answer(
            form,
            lambda: filing.withdraw(lead, by=request.user, secret=form.secret),
            then=lambda location: messages.success(request, said),
        )
        if response:
            return response
    context = {
        "form": form,
        "lead": lead,
        "title": _("Leave the queue") if queued else _("Delete the filing"),
        "question": (_("Leave the queue with %(number)s %(name)s?") if queued else _("Delete %(number)s %(name)s?"))
        % {"number": lead.number, "name": lead.name},
        "action": _("Leave the queue") if queued else _("Delete"),
        "sentences": of_withdrawal(lead, likely_now()),
    }
    return render(request, "leads/lead_delete.html", context, status=422 if form.is_bound else 200)


def _left_queue() -> str:
    return _("%(number)s %(name)s has left the queue. Its number and today's quota stay used.")
