"""What somebody has begun to type."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """A filing form put aside as it was typed, faults and all (LEAD-9). It has no number, no time and no customer."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    name = models.CharField(_("customer name"), max_length=80, blank=True)
    typed = models.JSONField(default=dict)
    at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["owner", "-at", "-id"], name="draft_of_owner")]

    def __str__(self) -> str:
        return self.name or str(self.pk)
