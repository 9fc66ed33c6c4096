"""Filing of many claims at once: in chunks, each with the job's record of it in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from core import once
from core.clock import database_now
from core.events import note_event
from core.verdicts import Refused
from jobs.models import Job, JobState
from jobs.services import close_job
from leads.choices import Door
from leads.claims import Claim, Outcome
from leads.services.filing import file_batch
from leads.services.settling import again

CHUNK = 500

Keep = Callable[[Sequence[Outcome]], dict[str, Any]]


def start_import(job: Job, result: dict[str, Any], *, location: str, by: User, secret: str = "") -> None:
    """Take the job out of its preview, `result` telling that no row is filed yet. One sender goes on."""
    with once.action(by.pk, secret) as answer:
        close_job(job, JobState.DONE)
        _record(job, result)
        answer.location = location


def cancel_import(job: Job, *, location: str, by: User, secret: str = "") -> None:
    with once.action(by.pk, secret) as answer:
        close_job(job, JobState.CANCELLED)
        answer.location = location


def file_in_chunks(job: Job, claims: Iterable[Claim], *, by: User, people: Mapping[int, User], keep: Keep) -> None:
    """File every claim that nothing blocks. `keep` turns the outcomes of a chunk into the job's result so far.

    `keep` runs inside the chunk's transaction and may be called again for a chunk that was overtaken.
    """
    beyond_quota = by.has_perm("leads.beyond_quota")
    for chunk in _chunks(claims):
        work = partial(_file_chunk, job, chunk, by=by, people=people, beyond_quota=beyond_quota, keep=keep)
        try:
            again(work)
        except Refused as refused:
            _record(job, keep([Outcome(claim, problems=list(refused.problems)) for claim in chunk]))
    _finish(job, keep([]), by=by, beyond_quota=beyond_quota)


def _chunks(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    listed = list(claims)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def _file_chunk(
    job: Job, chunk: list[Claim], *, by: User, people: Mapping[int, User], beyond_quota: bool, keep: Keep
) -> None:
    filers = {claim.filer_id: people[claim.filer_id] for claim in chunk}
    with once.action(by.pk, ""):
        caps = dict.fromkeys(filers) if beyond_quota else None
        outcomes = file_batch(chunk, by=by, people=filers, door=Door.IMPORT, caps=caps)
        _record(job, keep(outcomes))


def _record(job: Job, result: dict[str, Any]) -> None:
    Job.objects.filter(pk=job.pk).update(result=result)


def _finish(job: Job, result: dict[str, Any], *, by: User, beyond_quota: bool) -> None:
    with transaction.atomic(durable=True):
        _record(job, result)
        changes = {**result["counts"], "beyond_quota": beyond_quota}
        note_event(job, "import", by=by, at=database_now(), changes=changes)
