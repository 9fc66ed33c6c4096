"""Which requests a person may know of, and which wait for this person's decision."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from approvals import kinds
from approvals.choices import RequestState

if TYPE_CHECKING:
    from accounts.models import User
    from approvals.models import Request  # noqa: F401  (mypy reads it)


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: "User") -> Self:
        """Own requests, and those of the kinds this person decides on whose subject this person may know of."""
        seen = Q(applicant=user)
        for kind in kinds.decided_by(user):
            seen |= Q(kind=kind.key, subject_id__in=kind.visible(user))
        return self.filter(seen)

    def waiting_for(self, user: "User") -> Self:
        """Undecided requests that this person may decide on, those due first at the head."""
        mine = Q(pk__in=[])
        deciding = kinds.decided_by(user)
        rivals = {rival: rival(user) for rival in {kind.rival for kind in deciding}}
        for kind in deciding:
            visible = Q(kind=kind.key, subject_id__in=kind.visible(user))
            mine |= visible & ~kind.party(user) & ~rivals[kind.rival]
        waiting = self.filter(mine, state=RequestState.PENDING).exclude(applicant=user)
        return waiting.order_by(F("due_at").asc(nulls_last=True), "pk")

    def about(self, record: models.Model) -> Self:
        """The requests whose subject is this record."""
        return self.filter(subject_type=record._meta.label_lower, subject_id=record.pk)

    def recent_of(self, user: "User", since: datetime) -> Self:
        """What a person asked for: all that waits, at the head, and what was decided since a moment."""
        fresh = Q(state=RequestState.PENDING) | Q(decided_at__gte=since)
        return self.filter(fresh, applicant=user).order_by(F("decided_at").desc(nulls_first=True), "-pk")

    def overdue(self, at: datetime) -> Self:
        return self.filter(state=RequestState.PENDING, due_at__lte=at)

    def with_names(self) -> Self:
        return self.select_related("applicant", "decided_by")
