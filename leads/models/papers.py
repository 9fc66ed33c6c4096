"""Papers attached to a filing (LEAD-11)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.choices import PaperKind
from leads.models.lead import Lead


class Paper(models.Model):
    """A photographed paper, written anew when it was taken in."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="papers", verbose_name=_("lead"))
    kind = models.CharField(_("paper"), max_length=20, choices=PaperKind)
    photo = models.FileField(_("photo"), upload_to="papers/%Y/%m/")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["kind", "at", "pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())
