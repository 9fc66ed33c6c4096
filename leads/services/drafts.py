"""Filing forms put aside as they were typed (LEAD-9). No number, no time, no quota, no verdict."""

import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from core import once
from core.clock import database_now
from core.verdicts import Refused
from leads.models import Draft

MOST_DRAFTS = 50
LONGEST = 2000
LONGEST_NAME = 80
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what PostgreSQL refuses in JSON


def save_draft(user: User, typed: Mapping[str, str], draft_id: int | None, secret: str = "") -> str:
    """Put a form aside, in place of `draft_id` where that is a draft of this person; answers with the location.

    Raises `Refused` when the person has too many.
    """
    with once.action(user.pk, secret) as answer:
        _lock(user)
        texts = {name: UNSTORABLE.sub("", text[:LONGEST]) for name, text in typed.items()}
        fields = {"typed": texts, "name": texts.get("name", "").strip()[:LONGEST_NAME], "at": database_now()}
        if not (draft_id and Draft.objects.filter(pk=draft_id, owner=user).update(**fields)):
            _add(user, **fields)
        answer.location = reverse("leads:drafts")
    return answer.location


def _lock(user: User) -> None:
    """One person's drafts are counted and added one at a time."""
    User.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=user.pk)


def _add(user: User, **fields: Any) -> None:
    if Draft.objects.filter(owner=user).count() >= MOST_DRAFTS:
        raise Refused(
            _("You have %(most)s drafts already. File or delete one of them, then save this one again.")
            % {"most": MOST_DRAFTS}
        )
    Draft.objects.create(owner=user, **fields)


def draft_of(user: User, pk: int) -> Draft:
    """A draft of this person alone. Raises `Draft.DoesNotExist`."""
    return Draft.objects.get(pk=pk, owner=user)


def delete_draft(user: User, pk: int, secret: str = "") -> dict[str, Any]:
    """Delete a draft; answers with what `restore_draft` needs, as JSON. Raises `Draft.DoesNotExist`."""
    with once.action(user.pk, secret) as answer:
        _lock(user)
        draft = draft_of(user, pk)
        deleted = {"typed": draft.typed, "name": draft.name, "at": draft.at.isoformat()}
        draft.delete()
        answer.location = reverse("leads:drafts")
    return deleted


def restore_draft(user: User, deleted: Mapping[str, Any] | None, secret: str = "") -> str:
    """Bring a deleted draft back as it was; answers with the location. Raises `Refused`."""
    with once.action(user.pk, secret) as answer:
        if deleted is None:
            raise Refused(_("There is nothing to undo any more."))
        _lock(user)
        _add(user, typed=deleted["typed"], name=deleted["name"], at=parse_datetime(deleted["at"]))
        answer.location = reverse("leads:drafts")
    return answer.location
