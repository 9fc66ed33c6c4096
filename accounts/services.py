"""What is written about people."""

import logging
from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core.clock import database_now
from core.events import note_event

log = logging.getLogger(__name__)


def note_failed_login(login: str) -> None:
    """Record a wrong password against its account. What was typed goes nowhere: it may be a password."""
    user = User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login, email__gt="")).first()
    log.warning("Failed log-in for %s", f"user {user.pk}" if user else "an unknown name")
    if user:
        with transaction.atomic():
            note_event(user, "login_failed", by=None, at=database_now())


def give_role(people: Iterable[User], role: Group, *, by: User) -> int:
    """Give a role to many people at once (ORG-3); to how many it was new is recorded and returned."""
    with transaction.atomic():
        new = [person for person in people if not person.groups.filter(pk=role.pk).exists()]
        at = database_now()
        for person in new:
            person.groups.add(role)
            note_event(person, "role_given", by=by, at=at, note=role.name)
    return len(new)
