"""The filing itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Unit
from customers.models import Customer
from leads.addresses import address
from leads.choices import AuditStatus, FollowUpStatus, Hold, Progress
from leads.querysets import LeadQuerySet
from policies.models import CompanyDesigner, DecorationCompany, OrderType, Source


class Lead(models.Model):
    """One person's claim to one customer, made at one server time. Its status moves only through `leads.workflow`."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="leads", verbose_name=_("customer"))
    filer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leads", verbose_name=_("filer")
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    outlet = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="leads", verbose_name=_("outlet"))
    filed_at = models.DateTimeField(_("filed at"))
    filed_on = models.DateField(_("record date"))

    name = models.CharField(_("customer name"), max_length=40)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    city = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("city / county"))
    community = models.CharField(_("community"), max_length=80)
    building_room = models.CharField(_("building and room"), max_length=80, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, verbose_name=_("source"))
    order_type = models.ForeignKey(
        OrderType, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("order type")
    )
    member_card = models.CharField(_("member card"), max_length=40, blank=True)
    estimated_amount = models.DecimalField(
        _("estimated amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    decoration_company = models.ForeignKey(
        DecorationCompany, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("decoration company")
    )
    designer = models.ForeignKey(
        CompanyDesigner, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("designer")
    )
    designer_phone = models.CharField(_("designer's phone"), max_length=30, blank=True)
    referrer_name = models.CharField(_("referring customer"), max_length=40, blank=True)
    referrer_mobile = models.CharField(_("referring customer's mobile"), max_length=20, blank=True)
    referrer_card = models.CharField(_("referring customer's card"), max_length=40, blank=True)
    referring_employee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("referring employee"),
    )
    follow_up_status = models.CharField(
        _("follow-up status"), max_length=10, choices=FollowUpStatus, default=FollowUpStatus.WAITING
    )
    next_follow_up_on = models.DateField(_("next follow-up"), null=True, blank=True)
    budget_note = models.CharField(_("budget description"), max_length=500, blank=True)

    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.FILED)
    hold = models.CharField(_("hold"), max_length=10, choices=Hold, default=Hold.PROTECTED)
    audit_status = models.CharField(
        _("audit status"), max_length=10, choices=AuditStatus, default=AuditStatus.UNAUDITED
    )
    credited_on = models.DateField(null=True, blank=True, editable=False)
    last_followed_up_at = models.DateTimeField(_("last follow-up"), null=True, blank=True)
    last_follow_up_content = models.CharField(_("last follow-up content"), max_length=500, blank=True)
    search_text = models.CharField(max_length=300, editable=False, default="")
    address_text = models.CharField(max_length=300, editable=False, default="")

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        permissions = [
            ("import_lead", _("Can import leads")),
            ("export_lead", _("Can export leads")),
            ("file_for_others", _("Can file for others")),
            ("beyond_quota", _("Can import beyond quota")),
            ("full_check", _("Sees in full what a check matched")),
            ("reveal_lead", _("Can reveal masked numbers")),
            ("assign_lead", _("Can assign leads to showrooms")),
            ("dispatch_designer", _("Can dispatch designers")),
            ("follow_up_lead", _("Can record follow-ups")),
            ("work_store", _("Can work the showroom's desk")),
            ("report_measurement", _("Can report measurements")),
            ("audit_lead", _("Can audit leads")),
            ("reopen_lead", _("Can reopen audit decisions")),
            ("reverse_deposit", _("Can reverse deposits")),
            ("view_statistics", _("Can see statistics")),
            ("export_statistics", _("Can export statistics")),
            ("scope_granted", _("Sees the leads of people granted to them")),
            ("scope_audit", _("Sees assigned leads of their unit and below")),
            ("scope_store", _("Sees the assignments of their showroom")),
            ("scope_dispatched", _("Sees the measurements dispatched to them")),
            ("scope_unit", _("Sees all leads of their unit and below")),
            ("scope_all", _("Sees all leads")),
        ]
        constraints = [
            models.CheckConstraint(name="lead_has_a_number_to_call", condition=~Q(mobile="") | ~Q(phone="")),
        ]
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="lead_newest_first"),
            models.Index(fields=["filer", "-filed_at", "-id"], name="lead_of_filer"),
            models.Index(fields=["outlet", "filed_on"], name="lead_of_outlet"),
            models.Index(fields=["-last_followed_up_at", "-id"], name="lead_last_followed_up"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("leads:detail", args=[self.number])

    @property
    def address(self) -> str:
        """With the room: only for who may read it in full."""
        return address(self.city, self.community, self.building_room)
