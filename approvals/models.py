"""Requests that somebody else decides, and the days that are not worked like the weekday they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.choices import RequestState
from approvals.querysets import RequestQuerySet


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a day worked to make up for one (APPR-3).

    What was entered or changed by hand stays when the official days are loaded again.
    """

    day = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("is worked"), default=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    by_hand = models.BooleanField(_("by hand"), default=True, editable=False)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("calendar of working days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


class Request(models.Model):
    """Something asked for that another person decides. Kind and subject belong to the app that asked.

    `sentence` and `path` are drawn in lists; `details` is what the kind's own handler needs when it is granted.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests", verbose_name=_("asked by")
    )
    sentence = models.CharField(_("what is asked"), max_length=300)
    path = models.CharField(max_length=300)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.PENDING)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("to be decided by"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(state="pending"),
                name="request_pending_once",
            ),
            models.CheckConstraint(
                name="request_decision_is_whole",
                condition=Q(state="pending", decided_at=None) | (~Q(state="pending") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "due_at"], name="request_to_decide"),
            models.Index(fields=["subject_type", "subject_id"], name="request_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id}"
