"""What happened to filings afterwards, made to happen again as far as it could; each beside the service of its name."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from core.clock import start_of
from leads.choices import ENDED, Hold
from leads.replay.holdings import Filed, Holding, Holdings
from leads.replay.values import Happened, Happening
from leads.services.holding import extension_problem
from leads.services.ownership import KeyToKeep
from leads.spans import EXTENDED, End, barred_from, contact_due, end_by_ledger, end_from, hides_digits, standing
from policies.terms import DAY, end_of, extended_end

Act = Callable[[Holdings, Filed, Happening], None]
DEPOSIT = "deposit"


def withdraw(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    if lead.hold == Hold.QUEUED:
        lead.hold = Hold.CANCELLED
    elif lead.active:
        lead.hold = Hold.RELEASED
        holdings.leave(lead, happened.at, withdrawn=True)


def release(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    if one := _running(lead):
        lead.lost = not happened.false
        holdings.end(one, happened.at, barred_until=barred_from(happened.at, one.terms.cool_down, holdings.calendar))


def void(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    if one := _running(lead):
        lead.lost = not happened.false
        state, term = (Hold.VOIDED, one.terms.void_ban) if happened.false else (Hold.RELEASED, one.terms.cool_down)
        holdings.end(one, happened.at, state, barred_from(happened.at, term, holdings.calendar))


def _running(lead: Filed) -> Holding | None:
    return lead.holding if lead.active and lead.holding and lead.holding.active else None


def win(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    one = lead.holding
    lead.won = bool(lead.paid)
    if not lead.won or one is None or not one.active:
        return
    one.contact_by = None
    term, deal = one.terms.deal_term, End(None, "deal")
    holdings.move(one, end_from(happened.at, term, "deal", one.terms, holdings.calendar) if term else deal)
    holdings.cancel_queue(lead.customer_id, one.scope)


def confirm_visit(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    one = _running(lead)
    if one is None or lead.hold != Hold.PROTECTED:
        return
    if term := one.terms.visit_term:
        one.contact_by = None
        holdings.move(one, end_from(happened.at, term, "visit", one.terms, holdings.calendar))


def follow_up(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    lead.contacts.append(happened.at)
    one = lead.holding
    if one and one.state == Hold.PROTECTED and one.contact_by:
        one.contact_by = contact_due(happened.at, one.terms, holdings.calendar)
        holdings.watch(one)


def assign(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    """Only what is protected goes to a showroom, and what went there before."""
    if lead.hold == Hold.PROTECTED or (lead.hold in ENDED and lead.assigned):
        lead.assigned.add(happened.of)


def take_back(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    lead.assigned.discard(happened.of)


def take_deposit(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    if happened.of not in lead.assigned:
        return
    lead.paid.add(happened.of)
    one = lead.holding
    if one is None or not one.active:
        _protect_anew(holdings, lead, happened)
    else:
        _prolong_by_deposit(holdings, one, happened)


def _prolong_by_deposit(holdings: Holdings, one: Holding, happened: Happening) -> None:
    if term := one.terms.deposit_term:
        end = end_from(happened.at, term, DEPOSIT, one.terms, holdings.calendar)
        holdings.move(one, end, **_mark(happened))


def _mark(happened: Happening) -> dict[str, Any]:
    return {"of": f"{DEPOSIT}:{happened.of}:{happened.at.isoformat()}", "assignment": happened.of}


def _protect_anew(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    """Money for a customer whose protection has ended: a new one, unless others hold it or its filer may not."""
    scope = lead.holding.scope if lead.holding else ""
    if lead.lost or _has_rival(holdings, lead, scope):
        return
    one = next(iter(holdings.active(lead.customer_id, scope)), None)
    if one is None:
        if holdings.is_barred(lead.customer_id, scope, lead.filer_id, happened.at):
            return
        one = _begin_by_deposit(holdings, lead, scope, happened)
    else:
        _prolong_by_deposit(holdings, one, happened)
    lead.hold, lead.holding = one.state, one
    one.leads.append(lead)


def _has_rival(holdings: Holdings, lead: Filed, scope: str) -> bool:
    """Whether somebody else holds the customer, or another one that holds a key of the lead."""
    rows = [row for key in lead.claim.keys for row in holdings.known.by_value.get(key, ()) if row.held]
    parties = {lead.customer_id, *(row.customer_id for row in rows)}
    return any(each.filer_id != lead.filer_id for pk in parties for each in holdings.active(pk, scope))


def _begin_by_deposit(holdings: Holdings, lead: Filed, scope: str, happened: Happening) -> Holding:
    terms, at = lead.claim.terms, happened.at
    term, past = terms.deposit_term or terms.term, terms.past_holidays
    until = end_of(at, term, holdings.calendar, past_holidays=past) if term else None
    made = holdings.begin_by(End(until, DEPOSIT, term, at), at, terms, lead, scope, **_mark(happened))
    holdings.keys.hold_free(_firm(holdings, lead, scope, lead.claim.words))
    return made


def _firm(holdings: Holdings, lead: Filed, scope: str, words: Collection[tuple[str, str]]) -> list[KeyToKeep]:
    """Of these keys those of the lead's customer that can be held."""
    firm = [key for key in holdings.keys.keys_of(lead.customer_id) if key.kind in lead.claim.firm]
    return [KeyToKeep(key, lead.customer_id, scope=scope) for key in firm if (key.kind, key.value) in words]


def reverse_deposit(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    lead.paid.discard(happened.of)
    one = lead.holding
    if one is None or not one.active:
        return
    given = [changes["of"] for _action, changes in standing(one.lines) if changes.get("assignment") == happened.of]
    if not given:
        return
    one.lines.append(("reverse", {"reverses": given[-1], "assignment": happened.of}))
    end = end_by_ledger(one.lines)
    if not standing(one.lines) or (end is not None and end <= happened.at):
        holdings.end(one, happened.at, Hold.EXPIRED)
    else:
        one.ends_at = end
        holdings.watch(one)


def ask_extension(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    """At once where nobody decides; else it waits for the decision that was taken."""
    one: Any = _running(lead)
    if one is None or lead.hold != Hold.PROTECTED:
        return
    if extension_problem(one, happened.at, news=_has_news(one)):
        return
    if one.terms.extension_needs_approval:
        lead.asks[happened.of] = happened.until
    else:
        _prolong(holdings, one, happened)


def _has_news(one: Holding) -> bool:
    since = one.prolonged_at or one.started_at
    return bool(since) and any(at >= since for lead in one.leads for at in lead.contacts if since)


def grant_extension(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    one: Any = _running(lead)
    if one is None or happened.of not in lead.asks:
        return
    del lead.asks[happened.of]
    if not extension_problem(one, happened.at, asked=True):
        _prolong(holdings, one, happened)


def _prolong(holdings: Holdings, one: Holding, happened: Happening) -> None:
    before = one.ends_at or happened.at
    scope = one.scope
    waiting = any(scope in {"", each.claim.scope} or not each.claim.scope for each in holdings.waiting(one.customer_id))
    end = extended_end(before, one.terms, holdings.calendar, waiting=waiting)
    if happened.until:
        end = min(end, start_of(happened.until + DAY))
    one.extensions += 1
    one.prolonged_at = happened.at
    holdings.move(one, End(end, EXTENDED, counted_from=before))


def approve(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    one = lead.holding
    if lead.hold != Hold.PENDING or not lead.waits_for_decision or one is None or hides_digits(lead.claim):
        return
    if _held_by_others(holdings, lead, one):
        return
    lead.hold, lead.waits_for_decision = Hold.PROTECTED, False
    if one.contested:
        rivals = _beside(holdings, one)
        words = {word for each in one.leads if each.active for word in each.claim.words}
        holdings.keys.hold_free(_firm(holdings, lead, one.scope, words))
        for rival in rivals:
            holdings.wait_elsewhere(holdings.waiting(rival.customer_id), one.customer_id)
            _lose(holdings, rival, happened.at)
            holdings.tell(rival.customer_id)
    if one.state == Hold.PENDING:
        holdings.protect(one, happened.at)


def _beside(holdings: Holdings, one: Holding) -> list[Holding]:
    """Contested protections of other customers that have a complete key of this one's."""
    rows = [row for key in holdings.keys.keys_of(one.customer_id) for row in holdings.known.by_value.get(key, ())]
    customers = sorted({row.customer_id for row in rows} - {one.customer_id})
    return [each for pk in customers for each in holdings.active(pk, one.scope) if each.contested]


def _held_by_others(holdings: Holdings, lead: Filed, one: Holding) -> bool:
    """As `ownership.held_by_others`."""
    rows = [row for key in holdings.keys.keys_of(lead.customer_id) for row in holdings.known.by_value.get(key, ())]
    words = lead.claim.words
    parties = {row.customer_id for row in rows if row.held and (row.key.kind, row.key.value) in words}
    others = parties - {lead.customer_id}
    return any(each.filer_id != lead.filer_id for pk in others for each in holdings.active(pk, one.scope))


def _lose(holdings: Holdings, rival: Holding, at: datetime) -> None:
    for lead in rival.leads:
        if lead.active:
            lead.hold = Hold.RELEASED
            holdings.leave(lead, at)


def reject(holdings: Holdings, lead: Filed, happened: Happening) -> None:
    if lead.hold == Hold.QUEUED and lead.waits_for_decision:
        lead.hold, lead.waits_for_decision = Hold.CANCELLED, False
    elif lead.hold == Hold.PENDING and lead.waits_for_decision:
        lead.hold = Hold.RELEASED
        holdings.leave(lead, happened.at)


ACTS: Mapping[Happened, Act] = {
    Happened.WITHDRAW: withdraw,
    Happened.RELEASE: release,
    Happened.VOID: void,
    Happened.WIN: win,
    Happened.VISIT: confirm_visit,
    Happened.FOLLOW_UP: follow_up,
    Happened.ASSIGN: assign,
    Happened.TAKE_BACK: take_back,
    Happened.DEPOSIT: take_deposit,
    Happened.REVERSE: reverse_deposit,
    Happened.ASK: ask_extension,
    Happened.GRANT: grant_extension,
    Happened.APPROVE: approve,
    Happened.REJECT: reject,
}
