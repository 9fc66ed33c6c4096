"""The rows of the page of protections: whose end is near, what is held, which places in queues (PROT-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from leads.choices import ACTIVE
from leads.holds import Mark, first_after, last_of, mark_of, mark_of_protection
from leads.models import Lead, Protection, QueueEntry
from leads.queues import end_is_known, held_till, number_waiting, places_of, waiting_beside
from leads.rows import address_of
from leads.services.holding import may_extend
from leads.services.requesting import longer_asked_for
from leads.sight import Shown, shown
from leads.workflow import Action, may
from policies.models import PolicyVersion
from policies.terms import DEFAULT_TERMS, Terms

SOON, MINE, WAITING, ALL, AWAITED = "soon", "mine", "waiting", "all", "awaited"
TABS = {
    SOON: gettext_lazy("Ending soon"),
    MINE: gettext_lazy("All mine"),
    WAITING: gettext_lazy("I wait"),
    ALL: gettext_lazy("All in sight"),
    AWAITED: gettext_lazy("Somebody waits"),
}
WIDE_SIGHT = ("leads.scope_granted", "leads.scope_unit", "leads.scope_audit", "leads.scope_all")
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A customer that somebody holds or waits for, by the first filing of it that the viewer sees."""

    lead: Lead
    more: int
    shown: Shown
    address: str
    hold: Mark
    end: date | datetime | None
    waits: int | None
    todo: str
    todo_words: str
    since: datetime | None = None


def tabs_of(user: User) -> dict[str, Any]:
    """Own ones for those who file, those of others for those who see more."""
    own = (SOON, MINE, WAITING) if user.has_perm("leads.add_lead") else ()
    others = (ALL, AWAITED) if any(user.standing.has(scope) for scope in WIDE_SIGHT) else ()
    return {tab: TABS[tab] for tab in (*own, *others)}


def early_reminders() -> dict[int, int]:
    """The versions of policies that remind more than a week ahead, and how many days that is."""
    bodies = PolicyVersion.objects.filter(body__remind_days__gt=DAYS_AHEAD).values_list("pk", "body__remind_days")
    return {pk: int(days) for pk, days in bodies}


def ending_soon(user: User, at: datetime) -> QuerySet[Protection]:
    mine: QuerySet[Protection] = Protection.objects.filter(filer=user).ending_soon(at, early_reminders())
    return mine


def listed(tab: str, user: User, at: datetime) -> QuerySet[Any]:
    """The rows of a tab: places in queues for `WAITING`, else protections."""
    if tab == WAITING:
        entries = QueueEntry.objects.waiting().filter(filer=user).annotate(held_till=held_till(), told=end_is_known())
        return entries.select_related("lead__city", "lead__order_type", "lead__policy_version")
    match tab:
        case "soon":
            found = ending_soon(user, at)
        case "mine":
            found = Protection.objects.filter(filer=user).going_on(at)
        case _:
            found = Protection.objects.visible_to(user).going_on(at)
    if tab == AWAITED:
        found = found.filter(Exists(waiting_beside()))
    asked = Exists(longer_asked_for(OuterRef(OuterRef("pk"))))
    return found.annotate(waits=number_waiting(), asked=asked).select_related("version", "filer")


def with_leads(found: QuerySet[Protection], user: User) -> QuerySet[Protection]:
    """The filings under each that the person sees, in one statement more."""
    leads = Lead.objects.visible_to(user).filter(hold__in=ACTIVE).with_names().order_by("pk")
    return found.prefetch_related(Prefetch("leads", leads, to_attr="seen"))


def rows_of(protections: Iterable[Any], user: User, at: datetime) -> list[Row]:
    """Of protections read by `with_leads`."""
    return [_row(each, user, at) for each in protections if each.seen]


def _row(protection: Any, user: User, at: datetime) -> Row:
    lead = protection.seen[0]
    lead.protection = protection
    todo, words = next_step(lead, user, at, asked=protection.asked)
    end = protection.ends_at
    return Row(
        lead,
        len(protection.seen) - 1,
        (cells := shown(user, lead)),
        address_of(lead, cells.building_room),
        mark_of_protection(protection, at),
        last_of(end) if end and protection.started_at else None,
        protection.waits,
        todo,
        words,
    )


def next_step(lead: Lead, user: User, at: datetime, *, asked: bool) -> tuple[str, str]:
    """What keeps the customer longest: the name of an address and its words, nothing where nothing is open."""
    if not asked and may(user, Action.EXTEND, lead) and may_extend(lead.protection, at):
        return "leads:extend", _("Ask for longer")
    if may(user, Action.FOLLOW_UP, lead):
        return "leads:follow_ups", _("Write follow-up")
    return "", ""


def waiting_rows(entries: Iterable[Any], user: User, at: datetime) -> list[Row]:
    """One statement, for the places."""
    entries = list(entries)
    places: Mapping[int, int] = places_of([entry.lead_id for entry in entries])
    found = []
    for entry in entries:
        lead, place = entry.lead, places.get(entry.lead_id, 0)
        cells, hold = shown(user, lead), mark_of(lead, at, place)
        first = _earliest(entry) if place == 1 else None
        address = address_of(lead, cells.building_room)
        found.append(Row(lead, 0, cells, address, hold, first, None, "", "", since=entry.at))
    return found


def _earliest(entry: Any) -> date | datetime | None:
    """The first day on which the customer can be theirs, where their policy tells it and the end is known."""
    version = entry.lead.policy_version
    tells = (Terms.from_json(version.body) if version else DEFAULT_TERMS).tells_from
    return first_after(entry.held_till) if tells and entry.told and entry.held_till else None
