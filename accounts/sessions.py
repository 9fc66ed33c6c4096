"""Sessions that bring their person along: one statement a request reads the session, the person and their standing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import OuterRef
from django.utils import timezone

from accounts.models import Session, User
from accounts.standing import listed, standing_from


class SessionStore(DatabaseSessionStore):
    """Django's sessions in the database; the one that was loaded knows its `person`, active or not."""

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        running = Session.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        found: Any = running.select_related("user__unit").annotate(**listed(OuterRef("user"))).first()
        if found is None:
            self._session_key = None
            return {}
        if found.user:
            found.user.standing = standing_from(found.by_group, found.own)
            self.person = found.user
        return self.decode(found.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session


_asked: ContextVar[SessionBase | None] = ContextVar("asked", default=None)


@contextmanager
def asked_for_person(session: SessionBase) -> Iterator[None]:
    """While Django verifies the person of this session, `person_brought` answers with what the session has read."""
    token = _asked.set(session)
    try:
        yield
    finally:
        _asked.reset(token)


def person_brought(user_id: Any) -> User | None:
    """The person whom the session being verified has brought, if it is this one."""
    person: User | None = getattr(_asked.get(), "person", None)
    return person if person and person.pk == user_id else None
