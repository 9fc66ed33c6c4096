"""Filing kinds and the fields that kinds of filings and customers need (LEAD-11, LEAD-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.models.dictionaries import Need


class Kind(models.TextChoices):
    NORMAL = "normal", _("normal filing")
    SPECIAL = "special", _("special filing")
    CROSS_REGION = "cross_region", _("cross-region filing")
    PROJECT = "project", _("project filing")
    PRE_VISIT = "pre_visit", _("filing before a visit")
    MASKED = "masked", _("filing with hidden digits")


class CustomerKind(models.TextChoices):
    PERSON = "person", _("individual")
    COMPANY = "company", _("company")


KIND_FIELDS = {
    "gender": _("gender"),
    "contact_name": _("contact"),
    "contact_post": _("contact's post"),
    "credit_code": _("unified social credit code"),
    "industry": _("industry"),
    "customer_category": _("customer category"),
    "first_contact_on": _("first contact on"),
    "visit_planned_at": _("visit planned at"),
    "visit_purpose": _("purpose of the visit"),
    "floor_area": _("floor area"),
    "style": _("style"),
    "signed_elsewhere": _("signed elsewhere"),
    "help_wanted": _("help wanted"),
    "expected_unit_price": _("expected unit price"),
    "expected_signing_on": _("expected signing on"),
    "contact_feedback": _("contact feedback"),
    "special_reason": _("reasons"),
    "cross_region_case": _("case of the cross-region filing"),
    "target_city": _("region filed into"),
    "project_name": _("project name"),
    "project_site": _("project site"),
    "contract_name": _("contract name"),
    "contract_signed_on": _("contract signed on"),
    "contract_term": _("term of the contract"),
    "legal_representative": _("legal representative"),
    "registered_address": _("registered address"),
    "project_scale": _("scale of the project"),
    "project_progress": _("progress of the project"),
    "product": _("product"),
    "quantity": _("quantity"),
    "id_card_copy": _("copy of the ID card"),
    "licence_copy": _("copy of the business licence"),
    "legal_id_copy": _("copy of the legal representative's ID card"),
}
"""The fields that are shown only where a kind asks for them; the last three are papers."""
PAPERS = ("id_card_copy", "licence_copy", "legal_id_copy")


class FilingKind(models.Model):
    """How filings of a kind are treated. A kind without a row is treated as `policies.kinds` says."""

    kind = models.CharField(_("filing kind"), max_length=14, choices=Kind, unique=True)
    active = models.BooleanField(_("active"), default=True)
    needs_approval = models.BooleanField(_("waits for approval"), default=False)
    days_ahead = models.PositiveSmallIntegerField(
        _("days ahead"), default=0, help_text=_("How many days before the planned visit it has to be filed.")
    )

    class Meta:
        verbose_name = _("filing kind")
        verbose_name_plural = _("filing kinds")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class FieldNeed(models.Model):
    """A field that a filing kind, a kind of customer or both open or require; what no row names stays closed."""

    filing_kind = models.CharField(
        _("filing kind"), max_length=14, choices=Kind, blank=True, help_text=_("Empty: every kind.")
    )
    customer_kind = models.CharField(
        _("kind of customer"), max_length=10, choices=CustomerKind, blank=True, help_text=_("Empty: both.")
    )
    field = models.CharField(_("field"), max_length=30, choices=list(KIND_FIELDS.items()))
    need = models.CharField(
        _("need"), max_length=10, choices=[(Need.OPEN, Need.OPEN.label), (Need.REQUIRED, Need.REQUIRED.label)]
    )

    class Meta:
        verbose_name = _("field of a kind")
        verbose_name_plural = _("fields of kinds")
        ordering = ["filing_kind", "customer_kind", "field"]
        constraints = [
            models.UniqueConstraint(fields=["filing_kind", "customer_kind", "field"], name="need_once_per_field")
        ]

    def __str__(self) -> str:
        return str(self.get_field_display())
