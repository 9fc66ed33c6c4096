"""Work on a file that somebody started: for now within the request, later in the background."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class JobState(models.TextChoices):
    PREVIEWED = "previewed", _("previewed")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: "User") -> Self:
        """A job is its owner's alone."""
        return self.filter(owner=user)


class Job(models.Model):
    """One piece of work: `kind` names its runner, `result` is what the runner wants to show."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=40)
    file = models.FileField(upload_to="jobs/%Y/%m/")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.PREVIEWED)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("time"))
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TickLease(models.Model):
    """Who runs the recurring work at the moment; whoever dies loses it when the lease ends."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
