"""Writing dictionaries whose rows hang together, and the shipped rules as rows."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.constraints import violates
from core.verdicts import Problem, Refused
from policies.kinds import DEFAULT_FIELDS, DEFAULT_TREATMENTS
from policies.matching import DEFAULT_RULES
from policies.models import Community, CommunityName, FieldNeed, FilingKind, MatchRule


def save_community(community: Community) -> None:
    """Save a community and the names it is found by. Raises `Refused` where another one of the city has such a name."""
    if problems := names_elsewhere(community):
        raise Refused(problems)
    with transaction.atomic():
        community.save()
        community.names.all().delete()
        names = [
            CommunityName(community=community, city=community.city, plain=plain, position=position)
            for position, plain in enumerate(community.all_names)
        ]
        try:
            with transaction.atomic():
                CommunityName.objects.bulk_create(names)
        except IntegrityError as error:
            for constraint in ("community_name_once_in_a_city", "community_name_once_without_city"):
                if violates(error, CommunityName, constraint):
                    sentence = _(
                        "Another community of this city has one of these names. Add them there, or remove it here."
                    )
                    raise Refused(sentence) from error
            raise


def names_elsewhere(community: Community) -> list[Problem]:
    """Its names that another community of the same city has, or one of all cities: a name has to lead to one place."""
    plain = community.all_names
    taken = CommunityName.objects.filter(plain__in=plain).exclude(community=community.pk).select_related("community")
    if community.city_id:
        taken = taken.filter(Q(city=community.city_id) | Q(city=None))
    sentence = _("“%(name)s” is a name of the community “%(community)s” already. Add it there, or remove it here.")
    return [
        Problem(
            sentence % {"name": name.plain, "community": name.community},
            "name" if name.plain == plain[0] else "aliases",
            "name_elsewhere",
        )
        for name in taken.order_by("pk")
    ]


def write_shipped_rules() -> dict[type[models.Model], int]:
    """Write the shipped matching rules, kinds and fields as rows wherever a table is empty; how many of each."""
    shipped: dict[type[Any], list[Any]] = {
        MatchRule: [
            MatchRule(evidence=",".join(sorted(rule.evidence)), firmness=rule.firmness) for rule in DEFAULT_RULES
        ],
        FilingKind: [FilingKind(kind=kind, **treatment._asdict()) for kind, treatment in DEFAULT_TREATMENTS.items()],
        FieldNeed: [FieldNeed(**rule._asdict()) for rule in DEFAULT_FIELDS],
    }
    with transaction.atomic():
        return {
            model: 0 if model.objects.exists() else len(model.objects.bulk_create(rows))
            for model, rows in shipped.items()
        }
