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
        for kind in kinds.decided_by(user):
            mine |= Q(kind=kind.key, subject_id__in=kind.visible(user)) & ~kind.party(user)
        waiting = self.filter(mine, state=RequestState.PENDING).exclude(applicant=user)
        return waiting.order_by(F("due_at").asc(nulls_last=True), "pk")

    def about(self, record: models.Model) -> Self:
        """The requests whose subject is this record."""
        return self.filter(subject_type=record._meta.label_lower, subject_id=record.pk)

    def overdue(self, at: datetime) -> Self:
        return self.filter(state=RequestState.PENDING, due_at__lte=at)

    def with_names(self) -> Self:
        return self.select_related("applicant", "decided_by")
