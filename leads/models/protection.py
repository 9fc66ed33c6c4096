"""Whose customer it is, until when, and who waits for it (PROT-1 to -6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from leads.choices import ACTIVE, Ending, Hold, Waiting
from leads.models.lead import Lead
from leads.querysets import ProtectionQuerySet, QueueEntryQuerySet
from policies.models import PolicyVersion
from policies.terms import DEFAULT_TERMS, Terms


class Protection(models.Model):
    """A customer is one filer's for a time. Opened by one lead, joined by the filer's later ones.

    `ends_at` does not belong to it any more; None is open-ended, or not begun while `pending`. What set or moved it is
    told by the events of this row: the ledger. Without a follow-up before `contact_by` it ends there. `contested` waits
    beside others without holding keys. A protection that was `joined` to another one after a merge counts no more while
    that merge stands. Until `barred_until` the filer may not file the customer again.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="protections")
    scope = models.CharField(max_length=20, blank=True)
    filer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="protections", verbose_name=_("filer")
    )
    version = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("policy")
    )
    state = models.CharField(_("hold"), max_length=10, choices=Hold, default=Hold.PROTECTED)
    started_at = models.DateTimeField(_("held from"), null=True)
    ends_at = models.DateTimeField(_("held until"), null=True)
    contact_by = models.DateTimeField(_("next follow-up by"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_why = models.CharField(_("why it ended"), max_length=12, choices=Ending, blank=True)
    barred_until = models.DateTimeField(_("may not file it again before"), null=True)
    contested = models.BooleanField(default=False)
    promoted = models.BooleanField(default=False)
    extensions = models.PositiveSmallIntegerField(default=0)
    joined = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joining")

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("protection")
        verbose_name_plural = _("protections")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "scope"],
                condition=Q(state__in=ACTIVE, joined=None, contested=False),
                name="protection_active_once",
            ),
            models.CheckConstraint(
                name="protection_end_is_whole",
                condition=Q(state__in=ACTIVE, ended_at=None, ended_why="")
                | (~Q(state__in=ACTIVE) & Q(ended_at__isnull=False) & ~Q(ended_why="")),
            ),
            models.CheckConstraint(
                name="protection_has_begun", condition=~Q(state="protected") | Q(started_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(state__in=ACTIVE), name="protection_running_out"),
            models.Index(
                fields=["contact_by"], condition=Q(state__in=ACTIVE, contact_by__isnull=False), name="protection_idle"
            ),
            models.Index(fields=["filer", "state", "ends_at"], name="protection_of_filer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.filer_id} {self.state}"

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.version.body) if self.version else DEFAULT_TERMS


class QueueEntry(models.Model):
    """A lead's place in the queue of a customer. `keys` are what it will hold, each as the columns of a key."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="queue_entry", verbose_name=_("lead"))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="queue")
    scope = models.CharField(max_length=20, blank=True)
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(_("place"))
    at = models.DateTimeField(_("waits since"))
    state = models.CharField(max_length=10, choices=Waiting, default=Waiting.WAITING)
    ended_at = models.DateTimeField(null=True)
    keys = models.JSONField(default=list)

    objects = QueueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a queue")
        verbose_name_plural = _("places in queues")
        constraints = [
            models.UniqueConstraint(fields=["customer", "place"], name="queue_place_once"),
            models.UniqueConstraint(
                fields=["customer", "scope", "filer"], condition=Q(state="waiting"), name="queue_filer_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.place}"
