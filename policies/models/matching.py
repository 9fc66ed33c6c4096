"""Which evidence makes two customers one (MATCH-4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.TextChoices):
    """What two writings can have in common; `…_part`: the rest is unknown on one side and nothing speaks against it."""

    MOBILE = "mobile", _("same mobile")
    PHONE = "phone", _("same phone with area code")
    ADDRESS = "address", _("same address down to the room")
    ADDRESS_NAME = "address_name", _("same community, building, room and name")
    CREDIT_CODE = "credit_code", _("same credit code")
    COMPANY = "company", _("same company name")
    PROJECT = "project", _("same project and site")
    MASK_NAME = "mask_name", _("same first 4 and last 5 digits, name and gender")
    MASK45 = "mask45", _("hidden digits: at least 9 shown ones agree")
    MASK34 = "mask34", _("hidden digits: 7 or 8 shown ones agree")
    PHONE_PART = "phone_part", _("same phone, area code or extension unknown")
    ADDRESS_PART = "address_part", _("same building and room, unit or phase unknown")
    BUILDING = "building", _("same building, room unknown")
    COMPANY_PART = "company_part", _("similar company name")
    PROJECT_PART = "project_part", _("same project, site unknown")
    NAME = "name", _("same name")
    SURNAME = "surname", _("same surname")
    GENDER = "gender", _("same gender")


class Firmness(models.TextChoices):
    SAME = "same", _("the same customer")
    LIKELY = "likely", _("likely the same")
    POSSIBLE = "possible", _("possibly the same")
    NONE = "none", _("says nothing")


class MatchRule(models.Model):
    """A combination of evidence and how firmly it says that two customers are one. The firmest that fits counts.

    Without any row the defaults of `policies.matching` hold.
    """

    evidence = models.CharField(_("evidence"), max_length=200, unique=True)
    firmness = models.CharField(_("firmness"), max_length=10, choices=Firmness)

    class Meta:
        verbose_name = _("matching rule")
        verbose_name_plural = _("matching rules")
        ordering = ["pk"]

    def __str__(self) -> str:
        return " + ".join(str(Evidence(word).label) for word in self.words if word in Evidence.values)

    @property
    def words(self) -> list[str]:
        return self.evidence.split(",")

    def clean(self) -> None:
        words: list[Any] = sorted({word.strip() for word in self.evidence.split(",")} - {""})
        if unknown := [word for word in words if word not in Evidence.values]:
            raise ValidationError({"evidence": _("Unknown evidence: %s.") % ", ".join(unknown)})
        self.evidence = ",".join(words)
