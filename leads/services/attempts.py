"""Record of every try to file or check (`domain.md`, FilingAttempt, Collision)."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from core.text import fold
from customers.keys import Key
from leads.asking import NAME
from leads.choices import OPEN, Answer, Door
from leads.claims import Claim, Outcome
from leads.models import Collision, FilingAttempt, Lead


def digest(key: Key) -> str:
    """A keyed digest: numbers can be counted again but not looked up, since phone numbers are soon enumerated."""
    told = hmac.new(settings.SECRET_KEY.encode(), f"{key.kind}:{key.value}".encode(), hashlib.sha256)
    return f"{key.kind}:{told.hexdigest()[:32]}"


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
        lead=outcome.lead,
        at=at,
    )


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
    theirs = Q(customer__in=customers) | Q(customer__root__in=customers)
    leads = Lead.objects.filter(theirs, progress__in=OPEN).order_by("-pk")
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
