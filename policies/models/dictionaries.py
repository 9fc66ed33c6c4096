"""Dictionaries: what the lists of the forms offer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from policies.communities import plain_name


class Entry(models.Model):
    """A word of a dictionary. What is in use is switched off, never deleted."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class OrderType(Entry):
    class Meta(Entry.Meta):
        verbose_name = _("order type")
        verbose_name_plural = _("order types")


class Need(models.TextChoices):
    CLOSED = "closed", _("closed")
    OPEN = "open", _("open")
    REQUIRED = "required", _("required")


def need(label: Any) -> models.CharField:
    return models.CharField(label, max_length=10, choices=Need, default=Need.CLOSED)


class Source(Entry):
    """How a lead came, and what each extra field of the filing form is for it: closed, open or required (LEAD-4)."""

    decoration_company = need(_("decoration company"))
    designer = need(_("designer"))
    designer_phone = need(_("designer's phone"))
    referrer_name = need(_("referring customer"))
    referrer_mobile = need(_("referring customer's mobile"))
    referrer_card = need(_("referring customer's card"))
    referring_employee = need(_("referring employee"))

    class Meta(Entry.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")


EXTRA_FIELDS = (
    "decoration_company",
    "designer",
    "designer_phone",
    "referrer_name",
    "referrer_mobile",
    "referrer_card",
    "referring_employee",
)


class DecorationCompany(Entry):
    class Meta(Entry.Meta):
        verbose_name = _("decoration company")
        verbose_name_plural = _("decoration companies")


class CompanyDesigner(models.Model):
    """A designer of a decoration company, with the phone that the form's fetch button fills in."""

    company = models.ForeignKey(
        DecorationCompany, on_delete=models.PROTECT, related_name="designers", verbose_name=_("decoration company")
    )
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("decoration company's designer")
        verbose_name_plural = _("decoration companies' designers")
        ordering = ["company", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="designer_once_in_a_company")]

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """A residential compound with all its names (MATCH-2): filings under any of them are filings of one place."""

    city = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("city / county")
    )
    name = models.CharField(_("name"), max_length=80)
    aliases = models.TextField(
        _("other names"), blank=True, max_length=1000, help_text=_("One in a line: old names, street and number, …")
    )

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["city", "name"]
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="community_once_in_a_city")]

    def __str__(self) -> str:
        return self.name

    @property
    def all_names(self) -> list[str]:
        """The plain forms of all its names, the first one that of the name itself."""
        typed = [self.name, *self.aliases.splitlines()]
        return list(dict.fromkeys(plain for plain in map(plain_name, typed) if plain))


class CommunityName(models.Model):
    """A plain name by which a community is found. Kept by `policies.services.save_community`."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="names")
    city = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    plain = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("name of a community")
        verbose_name_plural = _("names of communities")
        constraints = [
            models.UniqueConstraint(fields=["city", "plain"], name="community_name_once_in_a_city"),
            models.UniqueConstraint(
                fields=["plain"], condition=models.Q(city=None), name="community_name_once_without_city"
            ),
        ]

    def __str__(self) -> str:
        return self.plain
