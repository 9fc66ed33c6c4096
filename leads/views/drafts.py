"""A person's own drafts: list, save, delete, undo (LEAD-9)."""

from time import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import OnceForm
from core.http import HtmxRequest, answer
from leads.forms.drafts import DeleteDraftForm, DraftForm, UndoForm, UnsavedForm
from leads.forms.lists import filing_words
from leads.models import Draft
from leads.services import drafts

DELETED = "deleted_draft"
UNDO_FOR = 600  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("leads.add_lead", raise_exception=True)
def draft_list(request: HtmxRequest) -> HttpResponse:
    """What this person has put aside; a filing form sent here is put aside as it is."""
    return _save(request) if request.method == "POST" else _draw(request)


def _save(request: HtmxRequest) -> HttpResponse:
    form = DraftForm(request.POST, user=request.user)

    def do() -> str:
        return drafts.save_draft(request.user, form.typed, form.draft_id, form.secret)

    if response := answer(form, do, then=lambda location: messages.success(request, _("Saved as a draft."))):
        return response
    unsaved = UnsavedForm(form, words=filing_words(request.user), user=request.user)
    return render(request, "leads/lead_form.html", {"form": unsaved}, status=422)


def _draw(request: HtmxRequest, refused: OnceForm | None = None) -> HttpResponse:
    own = Draft.objects.filter(owner=request.user)
    deleted = _deleted(request)
    context = {
        "rows": [(draft, DeleteDraftForm(user=request.user)) for draft in own],
        "most": drafts.MOST_DRAFTS,
        "deleted": deleted,
        "undo": UndoForm(user=request.user) if deleted else None,
        "problems": refused.non_field_errors() if refused else (),
    }
    return render(request, "leads/drafts.html", context, status=422 if refused else 200)


def _deleted(request: HtmxRequest) -> dict[str, Any] | None:
    """The draft deleted last, as long as it can be brought back; the session forgets it after that."""
    deleted: dict[str, Any] | None = request.session.get(DELETED)
    if deleted and deleted["until"] < time():
        del request.session[DELETED]
        return None
    return deleted


@require_POST
@permission_required("leads.add_lead", raise_exception=True)
def draft_delete(request: HtmxRequest, draft_id: int) -> HttpResponse:
    """Asks nothing, since it can be undone: what was typed stays in the session for a while, and nowhere else."""
    form = DeleteDraftForm(request.POST, user=request.user)

    def do() -> str:
        deleted = drafts.delete_draft(request.user, draft_id, form.secret)
        request.session[DELETED] = deleted | {"until": time() + UNDO_FOR}
        return reverse("leads:drafts")

    try:
        return answer(form, do, then=lambda location: _say_deleted(request)) or _draw(request, form)
    except Draft.DoesNotExist as error:
        raise Http404 from error


def _say_deleted(request: HtmxRequest) -> None:
    """The toast's button belongs to the form that the list draws."""
    name = request.session[DELETED]["name"] or _("without a name")
    button = format_html('<button class="btn btn-sm btn-plain" type="submit" form="undo">{}</button>', _("Undo"))
    messages.success(request, format_html("{} {}", _("Deleted the draft %s.") % name, button))


@require_POST
@permission_required("leads.add_lead", raise_exception=True)
def draft_undo(request: HtmxRequest) -> HttpResponse:
    """Brings the draft deleted last back."""
    form = UndoForm(request.POST, user=request.user)

    def do() -> str:
        location = drafts.restore_draft(request.user, _deleted(request), form.secret)
        del request.session[DELETED]
        return location

    said = _("The draft is back.")
    return answer(form, do, then=lambda location: messages.success(request, said)) or _draw(request, form)
