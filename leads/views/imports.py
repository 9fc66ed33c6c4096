"""Import of leads: choose a file, look at what it would do, decide, fetch what was faulty (IMPEX-1)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import HtmxRequest, answer
from jobs.models import Job, JobState
from jobs.services import open_job
from leads.exports import faulty_rows
from leads.exports import import_template as template_file
from leads.forms.imports import ImportDecisionForm, UploadForm
from leads.imports import import_rows, preview, tally
from leads.preview import Preview
from leads.services.importing import cancel_import

KIND = "lead-import"


@require_http_methods(["GET", "POST"])
@permission_required("leads.import_lead", raise_exception=True)
def import_upload(request: HtmxRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "leads/import.html", {"form": UploadForm(user=request.user)})
    form = UploadForm(request.POST, request.FILES, user=request.user)
    if response := answer(form, lambda: _open(form, request)):
        return response
    status = 413 if form.has_error("file", "too_large") else 422
    return render(request, "leads/import.html", {"form": form}, status=status)


def _open(form: UploadForm, request: HtmxRequest) -> str:
    file = form.cleaned_data["file"]
    result = preview(file, file.name, by=request.user)
    file.seek(0)
    page = "leads:import_job"
    return open_job(KIND, file, file.name, result, page=page, by=request.user, secret=form.secret)


@require_safe
@permission_required("leads.import_lead", raise_exception=True)
def import_template(request: HtmxRequest) -> HttpResponseBase:
    return template_file(request.user)


def _job(request: HtmxRequest, job_id: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=job_id, kind=KIND)


@require_http_methods(["GET", "POST"])
@permission_required("leads.import_lead", raise_exception=True)
def import_job(request: HtmxRequest, job_id: int) -> HttpResponse:
    """Preview, and after the decision the result."""
    job = _job(request, job_id)
    form = ImportDecisionForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and (response := answer(form, lambda: _decide(request, form, job))):
        return response
    context: dict[str, Any] = {"form": form, "job": job, "preview": Preview(job, request.GET.get("show", ""))}
    return render(request, "leads/import_job.html", context, status=422 if form.is_bound else 200)


def _decide(request: HtmxRequest, form: ImportDecisionForm, job: Job) -> str:
    location = reverse("leads:import_job", args=[job.pk])
    if not form.imports:
        cancel_import(job, location=location, by=request.user, secret=form.secret)
        messages.info(request, _("Cancelled: nothing was imported."))
        return location
    result = import_rows(job, location=location, by=request.user, secret=form.secret)
    messages.success(request, tally(result))
    return location


@require_safe
@permission_required("leads.import_lead", raise_exception=True)
def import_faulty(request: HtmxRequest, job_id: int) -> HttpResponseBase:
    job = _job(request, job_id)
    if job.state == JobState.CANCELLED:
        raise Http404
    return faulty_rows(job)
