"""The versions of policies: which one judges, the draft, and putting it in force (RULE-1)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, ProtectedError, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import database_now
from core.events import note_event
from core.models import Event
from core.verdicts import Problem, Refused
from policies.choosing import Frame, PolicyInForce, in_force, reachable
from policies.models import Policy, PolicyVersion
from policies.terms import Terms

DRAFT, START, CHANGE, TAKE_BACK = "draft", "put_in_force", "change", "take_back"
FRAME = ("name", "position", "active")
"""What of a policy no version holds."""
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody has changed this policy since you opened it; the versions below say what. What you typed is kept: saving"
    " it again puts it in the place of theirs."
)


BEGUN = gettext_lazy("Only a version that has not begun can be taken back. Put another one in force instead.")


def versions_in_force(at: datetime) -> QuerySet[PolicyVersion]:
    """Of each active policy the version that has begun last."""
    begun = PolicyVersion.objects.filter(starts_at__lte=at)
    later = Q(starts_at__gt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), number__gt=OuterRef("number"))
    return begun.filter(~Exists(begun.filter(later, policy=OuterRef("policy"))), policy__active=True)


def policies_in_force(at: datetime) -> tuple[PolicyInForce, ...]:
    """In one statement."""
    return in_force(versions_in_force(at).select_related("policy"), at)


def last_position() -> int:
    """The place of the policy that is asked last, -1 where there is none."""
    last = Policy.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else int(last)


def never_asked(at: datetime) -> tuple[list[PolicyInForce], PolicyInForce | None]:
    """The policies that no filing gets to, and the one for all filings that stands before them."""
    policies = policies_in_force(at)
    asked = reachable(policies)
    return list(policies[len(asked) :]), asked[-1] if asked else None


def mark_of(policy: Policy) -> str:
    """A short text that is another one after every change of a policy or its versions."""
    rows = policy.versions.order_by("pk").values_list("pk", "at", "starts_at")
    said = [*(getattr(policy, name) for name in FRAME), *rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def demand_seen(policy: Policy, seen: str) -> None:
    """Raise `Refused` unless the policy still is as somebody has seen it. Locks it: belongs into their transaction."""
    if mark_of(Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)) != seen:
        raise Refused([Problem(CHANGED_MEANWHILE, code="seen")])


def save_draft(policy: Policy, terms: Terms, *, note: str = "", by: Any = None) -> PolicyVersion:
    """Write the policy's one draft; it binds nobody. Locks the policy."""
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        newest = policy.versions.order_by(F("starts_at").desc(nulls_first=True)).first()
        changes = _changed(newest.body if newest else {}, terms.to_json())
        fields: dict[str, Any] = {"body": terms.to_json(), "note": note, "by": by, "at": at}
        draft, _made = PolicyVersion.objects.update_or_create(
            policy=policy, starts_at=None, defaults=fields, create_defaults=fields | {"number": _next_number(policy)}
        )
        note_event(policy, DRAFT, by=by, at=at, note=note, after=f"v{draft.number}", changes=changes)
    return draft


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By setting what it was and what it is, "" for the usual."""
    names = sorted({*before, *after})
    return {name: [before.get(name, ""), after.get(name, "")] for name in names if before.get(name) != after.get(name)}


def put_in_force(policy: Policy, starts_at: datetime | None, *, by: Any = None) -> PolicyVersion:
    """Let the draft judge filings from a moment on, None for now; from then on it can't be changed.

    It gets a number behind all others, so that numbers are in the order in which versions begin. Raises `Refused` where
    there is no draft, or where it would begin in the past or before a version that is there.
    """
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        if not (draft := policy.versions.filter(starts_at=None).first()):
            sentence = _("There is no draft to put in force. Change the settings and save a draft first.")
            raise Refused([Problem(sentence, code="draft")])
        if policy.versions.filter(number__gt=draft.number).exists():
            draft.number = _next_number(policy)
        return _begin(draft, starts_at or at, at, by=by)


def add_version(policy: Policy, terms: Terms, *, note: str = "", by: Any = None) -> PolicyVersion | None:
    """Let settings judge filings from now on, beside a draft that somebody may be at; None where nothing would change.

    Raises `Refused` where a version that is there begins later.
    """
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        last = policy.versions.filter(starts_at__lte=at).order_by("-starts_at").first()
        if last and Terms.from_json(last.body) == terms:
            return None
        made = PolicyVersion(policy=policy, number=_next_number(policy), body=terms.to_json(), note=note, by=by, at=at)
        return _begin(made, at, at, by=by, **_changed(last.body if last else {}, made.body))


def take_back(policy: Policy, version_id: int, *, by: Any = None) -> PolicyVersion:
    """Let a version that has not begun never begin: it is the draft again, or gone where there is a draft.

    Raises `Refused` where it has begun, or has judged a filing in the moment of its beginning.
    """
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        at = database_now()
        version = policy.versions.filter(pk=version_id, starts_at__gt=at).first()
        if not version or version.starts_at is None:
            raise Refused([Problem(BEGUN, code="begun")])
        changes = {"starts_at": [f"{localtime(version.starts_at):%Y-%m-%d %H:%M}", ""]} | _changed(version.body, {})
        try:
            PolicyVersion.objects.filter(pk=version_id).delete()
        except ProtectedError as error:
            raise Refused([Problem(BEGUN, code="begun")]) from error
        drafted = not policy.versions.filter(starts_at=None).exists()
        if drafted:
            version.pk, version.starts_at, version.by, version.at = None, None, by, at
            version.save(force_insert=True)
        after = DRAFT if drafted else ""
        note_event(policy, TAKE_BACK, by=by, at=at, before=f"v{version.number}", after=after, changes=changes)
    return version


def set_active(policy: Policy, *, active: bool, by: Any = None) -> bool:
    """Let a policy be asked, or not any more; whether that changed anything."""
    with transaction.atomic():
        changed = Policy.objects.filter(pk=policy.pk, active=not active).update(active=active)
        if changed:
            said = {"active": [str(not active), str(active)]}
            note_event(policy, CHANGE, by=by, at=database_now(), changes=said)
    return bool(changed)


def _begin(version: PolicyVersion, starts_at: datetime, at: datetime, *, by: Any, **changed: Any) -> PolicyVersion:
    """Date a version and write it; the policy is locked. `changed`: what else its event says."""
    last = version.policy.versions.aggregate(last=Max("starts_at"))["last"]
    if problem := why_not_from(starts_at, at, last):
        raise Refused([problem])
    version.starts_at, version.by = starts_at, by
    version.save()
    changes = {"starts_at": ["", f"{localtime(starts_at):%Y-%m-%d %H:%M}"]} | changed
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


class FrameChange(NamedTuple):
    """A change of what no version holds; `before` has what changed as it was, in words of the log."""

    at: datetime
    policy_id: int
    before: Mapping[str, str]

    def undone(self, frame: Frame) -> Frame:
        """The frame as it was before."""
        position = self.before.get("position", "")
        active = self.before.get("active", "")
        return Frame(
            int(position) if position.isdecimal() else frame.position, active == "True" if active else frame.active
        )


def frame_changes() -> list[FrameChange]:
    """All that was logged, in order of time."""
    rows = Event.objects.filter(subject_type=Policy._meta.label_lower, action=CHANGE).order_by("at", "pk")
    return [
        FrameChange(at, policy_id, {name: pair[0] for name, pair in changes.items()})
        for at, policy_id, changes in rows.values_list("at", "subject_id", "changes")
    ]


def _next_number(policy: Policy) -> int:
    return int(policy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
