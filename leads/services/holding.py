"""What people do with a customer that is held: let go, void, prolong, confirm a visit, record a deal (PROT-3, -4)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import once
from core.clock import database_now, day_of, start_of
from core.models import Event
from core.verdicts import ALLOWED, Problem, Refused, Verdict
from customers.models import Customer
from leads.choices import ACTIVE, Ending, Hold, Progress
from leads.models import FollowUp, Lead, Protection, QueueEntry
from leads.services.protecting import cancel_queue, end_protection, move_end
from leads.services.requesting import EXTENSION, ask_for, calendar_from, lapse_requests, longer_asked_for, tell
from leads.services.rivals import demand_neutral, demand_no_gain
from leads.services.settling import again, held_lead
from leads.spans import EXTENDED, End, barred_from, end_from
from leads.workflow import Action, demand, perform
from policies.terms import DAY, Terms, extended_end, last_day_of, last_day_to_ask

TOLD_OF_END = gettext_lazy("%s: its protection was ended by somebody else. Open it to see why.")
ASKED_ALREADY = gettext_lazy("Longer protection is asked for already; somebody has to decide.")
SOLD = gettext_lazy(
    "Another filing under this protection is won, so the customer is not let go. Only a false filing ends it."
)


def let_go(lead: Lead, *, why: str, reason: str, by: User, secret: str = "") -> str:
    """The customer is released: all filings under the protection end, and the next who waits takes over at once."""

    def work(lead: Lead, protection: Protection, at: datetime) -> None:
        _demand_unsold(protection)
        lost = {"progress": Progress.LOST} if why == Ending.COMPETITOR else {}
        demand_no_gain(by, lead)
        perform(Action.RELEASE, lead, by=by, at=at, note=reason, hold=Hold.RELEASED, **lost)
        lapse_requests([lead.pk], at=at)
        calendar = calendar_from(at)
        barred = barred_from(at, protection.terms.cool_down, calendar)
        end_protection(protection, Ending(why), at=at, by=by, note=reason, barred_until=barred)

    return _act(lead, work, by=by, secret=secret)


def void(lead: Lead, *, why: str, reason: str, by: User, secret: str = "") -> str:
    """Somebody else ends it: the filing proved false, for which the policy may bar its filer from the customer for a
    time, or the customer signed with a competitor."""

    def work(lead: Lead, protection: Protection, at: datetime) -> None:
        demand(by, Action.VOID, lead, reason)
        demand_neutral(by, lead)
        false = why == Ending.FALSE
        if not false:
            _demand_unsold(protection)
        state = Hold.VOIDED if false else Hold.RELEASED
        lost = {} if false else {"progress": Progress.LOST}
        perform(Action.VOID, lead, by=by, at=at, note=reason, hold=state, **lost)
        lapse_requests([lead.pk], at=at)
        term = protection.terms.void_ban if false else protection.terms.cool_down
        barred = barred_from(at, term, calendar_from(at))
        end_protection(protection, Ending(why), at=at, by=by, note=reason, state=state, barred_until=barred)
        tell(lead, "voided", TOLD_OF_END, at=at)

    return _act(lead, work, by=by, secret=secret)


def _demand_unsold(protection: Protection) -> None:
    """What was sold to the customer is not undone by another filing of it."""
    if protection.leads.filter(progress=Progress.WON, hold__in=ACTIVE).exists():
        raise Refused(str(SOLD))


def win(lead: Lead, *, note: str, by: User, secret: str = "") -> str:
    """A deal was made: the customer stays its filer's, without an end unless the policy names one; nobody waits on."""

    def work(lead: Lead, protection: Protection | None, at: datetime) -> None:
        perform(Action.WIN, lead, by=by, at=at, note=note, progress=Progress.WON)
        if protection and protection.state in ACTIVE:
            _keep_for_good(protection, by=by, at=at)

    return _act(lead, work, by=by, secret=secret, demands_hold=False)


def _keep_for_good(protection: Protection, *, by: User, at: datetime) -> None:
    terms = protection.terms
    end = End(None, "deal")
    if terms.deal_term:
        end = end_from(at, terms.deal_term, "deal", terms, calendar_from(at))
    move_end(protection, end, by=by, at=at)
    protection.contact_by = None
    protection.save(update_fields=["contact_by"])
    root_id = Customer.objects.get(pk=protection.customer_id).party_id
    cancel_queue(root_id, protection.scope, at=at)


def confirm_visit(lead: Lead, *, note: str, by: User, secret: str = "") -> str:
    """The customer came, as all sides confirm: the policy's time runs from today, where that makes the end later, and
    takes the place of the contacts that kept the customer until then (decision 13)."""

    def work(lead: Lead, protection: Protection, at: datetime) -> None:
        perform(Action.CONFIRM_VISIT, lead, by=by, at=at, note=note)
        terms = protection.terms
        if terms.visit_term:
            protection.contact_by = None
            protection.save(update_fields=["contact_by"])
            end = end_from(at, terms.visit_term, "visit", terms, calendar_from(at))
            move_end(protection, end, by=by, at=at, note=note)

    return _act(lead, work, by=by, secret=secret)


def extend(lead: Lead, *, until: date | None, reason: str, by: User, secret: str = "") -> str:
    """Ask for longer protection (PROT-3), up to a day or as long as the policy allows; at once where nobody decides."""

    def work(lead: Lead, protection: Protection, at: datetime) -> None:
        demand(by, Action.EXTEND, lead, reason)
        terms, calendar = protection.terms, calendar_from(protection.ends_at or at)
        if problem := extension_problem(protection, at, news=has_news(protection)):
            raise Refused(problem)
        if longer_asked_for(protection.pk).exists():
            raise Refused(str(ASKED_ALREADY))
        before = protection.ends_at or at
        end = extended_end(before, terms, calendar, waiting=somebody_waits(protection))
        if until and not day_of(before) <= until <= last_day_of(end):
            raise Refused([Problem(_until_words(protection, end), "until", "until")])
        details = {"until": (until or last_day_of(end)).isoformat()}
        perform(Action.EXTEND, lead, by=by, at=at, note=reason, changes={"until": ["", details["until"]]})
        if terms.extension_needs_approval:
            ask_for(EXTENSION, lead, terms, by=by, at=at, reason=reason, details=details)
        else:
            prolong(protection, details, by=by, at=at, note=reason)

    return _act(lead, work, by=by, secret=secret)


def prolong(protection: Protection, details: dict[str, Any], *, by: User, at: datetime, note: str) -> None:
    """Move the end to the day asked for, or as far as the policy allows by now; `Refused` where it allows none.

    What has moved the end beyond that day in the meantime, such as a deposit, stays.
    """
    if problem := extension_problem(protection, at, asked=True):
        raise Refused(problem)
    before, waiting = protection.ends_at or at, somebody_waits(protection)
    longest = extended_end(before, protection.terms, calendar_from(before), waiting=waiting)
    wanted = start_of(date.fromisoformat(details["until"]) + DAY)
    protection.extensions += 1
    protection.save(update_fields=["extensions"])
    end = End(min(longest, wanted), EXTENDED, _term(protection.terms, waiting=waiting), before)
    move_end(protection, end, by=by, at=at, note=note)


def extension_problem(protection: Protection, at: datetime, *, asked: bool = False, news: bool = True) -> str:
    """Why a protection can't be prolonged now, "" where it can. With `asked` only what counts when it is granted."""
    terms = protection.terms
    most = terms.promoted_extensions if protection.promoted else terms.extensions
    if protection.state != Hold.PROTECTED or protection.ends_at is None:
        return _("Only a protection that runs and has an end can be prolonged.")
    if most == 0 and protection.promoted and terms.extensions:
        return _("What was taken over from the queue can't be prolonged. When it has ended, file the customer again.")
    if most == 0 or terms.extension_term is None:
        return _("The policy knows no longer protection here. When it has ended, file the customer again.")
    if protection.extensions >= most:
        return _("It was prolonged %(most)s time(s), as often as the policy allows.") % {"most": most}
    last = last_day_to_ask(protection.ends_at, terms)
    if not asked and day_of(at) > last:
        sentence = _("Longer protection has to be asked for by %(day)s, %(days)s days before the end.")
        return sentence % {"day": last, "days": terms.extension_days_before}
    if not asked and terms.extension_needs_news and not news:
        return _("The policy asks for fresh information: record a follow-up with this customer first.")
    return ""


def _term(terms: Terms, *, waiting: bool) -> Any:
    return terms.extension_term_waiting or terms.extension_term if waiting else terms.extension_term


def _until_words(protection: Protection, end: datetime) -> str:
    first, last = day_of(protection.ends_at or end), last_day_of(end)
    return _("The policy allows a day from %(first)s to %(last)s.") % {"first": first, "last": last}


def somebody_waits(protection: Protection) -> bool:
    root_id = Customer.objects.get(pk=protection.customer_id).party_id
    waiting = QueueEntry.objects.of_parties([root_id]).waiting()
    if protection.scope:
        waiting = waiting.filter(scope__in=["", protection.scope])
    return waiting.exists()


def has_news(protection: Protection) -> bool:
    """Whether somebody has followed up since the protection began or was last prolonged."""
    ledgers = [protection.pk, *protection.joining.values_list("pk", flat=True)]
    lines = Event.objects.filter(subject_type=Protection._meta.label_lower, subject_id__in=ledgers)
    since = lines.filter(changes__rule=EXTENDED).aggregate(last=Max("at"))["last"] or protection.started_at
    return bool(since) and FollowUp.objects.filter(lead__protection=protection, at__gte=since).exists()


def may_extend(protection: Protection | None, at: datetime) -> Verdict:
    """Whether a button to prolong makes sense, by what costs no statement."""
    if protection is None:
        return Verdict(_("Only a protection that runs and has an end can be prolonged."))
    reason = extension_problem(protection, at)
    return Verdict(reason) if reason else ALLOWED


def _act(
    lead: Lead, work: Callable[[Lead, Any, datetime], None], *, by: User, secret: str, demands_hold: bool = True
) -> str:
    """One action on a lead whose customer is locked, settled before."""

    def run() -> str:
        with once.action(by.pk, secret) as answer:
            found = held_lead(lead.pk)
            at = database_now()
            if demands_hold and (found.protection is None or found.protection.state not in ACTIVE):
                raise Refused(_("This filing does not hold its customer: it is %s.") % found.get_hold_display())
            work(found, found.protection, at)
            answer.location = reverse("leads:detail", args=[found.number])
        return answer.location

    return again(run)
