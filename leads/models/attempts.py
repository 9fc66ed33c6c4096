"""Every try to file or check, also the refused ones, and the collisions among them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Merge
from leads.choices import Answer, CollisionState, Door
from leads.models.lead import Lead
from leads.querysets import CollisionQuerySet
from policies.models import Firmness


class FilingAttempt(models.Model):
    """A try to file or check. Keys are kept as a keyed digest: enough to count, useless to look numbers up.

    `facts` is what a policy asks of a filing, nothing personal: so that a draft can be tried on it (RULE-3).
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=10, choices=Door)
    verdict = models.CharField(
        max_length=10, choices=Answer, blank=True, help_text="Empty: beyond the budget, not judged."
    )
    accepted = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField(_("time"))

    class Meta:
        indexes = [models.Index(fields=["actor", "-at"], name="attempt_of_actor")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.door} {self.verdict}"


class Collision(models.Model):
    """Two filings that met: the lead that stands and the attempt that met it, turned away or filed all the same."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="collisions")
    attempt = models.OneToOneField(FilingAttempt, on_delete=models.PROTECT, related_name="collision")
    firmness = models.CharField(_("firmness"), max_length=10, choices=Firmness, default=Firmness.SAME)
    evidence = models.JSONField(default=list)
    at = models.DateTimeField(_("time"))
    state = models.CharField(_("state"), max_length=10, choices=CollisionState, default=CollisionState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    merge = models.ForeignKey(Merge, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CollisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collision")
        verbose_name_plural = _("collisions")
        indexes = [models.Index(fields=["state", "-at", "-id"], name="collision_newest_first")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.at:%Y-%m-%d}"
