"""Policies of filing: what is asked for, how long a customer is held, who waits (RULE-1)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """A policy with a place in the order in which policies are asked; the first whose conditions fit counts."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("filing policy")
        verbose_name_plural = _("filing policies")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy says from a moment on; a draft has none and binds nobody. `body` is `policies.terms.Terms` as JSON.

    Versions are added, never changed: leads and protections keep the one that judged them.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("settings"), default=dict)
    starts_at = models.DateTimeField(_("in force from"), null=True, blank=True)
    note = models.CharField(_("what changed and why"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(fields=["policy"], condition=Q(starts_at=None), name="policy_has_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"
