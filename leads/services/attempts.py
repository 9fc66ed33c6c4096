"""Record of every try to file or check (`domain.md`, FilingAttempt, Collision)."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import User
from core.text import fold
from customers.keys import Key, KeyKind
from customers.keys.numbers import read_mask
from customers.parties import members_of
from leads.asking import NAME
from leads.choices import ACTIVE, Answer, Door
from leads.claims import Claim, Outcome
from leads.known import can_be_held
from leads.models import Collision, FilingAttempt, Lead


def digest(key: Key) -> str:
    """A keyed digest: numbers can be counted again but not looked up, since phone numbers are soon enumerated."""
    return f"{key.kind}:{_sealed(f'{key.kind}:{key.value}')[:32]}"


def _sealed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def digests_of(claim: Claim) -> list[str]:
    """The keys, and beside them the name: with an address, names are guessed at, too."""
    name = fold(claim.text("name"))
    return [digest(key) for key in (*claim.keys, *([Key(NAME, name)] if name else []))]


def attempt_of(outcome: Outcome, *, by: User, door: Door, at: datetime) -> FilingAttempt:
    return FilingAttempt(
        actor=by,
        filer_id=outcome.claim.filer_id,
        door=door,
        verdict="" if outcome.silent else outcome.judgement.answer,
        accepted=outcome.lead is not None,
        reasons=[problem.code for problem in outcome.problems if problem.blocks],
        keys=digests_of(outcome.claim),
        facts=facts_of(outcome.claim),
        lead=outcome.lead,
        at=at,
    )


ASKED = ("source", "order_type", "outlet", "city", "customer_kind", "filing_kind")
DATES = ("first_contact_on", "contract_signed_on", "visit_planned_at")


def facts_of(claim: Claim) -> dict[str, Any]:
    """What a policy asks of a filing and what makes two filings the same, nothing personal: for the replay (RULE-3).

    `firm`: the digests of the keys that would be held, with that of hidden digits, name and gender, which a policy may
    let hold; `details`: those of what tells such keys apart, by key. `hidden`: digits of the mobile are. `address`: a
    digest. `filled`: the names of fields with a value.
    """
    fields = claim.fields
    found = {name: fields[name] for name in ASKED if fields.get(name)}
    found |= {name: fields[name].isoformat() for name in DATES if fields.get(name)}
    found["filled"] = sorted(name for name, value in fields.items() if value)
    firm = [key for key in claim.kept if key.exact and (key.kind == KeyKind.MASK_NAME or can_be_held(key, claim))]
    found["firm"] = [digest(key) for key in firm]
    found["details"] = {digest(key): _digested(key) for key in firm if key.detail.strip("|")}
    found["address"] = digest(Key("place", claim.address)) if claim.address else ""
    flags = {"queue": claim.queue, "hidden": bool(read_mask(claim.text("mobile")))}
    return found | {name: True for name, flag in flags.items() if flag}


def _digested(key: Key) -> str:
    """The detail of a key, each of its slots as a short digest, so that two can still be compared."""
    slots = key.detail.split("|")
    return "|".join(_sealed(f"{key.kind} {place} {slot}")[:12] if slot else "" for place, slot in enumerate(slots))


def note_attempts(outcomes: Iterable[Outcome], *, by: User, door: Door, at: datetime) -> None:
    """Write the attempts of a batch, and a collision for each that met another filer's customer, however firmly."""
    pairs = [(outcome, attempt_of(outcome, by=by, door=door, at=at)) for outcome in outcomes]
    FilingAttempt.objects.bulk_create([attempt for _outcome, attempt in pairs])
    met = [pair for pair in pairs if pair[0].judgement.rivals(pair[0].claim.filer_id) and _answered(pair[0])]
    if met and door not in {Door.CHECK, Door.PREVIEW}:
        _note_collisions(met, at)


def _answered(outcome: Outcome) -> bool:
    """Filed in spite of the other, or refused because of it; not what was refused for another reason."""
    return outcome.lead is not None or outcome.judgement.answer == Answer.TAKEN


def _note_collisions(met: list[tuple[Outcome, FilingAttempt]], at: datetime) -> None:
    """One collision for each attempt: with the firmest of the customers it met."""
    rivals = {id(outcome): outcome.judgement.rivals(outcome.claim.filer_id) for outcome, _attempt in met}
    customers = {match.customer_id for found in rivals.values() for match in found}
    first: dict[int, int] = {}
    leads = Lead.objects.filter(customer__in=members_of(customers), hold__in=ACTIVE).order_by("-pk")
    for pk, one, root in leads.values_list("pk", "customer_id", "customer__root_id"):
        first[root or one] = pk
    found = [
        Collision(
            lead_id=first[match.customer_id],
            attempt=attempt,
            firmness=match.firmness,
            evidence=list(match.evidence),
            at=at,
        )
        for outcome, attempt in met
        for match in [each for each in rivals[id(outcome)] if each.customer_id in first][:1]
    ]
    Collision.objects.bulk_create(found)
