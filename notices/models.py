"""What people are to be told; written in the transaction of what happened, sent later."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """One sentence for one person. `key`, where there is one, keeps a reminder from being written twice."""

    kind = models.CharField(_("kind"), max_length=40)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outbox", verbose_name=_("recipient")
    )
    sentence = models.CharField(_("sentence"), max_length=300)
    path = models.CharField(max_length=300, blank=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    at = models.DateTimeField(_("time"))
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("message to send")
        verbose_name_plural = _("messages to send")
        indexes = [models.Index(fields=["to", "-at", "-id"], name="outbox_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to_id}"
