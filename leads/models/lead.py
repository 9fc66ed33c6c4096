"""The filing itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Unit
from customers.models import Customer
from leads.addresses import address
from leads.choices import AuditStatus, CrossRegionCase, CustomerCategory, FollowUpStatus, Gender, Hold, Progress
from leads.querysets import LeadQuerySet
from policies.models import (
    CompanyDesigner,
    CustomerKind,
    DecorationCompany,
    Kind,
    OrderType,
    PolicyVersion,
    Source,
)


class Lead(models.Model):
    """One person's claim to one customer, made at one server time. Its status moves only through `leads.workflow`.

    `arrived_at` is the time that counts against rivals: that of filing, until a key is edited. `identity_text` keeps
    the identity keys as they were judged, one `kind:value` in a line between line breaks.
    """

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
    arrived_at = models.DateTimeField(_("counts from"), editable=False)
    filing_kind = models.CharField(_("filing kind"), max_length=14, choices=Kind, default=Kind.NORMAL)

    customer_kind = models.CharField(
        _("kind of customer"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON
    )
    name = models.CharField(_("customer name"), max_length=80)
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

    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    contact_name = models.CharField(_("contact"), max_length=40, blank=True)
    contact_post = models.CharField(_("contact's post"), max_length=40, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    customer_category = models.CharField(_("customer category"), max_length=10, choices=CustomerCategory, blank=True)
    first_contact_on = models.DateField(_("first contact on"), null=True, blank=True)
    visit_planned_at = models.DateTimeField(_("visit planned at"), null=True, blank=True)
    visit_purpose = models.CharField(_("purpose of the visit"), max_length=200, blank=True)
    floor_area = models.DecimalField(_("floor area"), max_digits=9, decimal_places=2, null=True, blank=True)
    style = models.CharField(_("style"), max_length=40, blank=True)
    signed_elsewhere = models.CharField(_("signed elsewhere"), max_length=200, blank=True)
    help_wanted = models.CharField(_("help wanted"), max_length=200, blank=True)
    expected_unit_price = models.DecimalField(
        _("expected unit price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    expected_signing_on = models.DateField(_("expected signing on"), null=True, blank=True)
    contact_feedback = models.CharField(_("contact feedback"), max_length=500, blank=True)
    special_reason = models.CharField(_("reasons"), max_length=500, blank=True)
    cross_region_case = models.CharField(
        _("case of the cross-region filing"), max_length=20, choices=CrossRegionCase, blank=True
    )
    target_city = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region filed into"),
    )
    project_name = models.CharField(_("project name"), max_length=100, blank=True)
    project_site = models.CharField(_("project site"), max_length=200, blank=True)

    contract_name = models.CharField(_("contract name"), max_length=100, blank=True)
    contract_signed_on = models.DateField(_("contract signed on"), null=True, blank=True)
    contract_term = models.CharField(_("term of the contract"), max_length=100, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=40, blank=True)
    registered_address = models.CharField(_("registered address"), max_length=200, blank=True)
    project_scale = models.CharField(_("scale of the project"), max_length=200, blank=True)
    project_progress = models.CharField(_("progress of the project"), max_length=200, blank=True)
    product = models.CharField(_("product"), max_length=200, blank=True)
    quantity = models.CharField(_("quantity"), max_length=60, blank=True)

    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.FILED)
    hold = models.CharField(_("hold"), max_length=10, choices=Hold, default=Hold.PROTECTED)
    protection = models.ForeignKey(
        "leads.Protection", null=True, on_delete=models.PROTECT, related_name="leads", verbose_name=_("protection")
    )
    policy_version = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("policy")
    )
    audit_status = models.CharField(
        _("audit status"), max_length=10, choices=AuditStatus, default=AuditStatus.UNAUDITED
    )
    credited_on = models.DateField(null=True, blank=True, editable=False)
    last_followed_up_at = models.DateTimeField(_("last follow-up"), null=True, blank=True)
    last_follow_up_content = models.CharField(_("last follow-up content"), max_length=500, blank=True)
    search_text = models.CharField(max_length=300, editable=False, default="")
    address_text = models.CharField(max_length=300, editable=False, default="")
    canonical_address = models.CharField(max_length=250, editable=False, default="")
    identity_text = models.TextField(editable=False, default="")

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
            ("watch_checks", _("Sees who checked how many customers")),
            ("reveal_lead", _("Can reveal masked numbers")),
            ("release_lead", _("Can let go of customers")),
            ("extend_lead", _("Can ask for longer protection")),
            ("void_lead", _("Can void false filings")),
            ("win_lead", _("Can record that a deal was made")),
            ("confirm_visit", _("Can confirm a customer's visit")),
            ("decide_filing", _("Can decide on filings that wait for approval")),
            ("decide_special", _("Can decide on special filings")),
            ("decide_cross_region", _("Can decide on cross-region filings")),
            ("decide_extension", _("Can decide on longer protection")),
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
