"""Where the filing office looks at filings that could be one customer (MATCH-4, CONF-1)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.collisions.filters import SORT, CollisionFilter
from audit.collisions.forms import DifferentForm, ReconsiderForm, SameForm
from audit.collisions.rows import lines_of, rows_of, signs_of
from core.events import subject
from core.forms import OnceForm
from core.http import HtmxRequest, answer
from core.models import Event
from core.tables import page_of, render_table
from core.verdicts import ALLOWED, Verdict
from leads.choices import CollisionState
from leads.models import Collision, FollowUp, Lead
from leads.querysets import CollisionQuerySet
from leads.services import collisions, merging
from policies.dictionaries import words
from policies.models import MatchRule

FOLLOW_UPS = 20
NAMED = ("filer", "filed_by", "outlet", "city", "source", "order_type", "decoration_company", "designer")


@require_safe
@permission_required("leads.full_check", raise_exception=True)
def collision_list(request: HtmxRequest) -> HttpResponse:
    found = CollisionFilter(request.GET, Collision.objects.visible_to(request.user).with_names())
    page = page_of(request, found, sort=SORT)
    return render_table(
        request, "audit/collision_list.html", {"filter": found, "page": page, "rows": rows_of(page.rows)}
    )


@require_safe
@permission_required("leads.full_check", raise_exception=True)
def collision_case(request: HtmxRequest, pk: int) -> HttpResponse:
    return show(request, get_object_or_404(in_sight(request.user), pk=pk))


@require_POST
@permission_required(["leads.full_check", "customers.merge_customer"], raise_exception=True)
def same(request: HtmxRequest, pk: int) -> HttpResponse:
    """The two filings are of one customer: merge them."""
    form = SameForm(request.POST, user=request.user, auto_id="same_%s")
    return decide(request, pk, form, _("Recorded: the same customer."), collisions.find_same)


@require_POST
@permission_required("leads.full_check", raise_exception=True)
def different(request: HtmxRequest, pk: int) -> HttpResponse:
    """The two filings are of different customers."""
    form = DifferentForm(request.POST, user=request.user, auto_id="different_%s")
    return decide(request, pk, form, _("Recorded: different customers."), collisions.find_different)


@require_POST
@permission_required(["leads.full_check", "customers.merge_customer"], raise_exception=True)
def reconsider(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take a decision back, and with it the merge."""
    form = ReconsiderForm(request.POST, user=request.user, auto_id="back_%s")
    return decide(request, pk, form, _("Taken back: the two filings wait to be looked at again."), collisions.take_back)


def in_sight(user: User) -> CollisionQuerySet:
    """Collisions with all that their page shows, in one statement."""
    leads = [f"{lead}__{name}" for lead in ("lead", "attempt__lead") for name in NAMED]
    people = ("attempt__actor", "attempt__filer", "decided_by", "merge")
    return Collision.objects.visible_to(user).select_related("lead", "attempt__lead", *leads, *people)


def decide(request: HtmxRequest, pk: int, form: OnceForm, told: str, say: Any) -> HttpResponse:
    """Send one of the forms to its service; a refused one is shown again on the page as it is now."""
    collision = get_object_or_404(in_sight(request.user), pk=pk)

    def act() -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return str(say(collision, by=request.user, secret=form.secret, **typed))

    response = answer(form, act, lambda _location: messages.success(request, told))
    return response or show(request, in_sight(request.user).get(pk=pk), form)


def show(request: HtmxRequest, collision: Collision, refused: OnceForm | None = None) -> HttpResponse:
    user, second = request.user, collision.attempt.lead
    filings = [lead for lead in (collision.lead, second) if lead]
    context = {
        "collision": collision,
        "attempt": collision.attempt,
        "one": collision.lead,
        "other": second,
        "first": collisions.filings_of(collision)[0],
        "lines": lines_of(user, collision.lead, second),
        "signs": signs_of(collision, words(matching=MatchRule.objects.all()).rules),
        "contacts": [(lead, contacts_of(user, lead)) for lead in filings],
        "history": history_of(collision),
        "verdict": (verdict := collisions.may_decide(user, collision)),
        "mergeable": (joins := mergeable(filings) if collision.state == CollisionState.OPEN else ALLOWED),
        **forms_of(user, collision, refused, may=verdict, merges=joins),
    }
    return render(request, "audit/collision.html", context, status=422 if refused else 200)


def contacts_of(user: User, lead: Lead) -> Any:
    return FollowUp.objects.visible_to(user).filter(lead=lead).select_related("by").order_by("-at", "-pk")[:FOLLOW_UPS]


def history_of(collision: Collision) -> list[tuple[Event, Any]]:
    """Every decision on a collision with the state it led to in words, the newest first."""
    events = Event.objects.filter(**subject(collision)).select_related("by").order_by("-at", "-pk")
    return [(event, CollisionState(event.after).label) for event in events]


def mergeable(filings: list[Lead]) -> Verdict:
    """Whether the customers of two filings can be merged as things stand, if they are not one already."""
    if len(filings) < 2:
        return ALLOWED
    parties = merging.parties_of(lead.customer_id for lead in filings)
    one, other = (parties[lead.customer_id] for lead in filings)
    return ALLOWED if one.root_id == other.root_id else merging.may_merge(one, other)


def forms_of(
    user: User, collision: Collision, refused: OnceForm | None, *, may: Verdict, merges: Verdict
) -> dict[str, OnceForm]:
    """The forms that fit the state and the person, drawn anew but for the one that was refused."""
    merger = user.has_perm("customers.merge_customer")
    offered: dict[str, type[OnceForm]] = {}
    if may and collision.state == CollisionState.OPEN:
        offered = {"different": DifferentForm} | ({"same": SameForm} if merger and merges else {})
    elif may and merger:
        offered = {"back": ReconsiderForm}
    forms = {name: form(user=user, auto_id=f"{name}_%s") for name, form in offered.items()}
    names: dict[type, str] = {SameForm: "same", DifferentForm: "different", ReconsiderForm: "back"}
    return forms | ({names[type(refused)]: refused} if refused else {})
