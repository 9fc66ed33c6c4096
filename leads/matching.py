"""Whose customer is this? The verdict on each claim, from what is known of its keys (MATCH-1 to -4, LEAD-10)."""

from dataclasses import replace
from datetime import datetime

from core.text import fold
from customers.keys import Key, KeyKind, evidence, personal_evidence
from leads.choices import Answer, Hold
from leads.claims import MASK_HOLDS, Claim, Held, Judgement, Match, OpenLead
from leads.known import Known
from leads.spans import hides_digits
from policies.matching import ORDER, firmness_of
from policies.models import CustomerKind, Scope
from policies.terms import Contest


def judge(claim: Claim, known: Known, at: datetime, *, except_lead: str = "") -> Judgement:
    """The verdict on one claim (`domain.md`, "What a second filing of a customer does").

    `except_lead` is the number of the lead that is being edited: it does not stand in its own way.
    """
    if not claim.keys:
        return Judgement(Answer.UNCLEAR)
    ruled = known.shared | known.counted
    overshared = tuple(key for key in claim.keys if key not in ruled and _many(key, claim, known))
    shared = (*(key for key in claim.keys if key in known.shared), *overshared)
    matches = _matches(claim, known, set(shared) | known.shared)
    if except_lead:
        matches = tuple(match for match in matches if match.firm or not _only(match, known, except_lead))
    said = Judgement(Answer.FREE, matches, next=("file",), shared=shared, overshared=overshared)
    firm = [match for match in matches if match.firm]
    taken = [match for match in firm if any(_in_the_way(held, claim) for held in match.held)]
    if taken:
        return _taken(claim, known, taken, said, at)
    mine = sorted(match.customer_id for match in firm if claim.filer_id in match.holders)
    others = (match for match in firm if claim.filer_id not in match.holders)
    bars = (known.barred(match.customer_id, claim.scope, claim.filer_id, at) for match in others)
    if barred := max((moment for moment in bars if moment), default=None):
        return replace(said, answer=Answer.TAKEN, barred_until=barred, next=("ask",))
    if mine:
        return _own(claim, known, mine, except_lead, said)
    if all(not match.held for match in matches):
        return replace(said, customer_id=min((match.customer_id for match in firm), default=None))
    free = [match.customer_id for match in firm if not match.held]
    said = replace(said, customer_id=min(free, default=None))
    own = tuple(
        lead for match in matches for lead in known.leads.get(match.customer_id, ()) if claim.filer_id in match.holders
    )
    return replace(said, answer=Answer.UNCLEAR, own=own, next=("file", "open") if own else ("file",))


def _in_the_way(held: Held, claim: Claim) -> bool:
    """Whether somebody else's protection keeps a claim out: not where both only wait to be compared (Contest)."""
    beside = held.contested and claim.terms.contest == Contest.EVIDENCE
    return held.filer_id != claim.filer_id and not beside


def _taken(claim: Claim, known: Known, taken: list[Match], said: Judgement, at: datetime) -> Judgement:
    """Held by somebody else: whether one may wait, waits already, or may be told from when others may file."""
    customer_id = taken[0].customer_id
    held = next(held for held in taken[0].held if _in_the_way(held, claim))
    waiting = known.waiters(customer_id, claim.scope)
    mine = next((waiter for waiter in waiting if waiter.filer_id == claim.filer_id), None)
    if mine:
        lead = OpenLead(mine.number, customer_id, claim.fields.get("order_type"), claim.address)
        return replace(said, answer=Answer.OWN, own=(lead,), repeats=lead, waits=True, next=("open",))
    barred = known.barred(customer_id, claim.scope, claim.filer_id, at)
    room = len(waiting) < held.terms.queue and not (held.sold or barred or hides_digits(claim))
    ends = {each.ends_at for match in taken for each in match.held}
    told = claim.terms.tells_from and not waiting and held.state == Hold.PROTECTED and None not in ends
    return replace(
        said,
        answer=Answer.TAKEN,
        customer_id=customer_id if room else None,
        room=room,
        free_from=max(moment for moment in ends if moment) if told else None,
        next=("queue", "ask") if room else ("ask",),
    )


def _own(claim: Claim, known: Known, mine: list[int], except_lead: str, said: Judgement) -> Judgement:
    own = tuple(lead for pk in mine for lead in known.leads.get(pk, []) if lead.number != except_lead)
    joined = {pk: held for pk in mine if (held := _joined(claim, known, pk))}
    customer_id = next(iter(joined), mine[0])
    said = replace(said, customer_id=customer_id, joins=joined.get(customer_id))
    if not own and except_lead:
        return said
    narrower = not joined and not except_lead
    repeats = next((lead for lead in own if _same(claim, lead)), None)
    steps = ("open",) if repeats or narrower else ("file", "open")
    return replace(said, answer=Answer.OWN, own=own, repeats=repeats, narrower=narrower, next=steps)


def _joined(claim: Claim, known: Known, customer_id: int) -> Held | None:
    """The own protection of a customer that a filing comes under: one as wide as it is, or wider.

    Where the site holds customers whole, one for an order type is left from the time when it did not, and will do.
    """
    whole = claim.settings.scope == Scope.CUSTOMER
    held = (each for each in known.holders(customer_id, claim.scope) if each.filer_id == claim.filer_id)
    return next((each for each in held if whole or each.scope in {"", claim.scope}), None)


def _same(claim: Claim, lead: OpenLead) -> bool:
    """Same order type, or both without one, and same address: the same filing twice."""
    return lead.order_type_id == claim.fields.get("order_type") and lead.address == claim.address


def _only(match: Match, known: Known, number: str) -> bool:
    leads = known.leads.get(match.customer_id)
    return leads is not None and all(lead.number == number for lead in leads)


def _matches(claim: Claim, known: Known, shared: set[Key]) -> tuple[Match, ...]:
    """Every customer that shares evidence with a claim, the firmest first.

    A held mask with name and gender is firm by whatever policy the claim is judged (guarantees 2).
    """
    found: dict[int, set[str]] = {}
    masked: set[int] = set()
    given = claim.identity
    for key in claim.asked:
        if key in shared:
            continue
        for kept in known.near(key, claim.scope):
            if kept.key in shared or not (word := evidence(key, kept.key)):
                continue
            words = found.setdefault(kept.customer_id, set())
            words.add(word)
            if kept.held and kept.key.kind == KeyKind.MASK_NAME:
                masked.add(kept.customer_id)
            if CustomerKind.COMPANY not in {given.customer_kind, kept.customer_kind}:
                words |= personal_evidence(given.name, given.gender, kept.name, kept.gender)
    matches = (
        Match(pk, known.holders(pk, claim.scope), firmness, tuple(sorted(words)))
        for pk, words in found.items()
        if (firmness := firmness_of(words, (*claim.judged_by, MASK_HOLDS) if pk in masked else claim.judged_by))
    )
    return tuple(sorted(matches, key=lambda match: (-ORDER[match.firmness], match.customer_id)))


KINDS = {
    "address_name": KeyKind.ADDRESS,
    "address_part": KeyKind.ADDRESS,
    "building": KeyKind.ADDRESS,
    "company_part": KeyKind.COMPANY,
    "mask34": KeyKind.MOBILE,
    "mask45": KeyKind.MOBILE,
    "mask_name": KeyKind.MOBILE,
    "phone_part": KeyKind.PHONE,
    "project_part": KeyKind.PROJECT,
} | {kind.value: kind for kind in KeyKind if kind not in {KeyKind.ADDRESS_NAME, KeyKind.MASK_NAME}}
PERSONAL = frozenset({"name", "surname", "gender"})


def firmness_by_kind(match: Match, claim: Claim) -> dict[str, str]:
    """Which kinds of keys matched, and how firmly each says so by itself with name and gender beside it (MATCH-4)."""
    found: dict[str, str] = {}
    beside = PERSONAL & set(match.evidence)
    for word in match.evidence:
        firmness = firmness_of(beside | {word}, claim.judged_by) if word in KINDS else ""
        if firmness and ORDER[firmness] > ORDER.get(found.get(KINDS[word].value, ""), 0):
            found[KINDS[word].value] = firmness
    return found


def _many(key: Key, claim: Claim, known: Known) -> bool:
    """Whether a key is shared by so many unrelated customers that it says nothing any more.

    Unrelated: customers of different names, or own filings whose names and addresses both differ. What somebody else
    holds is never found out by a claim, or one could free it by inventing customers.
    """
    most = claim.settings.shared_after
    rows = known.by_value.get(key, [])
    rivals = any(
        kept.held and held.filer_id != claim.filer_id
        for kept in rows
        for held in known.holders(kept.customer_id, kept.scope)
    )
    if not most or not key.exact or rivals:
        return False
    if len({fold(kept.name) for kept in rows}) >= most:
        return True
    word = f"{key.kind}:{key.value}"
    leads = [lead for kept in rows for lead in known.leads.get(kept.customer_id, ()) if word in lead.keys]
    return min(len({fold(lead.name) for lead in leads}), len({lead.address for lead in leads})) >= most
