"""Opening and closing of jobs. What a job does belongs to the app that opened it."""

import secrets
from pathlib import PurePath
from typing import Any, BinaryIO

from django.core.files import File
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now
from core.verdicts import Refused
from jobs.models import Job, JobState


def open_job(
    kind: str, file: BinaryIO, file_name: str, result: dict[str, Any], *, page: str, by: User, secret: str = ""
) -> str:
    """Keep a file and what is to be shown of it; `page` names the job's page. The stored name is not the sender's."""
    suffix = PurePath(file_name).suffix.lower()[:8]
    job = Job(owner=by, kind=kind, file_name=file_name[:200], result=result, created_at=database_now())
    job.file.save(f"{secrets.token_hex(16)}{suffix}", File(file), save=False)
    try:
        with once.action(by.pk, secret) as answer:
            job.save()
            answer.location = reverse(page, args=[job.pk])
    except BaseException:
        job.file.delete(save=False)
        raise
    return answer.location


def close_job(job: Job, state: str) -> None:
    """Leave the preview, once: by compare-and-set, inside the caller's transaction."""
    changed = Job.objects.filter(pk=job.pk, state=JobState.PREVIEWED).update(state=state, finished_at=database_now())
    if not changed:
        raise Refused(_("This file was already imported or cancelled. Please choose it again."))
