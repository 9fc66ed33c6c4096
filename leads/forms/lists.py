"""The choice lists of the filing screens, each read for one person and in one statement."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Region, Unit, UnitKind, User
from approvals.models import CalendarDay
from core.clock import likely_now, likely_today
from customers.keys.addresses import communities_of
from leads.models import Lead
from leads.quotas import quota_rows
from policies.dictionaries import Word, Words, words
from policies.models import (
    CommunityName,
    CompanyDesigner,
    DecorationCompany,
    FieldNeed,
    FilingKind,
    FilingSettings,
    MatchRule,
    OrderType,
    PolicyVersion,
    Source,
)
from policies.versions import versions_in_force

CITY_LENGTHS = (2, 3)
CALENDAR_BEHIND, CALENDAR_AHEAD = timedelta(days=40), timedelta(days=800)
"""How far the calendar of a request reaches: behind for terms that ran, ahead for those that begin."""


def units_above(user: User) -> list[int]:
    """The person's unit and those above it, from the root down."""
    return [int(pk) for pk in user.unit.path.split("/") if pk] if user.unit else []


def filing_words(
    user: User, lead: Lead | None = None, communities: Iterable[str] = (), filer_id: int | None = None
) -> Words:
    """All that the filing form offers; outlets are the person's own, those below, those of people they file for.

    What the lead to be edited has is offered as well, though it may be switched off by now. `communities` are the
    communities as typed, whose other names are read along, and `filer_id` is the one whose quota is.
    """

    def kept(rows: QuerySet, *names: str) -> QuerySet:
        current = {getattr(lead, f"{name}_id", None) for name in names} - {None}
        return rows | rows.model._default_manager.filter(pk__in=current) if current else rows

    fileable = User.objects.fileable_by(user)
    near = Q(pk__in=units_above(user)) | Q(pk__in=fileable.values("unit"))
    if user.unit:
        near |= Q(path__startswith=user.unit.path)
    today, judged_by = likely_today(), lead.policy_version_id if lead else None
    return words(
        city=kept(Region.objects.filter(offered=True), "city", "target_city"),
        source=kept(Source.objects.filter(active=True), "source"),
        order_type=kept(OrderType.objects.filter(active=True), "order_type"),
        decoration_company=kept(DecorationCompany.objects.filter(active=True), "decoration_company"),
        designer=kept(CompanyDesigner.objects.filter(active=True, company__active=True), "designer"),
        referring_employee=kept(User.objects.filter(is_active=True), "referring_employee"),
        outlet=kept(Unit.objects.filter(near, kind=UnitKind.OUTLET, active=True), "outlet"),
        filer=fileable,
        settings=FilingSettings.objects.all(),
        matching=MatchRule.objects.all(),
        kinds=FilingKind.objects.all(),
        fields=FieldNeed.objects.all(),
        policies=versions_in_force(likely_now()),
        own_policy=PolicyVersion.objects.filter(pk__in=[judged_by] if judged_by else []),
        calendar=CalendarDay.objects.filter(day__range=(today - CALENDAR_BEHIND, today + CALENDAR_AHEAD)),
        **_names_of(communities),
        **({"quota": quota_rows([filer_id])} if filer_id else {}),
    )


def _names_of(communities: Iterable[str]) -> dict[str, QuerySet]:
    """The city that may stand in front (南宁幸福里) is not known yet: what stands behind it is asked for, too."""
    plain = {name for typed in communities for name in communities_of(typed)}
    behind = {name[length:] for name in plain for length in CITY_LENGTHS if len(name) > length + 1}
    if not (asked := plain | behind - {""}):
        return {}
    known = CommunityName.objects.filter(plain__in=asked)
    return {"community": CommunityName.objects.filter(community__in=known.values("community"))}


def own_outlet(user: User, offered: Words) -> Word | None:
    """The nearest outlet at or above the person's unit; else the only one on offer."""
    by_pk = {word.pk: word for word in offered["outlet"]}
    for pk in reversed(units_above(user)):
        if pk in by_pk:
            return by_pk[pk]
    return next(iter(by_pk.values())) if len(by_pk) == 1 else None


def filter_words(user: User) -> Words:
    """What lists filter by: whole dictionaries, since old rows keep old words; outlets and filers of rows in sight."""
    seen = Lead.objects.visible_to(user)
    return words(
        source=Source.objects.all(),
        order_type=OrderType.objects.all(),
        decoration_company=DecorationCompany.objects.all(),
        designer=CompanyDesigner.objects.all(),
        outlet=Unit.objects.filter(Exists(seen.filter(outlet=OuterRef("pk")))),
        filer=User.objects.filter(Exists(seen.filter(filer=OuterRef("pk"))) | Q(pk=user.pk)),
    )
