"""Who people are and where they belong."""

from functools import cached_property
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.querysets import PeopleQuerySet, UnitQuerySet
from accounts.standing import Standing, standing_of


class Level(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")


class Region(models.Model):
    """Province, city or county. Rows that no data set knows, such as 大鹏新区, are added by hand."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=40)
    full_name = models.CharField(_("full name"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("belongs to")
    )
    offered = models.BooleanField(_("offered in the filing form"), default=False, db_index=True)
    area_code = models.CharField(_("telephone area code"), max_length=5, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    REGION = "region", _("region office")
    BRANCH = "branch", _("branch")
    OUTLET = "outlet", _("filing outlet")
    STORE = "store", _("showroom")
    DEPARTMENT = "department", _("department")


class Unit(models.Model):
    """A node of the organisation tree. `path` holds the ids from the root down, so that "and all below" is a prefix."""

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("belongs to")
    )
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("city"))
    active = models.BooleanField(_("active"), default=True)
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_below_a_parent")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the paths of the unit and of all below it true, whoever saves."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            if path != self.path:
                below = Unit.objects.filter(path__startswith=self.path) if self.path else Unit.objects.none()
                below.exclude(pk=self.pk).update(path=Concat(Value(path), Substr("path", len(self.path) + 1)))
                Unit.objects.filter(pk=self.pk).update(path=path)
                self.path = path

    def clean(self) -> None:
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A unit can't stand below itself.")})


class Gender(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class People(UserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """Makes users and finds the people somebody answers for."""


class User(AbstractUser):
    """A person who logs in, with a staff number or an e-mail address."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    post = models.CharField(_("post"), max_length=40, blank=True)
    photo = models.ImageField(_("photo"), upload_to="people/", blank=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people", verbose_name=_("unit")
    )
    must_change_password = models.BooleanField(_("must change the password at the next log-in"), default=True)

    objects = People()  # type: ignore[misc]

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @cached_property
    def standing(self) -> Standing:
        """Groups and their permissions, read once a request in one statement."""
        return standing_of(self.pk)


class Session(AbstractBaseSession):
    """A log-in. `user` repeats what the signed data say, so that the person is read together with it."""

    # No constraint: `create` of Django's store tries a new key for ever, whatever was violated.
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, db_constraint=False, related_name="+")

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class Grant(models.Model):
    """A manager may see and decide on the filings of a person, or of everybody in a unit and below it (S0 §2)."""

    manager = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name=_("manager"))
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit and all below")
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                name="grant_names_a_person_or_a_unit",
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                violation_error_message=_("Choose a person or a unit, one of the two."),
            ),
            models.UniqueConstraint(fields=["manager", "person"], name="grant_of_a_person_once"),
            models.UniqueConstraint(fields=["manager", "unit"], name="grant_of_a_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.manager} → {self.person or self.unit}"
