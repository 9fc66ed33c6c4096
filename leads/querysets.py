"""Who sees whose rows: the one door for reading (ORG-4)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.clock import day_of, start_of
from customers.parties import members_of
from leads.choices import ACTIVE, OPEN, AssignmentProgress, AuditStatus, Hold, Progress, Waiting

WEEK = timedelta(days=7)


def _end_of(at: datetime, ahead: timedelta) -> datetime:
    """The end of the day that is so many days ahead."""
    return start_of(day_of(at) + ahead + timedelta(days=1))


def filed_in_sight(user: User, prefix: str = "") -> Q:
    """The leads a person sees by who filed them and where; `prefix` leads from another model to the lead."""
    standing = user.standing
    if standing.has("leads.scope_all"):
        return Q()
    seen = Q(**{f"{prefix}filer": user})
    if standing.has("leads.scope_granted"):
        seen |= Q(**{f"{prefix}filer__in": User.objects.granted_to(user).values("pk")})
    if standing.has("leads.scope_unit") and user.unit:
        seen |= Q(**{f"{prefix}outlet__path__startswith": user.unit.path})
    return seen


def in_their_store(user: User) -> Q | None:
    """The assignments of the showroom a person works in."""
    if user.standing.has("leads.scope_store") and user.unit:
        return Q(store__path__startswith=user.unit.path, standing=True)
    return None


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The leads a person may know of. Every screen, export and report starts here."""
        seen = filed_in_sight(user)
        if not seen:
            return self
        assignments = apps.get_model("leads", "Assignment").objects.filter(lead=OuterRef("pk"))
        if user.standing.has("leads.scope_audit") and user.unit:
            seen |= Q(Exists(assignments.filter(standing=True)), outlet__path__startswith=user.unit.path)
        if in_store := in_their_store(user):
            seen |= Q(Exists(assignments.filter(in_store)))
        return self.filter(seen)

    def listed_for(self, user: User) -> Self:
        """What lists show: withdrawn leads are out of every list but the office's."""
        visible = self.visible_to(user)
        if user.standing.has("leads.scope_unit"):
            return visible
        return visible.exclude(progress=Progress.WITHDRAWN)

    def due_on(self, day: date) -> Self:
        """Open leads whose next follow-up is on the day or overdue."""
        return self.filter(progress__in=OPEN, next_follow_up_on__lte=day)

    def with_names(self) -> Self:
        """All that a row shows, in one statement."""
        return self.select_related(
            "city",
            "source",
            "order_type",
            "decoration_company",
            "designer",
            "outlet",
            "filer__unit",
            "referring_employee",
        )


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The assignments whose lead a person sees by filing, those in an auditor's units, those of their showroom."""
        seen = filed_in_sight(user, "lead__")
        if not seen:
            return self
        if user.standing.has("leads.scope_audit") and user.unit:
            seen |= Q(lead__outlet__path__startswith=user.unit.path)
        if in_store := in_their_store(user):
            seen |= in_store
        return self.filter(seen)

    def standing(self) -> Self:
        return self.filter(standing=True)

    def waiting_for_audit(self, user: User) -> Self:
        """What this person has to decide: with deposit, unaudited, neither filed nor entered by them (ORG-5)."""
        waiting = self.visible_to(user).standing()
        waiting = waiting.filter(audit_status=AuditStatus.UNAUDITED, progress=AssignmentProgress.DEPOSIT)
        return waiting.exclude(Q(lead__filer=user) | Q(lead__filed_by=user))

    def in_store_of(self, user: User) -> Self:
        """The showroom's own list."""
        in_store = in_their_store(user)
        return self.filter(in_store) if in_store else self.none()

    def with_names(self) -> Self:
        return self.select_related(
            "store",
            "order_type",
            "by",
            "actual_city",
            "actual_order_type",
            "actual_decoration_company",
            "actual_designer",
            "lead__city",
            "lead__source",
            "lead__order_type",
            "lead__decoration_company",
            "lead__designer",
            "lead__outlet",
            "lead__filer",
        )


class ProtectionQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(state__in=ACTIVE, joined=None)

    def going_on(self, at: datetime) -> Self:
        """Those that run and are not over, settled or not."""
        return self.active().exclude(ends_at__lte=at).exclude(contact_by__lte=at)

    def ending_soon(self, at: datetime, earlier: Mapping[int, int]) -> Self:
        """Those with a week left or less, or as many days as their policy reminds ahead: by version, where that is more
        than a week. Days are counted as people read them: today's and the last one's hours make no difference."""
        week = _end_of(at, WEEK)
        soon = Q(ends_at__lte=week) | Q(contact_by__lte=week)
        for version_id, days in earlier.items():
            soon |= Q(version=version_id, ends_at__lte=_end_of(at, timedelta(days=days)))
        return self.going_on(at).filter(soon, state=Hold.PROTECTED)

    def of_parties(self, root_ids: Iterable[int]) -> Self:
        """Those of customers and of what was merged into them; `root_ids` are those that stand for all."""
        return self.filter(customer__in=members_of(root_ids))

    def visible_to(self, user: User) -> Self:
        """A protection goes with its leads."""
        return self.filter(
            Exists(apps.get_model("leads", "Lead").objects.visible_to(user).filter(protection=OuterRef("pk")))
        )


class QueueEntryQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=Waiting.WAITING)

    def of_parties(self, root_ids: Iterable[int]) -> Self:
        return self.filter(customer__in=members_of(root_ids))

    def visible_to(self, user: User) -> Self:
        """A place in a queue goes with its lead; whoever holds the customer learns only that somebody waits."""
        return self.filter(lead__in=apps.get_model("leads", "Lead").objects.visible_to(user))


class MeasurementQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A designer sees what was dispatched to them; others what belongs to leads they see by filing."""
        seen = filed_in_sight(user, "lead__")
        if not seen:
            return self
        if user.standing.has("leads.scope_dispatched"):
            seen |= Q(designer=user)
        return self.filter(seen)


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Follow-ups go with their lead."""
        return self.filter(lead__in=apps.get_model("leads", "Lead").objects.visible_to(user))


class CollisionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Collisions both of whose filings a person sees; where the second was turned away, the one that stands."""
        leads = apps.get_model("leads", "Lead").objects.visible_to(user)
        second = Q(attempt__lead=None) | Q(Exists(leads.filter(pk=OuterRef("attempt__lead"))))
        return self.filter(second, Exists(leads.filter(pk=OuterRef("lead"))))

    def with_names(self) -> Self:
        return self.select_related("lead__filer", "attempt__lead__filer", "attempt__filer")
