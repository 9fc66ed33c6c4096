"""The papers of a lead: list, attach, show, take off (LEAD-11)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core.forms import OnceForm
from core.http import HtmxRequest, answer, photo_response
from leads.choices import PaperKind
from leads.forms.papers import PaperForm, RemovePaperForm
from leads.models import Assignment, Lead, Paper
from leads.services import papers
from leads.services.papers import may_attach, may_remove, papers_needed, sees_papers
from leads.views.work import lead_in_sight, say
from policies.models import Need


def lead_with_papers(user: User, number: str) -> Lead:
    lead = lead_in_sight(user, number)
    if not sees_papers(user, lead):
        raise Http404
    return lead


@require_http_methods(["GET", "HEAD", "POST"])
def lead_papers(request: HtmxRequest, number: str) -> HttpResponse:
    """What is attached, what is needed still, and the form to attach one more."""
    lead = lead_with_papers(request.user, number)
    if request.method != "POST":
        return _draw(request, lead)
    if not request.user.has_perm("leads.change_lead"):
        raise PermissionDenied
    form = PaperForm(request.POST, request.FILES, user=request.user)

    def do() -> str:
        given = form.cleaned_data
        return papers.attach(lead, kind=given["kind"], photo=given["photo"], by=request.user, secret=form.secret)

    def then(location: str) -> None:
        say(request, _("{number}: the paper is attached."), lead.number, lead.get_absolute_url())

    return answer(form, do, then) or _draw(request, lead, form=form)


def _draw(
    request: HtmxRequest, lead: Lead, form: PaperForm | None = None, removal: OnceForm | None = None
) -> HttpResponse:
    """The page; a form that was refused is shown again."""
    user = request.user
    attached = list(Paper.objects.filter(lead=lead).select_related("by"))
    missing = _missing(lead, attached)
    allowed = may_attach(user, lead)
    if form is None and allowed:
        form = PaperForm(user=user, initial={"kind": missing[0][0].value} if missing else None)
    refused = removal or (form if form and form.is_bound else None)
    context = {
        "lead": lead,
        "rows": [(paper, RemovePaperForm(user=user) if may_remove(user, paper, lead) else None) for paper in attached],
        "missing": missing,
        "form": form,
        "reason": allowed.reason if user.has_perm("leads.change_lead") else "",
        "problems": removal.non_field_errors() if removal else (),
        "back": _back(user, lead),
    }
    too_large = refused is not None and refused.has_error("photo", "heavy")
    return render(request, "leads/papers.html", context, status=413 if too_large else 422 if refused else 200)


def _missing(lead: Lead, attached: list[Paper]) -> list[tuple[PaperKind, bool]]:
    """The papers that the lead's kinds ask for and nobody has attached; whether they are required."""
    there = {paper.kind for paper in attached}
    needed = papers_needed(lead).items()
    missing = [(PaperKind(kind), need == Need.REQUIRED) for kind, need in needed if kind not in there]
    return sorted(missing, key=lambda pair: not pair[1])


def _back(user: User, lead: Lead) -> str:
    """The lead's page; a showroom has none and goes back to its case."""
    if user.has_perm("leads.view_lead"):
        return lead.get_absolute_url()
    case: Any = Assignment.objects.in_store_of(user).filter(lead=lead).order_by("pk").first()
    return reverse("leads:store_case", args=[case.pk]) if case else reverse("workbench")


@require_safe
def paper_photo(request: HtmxRequest, number: str, paper_id: int) -> FileResponse:
    """The picture of a paper; never by an address of its own."""
    lead = lead_with_papers(request.user, number)
    paper = get_object_or_404(Paper, pk=paper_id, lead=lead)
    return photo_response(paper.photo, f"{lead.number}-{paper.kind}-{paper.pk}.jpg")


@require_POST
def paper_remove(request: HtmxRequest, number: str, paper_id: int) -> HttpResponse:
    """Only by whoever attached it, while the lead is merely filed."""
    lead = lead_with_papers(request.user, number)
    form = RemovePaperForm(request.POST, user=request.user)

    def then(location: str) -> None:
        say(request, _("{number}: the paper is removed."), lead.number, lead.get_absolute_url())

    try:
        done = answer(form, lambda: papers.remove(lead, paper_id, by=request.user, secret=form.secret), then)
    except Paper.DoesNotExist as error:
        raise Http404 from error
    return done or _draw(request, lead, removal=form)
