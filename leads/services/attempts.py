"""Record of every try to file or check (`domain.md`, FilingAttempt, Collision)."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from accounts.models import User
from customers.keys import Key
from leads.choices import OPEN, Answer, Door
from leads.claims import Outcome
from leads.models import Collision, FilingAttempt, Lead


def digest(key: Key) -> str:
    """A keyed digest: numbers can be counted again but not looked up, since phone numbers are soon enumerated."""
    told = hmac.new(settings.SECRET_KEY.encode(), f"{key.kind}:{key.value}".encode(), hashlib.sha256)
    return f"{key.kind}:{told.hexdigest()[:32]}"


def attempt_of(outcome: Outcome, *, by: User, door: Door, at: datetime) -> FilingAttempt:
    return FilingAttempt(
        actor=by,
        filer_id=outcome.claim.filer_id,
        door=door,
        verdict=outcome.judgement.answer,
        accepted=outcome.lead is not None,
        reasons=[problem.code for problem in outcome.problems if problem.blocks],
        keys=[digest(key) for key in outcome.claim.keys],
        lead=outcome.lead,
        at=at,
    )


def note_attempts(outcomes: Iterable[Outcome], *, by: User, door: Door, at: datetime) -> None:
    """Write the attempts of a batch, and a collision for each that met another filer's customer."""
    pairs = [(outcome, attempt_of(outcome, by=by, door=door, at=at)) for outcome in outcomes]
    FilingAttempt.objects.bulk_create([attempt for _outcome, attempt in pairs])
    turned_away = [pair for pair in pairs if _met_another(pair[0])]
    if turned_away and door != Door.CHECK:
        _note_collisions(turned_away, at)


def _met_another(outcome: Outcome) -> bool:
    return outcome.judgement.answer == Answer.TAKEN


def _note_collisions(turned_away: list[tuple[Outcome, FilingAttempt]], at: datetime) -> None:
    customers = {match.customer_id for outcome, _attempt in turned_away for match in outcome.judgement.matches}
    first: dict[int, int] = {}
    leads = Lead.objects.filter(customer__in=customers, progress__in=OPEN).order_by("-pk")
    for pk, customer_id in leads.values_list("pk", "customer_id"):
        first[customer_id] = pk
    found = []
    for outcome, attempt in turned_away:
        matches = [match for match in outcome.judgement.matches if match.holder_id != outcome.claim.filer_id]
        lead_id = next((first[match.customer_id] for match in matches if match.customer_id in first), None)
        if lead_id:
            kinds = sorted({match.key.kind for match in matches})
            found.append(Collision(lead_id=lead_id, attempt=attempt, kinds=kinds, at=at))
    Collision.objects.bulk_create(found)
