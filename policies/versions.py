"""The versions of policies: which one judges, the draft, and putting it in force (RULE-1)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.clock import database_now
from core.events import note_event
from core.verdicts import Problem, Refused
from policies.choosing import PolicyInForce, in_force
from policies.models import Policy, PolicyVersion
from policies.terms import Terms

DRAFT, START, CHANGE = "draft", "put_in_force", "change"
FRAME = ("name", "position", "active")
"""What of a policy no version holds."""


def versions_in_force(at: datetime) -> QuerySet[PolicyVersion]:
    """Of each active policy the newest version that has begun. Later numbers begin later: `put_in_force` sees to it."""
    begun = PolicyVersion.objects.filter(starts_at__lte=at)
    newer = begun.filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
    return begun.filter(~Exists(newer), policy__active=True)


def policies_in_force(at: datetime) -> tuple[PolicyInForce, ...]:
    """In one statement."""
    return in_force(versions_in_force(at).select_related("policy"), at)


def save_draft(policy: Policy, terms: Terms, *, note: str = "", by: Any = None) -> PolicyVersion:
    """Write the policy's one draft; it binds nobody. Locks the policy."""
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        fields: dict[str, Any] = {"body": terms.to_json(), "note": note, "by": by, "at": at}
        draft, _made = PolicyVersion.objects.update_or_create(
            policy=policy, starts_at=None, defaults=fields, create_defaults=fields | {"number": _next_number(policy)}
        )
        note_event(policy, DRAFT, by=by, at=at, note=note, after=f"v{draft.number}")
    return draft


def put_in_force(policy: Policy, starts_at: datetime | None, *, by: Any = None) -> PolicyVersion:
    """Let the draft judge filings from a moment on, None for now; from then on it can't be changed.

    Raises `Refused` where there is no draft, or where it would begin in the past or before a version that is there.
    """
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        if not (draft := policy.versions.filter(starts_at=None).first()):
            sentence = _("There is no draft to put in force. Change the settings and save a draft first.")
            raise Refused([Problem(sentence, code="draft")])
        return _begin(draft, starts_at or at, at, by=by)


def add_version(policy: Policy, terms: Terms, *, note: str = "", by: Any = None) -> PolicyVersion | None:
    """Let settings judge filings from now on, beside a draft that somebody may be at; None where nothing would change.

    Raises `Refused` where a version that is there begins later.
    """
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        last = policy.versions.filter(starts_at__lte=at).order_by("-number").first()
        if last and Terms.from_json(last.body) == terms:
            return None
        made = PolicyVersion(policy=policy, number=_next_number(policy), body=terms.to_json(), note=note, by=by, at=at)
        return _begin(made, at, at, by=by)


def _begin(version: PolicyVersion, starts_at: datetime, at: datetime, *, by: Any) -> PolicyVersion:
    """Date a version and write it; the policy is locked."""
    last = version.policy.versions.aggregate(last=Max("starts_at"))["last"]
    if problem := why_not_from(starts_at, at, last):
        raise Refused([problem])
    version.starts_at, version.by = starts_at, by
    version.save()
    changes = {"starts_at": ["", f"{localtime(starts_at):%Y-%m-%d %H:%M}"]}
    note_event(version.policy, START, by=by, at=at, note=version.note, after=f"v{version.number}", changes=changes)
    return version


def why_not_from(starts_at: datetime, at: datetime, last: datetime | None) -> Problem | None:
    """What keeps a version from beginning then; `last` is the start of the one before."""
    if starts_at < at:
        sentence = _("A version can't begin in the past: what was granted stays as it was. Choose now or a later time.")
        return Problem(sentence, "starts_at", "past")
    if last and starts_at <= last:
        sentence = _("The version before begins at %s. Choose a later time.") % f"{localtime(last):%Y-%m-%d %H:%M}"
        return Problem(sentence, "starts_at", "order")
    return None


def note_change(policy: Policy, form: Any, *, by: Any) -> None:
    """Write what a form changed of name, place and whether the policy is asked at all."""
    changed = [name for name in FRAME if name in form.changed_data]
    changes = {name: [str(form.initial.get(name, "")), str(form.cleaned_data[name])] for name in changed}
    if changes:
        note_event(policy, CHANGE, by=by, at=database_now(), changes=changes)


def _next_number(policy: Policy) -> int:
    return int(policy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
