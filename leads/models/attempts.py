"""Every try to file or check, also the refused ones, and the collisions among them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.choices import Answer, Door
from leads.models.lead import Lead


class FilingAttempt(models.Model):
    """A try to file or check. Keys are kept as a keyed digest: enough to count, useless to look numbers up."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=10, choices=Door)
    verdict = models.CharField(max_length=10, choices=Answer)
    accepted = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField(_("time"))

    class Meta:
        indexes = [models.Index(fields=["actor", "-at"], name="attempt_of_actor")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.door} {self.verdict}"


class Collision(models.Model):
    """Two filings of one customer: the lead that stands and the attempt it turned away."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="collisions")
    attempt = models.OneToOneField(FilingAttempt, on_delete=models.PROTECT, related_name="collision")
    kinds = models.JSONField(default=list)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("collision")
        verbose_name_plural = _("collisions")

    def __str__(self) -> str:
        return f"{self.lead_id} {self.at:%Y-%m-%d}"
