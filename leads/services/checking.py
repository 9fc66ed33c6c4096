"""The live check (LEAD-10) and the preview of an import: what filing would answer, within a budget (MATCH-6).

A person may ask about so many customers a day that they do not file; `leads.asking` counts them. Beyond that they can
still file, and are told nothing beforehand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import database_now, likely_now, likely_today
from core.once import told_busy
from core.verdicts import Problem, Refused
from leads import known, matching, quotas, rules
from leads.asking import Ask, Book
from leads.choices import Door
from leads.claims import Claim, Outcome
from leads.models import FilingAttempt
from leads.services.attempts import attempt_of, digests_of, note_attempts
from leads.services.ownership import Overtaken
from leads.services.plan import judge_batch
from leads.services.settling import again
from leads.services.watching import MET, ask_of, book_of, watch

WITHOUT_BUDGET = "leads.full_check"


def check(claim: Claim, *, by: User) -> Outcome:
    """The live verdict while somebody types: the answer that filing would obey. Only the try is written."""
    return again(lambda: _check(claim, by=by))


def _check(claim: Claim, *, by: User) -> Outcome:
    outcome = Outcome(_complete(claim))
    if claim.filer_id == by.pk and quotas.quota_of(by, likely_today()).left == 0:
        outcome.problems.append(rules.quota_problem())
    if not outcome.claim.keys:
        return replace(outcome, claim=claim)
    with transaction.atomic(durable=True):
        if by.has_perm(WITHOUT_BUDGET):
            at = database_now()
            _judge(outcome, at)
            _attempt(outcome, by=by, door=Door.CHECK, at=at).save()
        else:
            _ask(outcome, by=by)
    return replace(outcome, claim=claim)


def _complete(claim: Claim) -> Claim:
    """The claim without a mobile that is still being typed: it can't be filed, and asking about it would cost."""
    problems = rules.information(claim, likely_now())
    if any((problem.field, problem.code) == ("mobile", "mobile") for problem in problems):
        return replace(claim, fields={**claim.fields, "mobile": ""})
    return claim


def _ask(outcome: Outcome, *, by: User) -> None:
    """Judge a claim if the person's budget allows it. The day's lock makes parallel checks count each other."""
    at = quotas.lock_today(by.pk)
    book = book_of(by.pk, at)
    price = book.price(Ask(frozenset(digests_of(outcome.claim)), at))
    outcome.silent = price > max(outcome.claim.settings.check_budget - book.used, 0)
    if not outcome.silent:
        _judge(outcome, at)
    attempt = _attempt(outcome, by=by, door=Door.CHECK, at=at)
    attempt.save()
    if not outcome.silent:
        book.note(ask_of(attempt))
    watch(book, by=by, at=at, exceeded=outcome.silent)


def spend(claim: Claim, *, by: User, at: datetime) -> None:
    """Take an edit of keys out of the day's checks, since it tells as much; raises `Refused` beyond them.

    The person's day must be locked.
    """
    if by.has_perm(WITHOUT_BUDGET):
        return
    book = book_of(by.pk, at)
    price = book.price(Ask(frozenset(digests_of(claim)), at))
    if price > max(claim.settings.check_budget - book.used, 0):
        sentence = _("Today's checks are used up, and another number or address would be one. Change it tomorrow.")
        raise Refused([Problem(sentence, code="budget")])


def note_refused(outcome: Outcome, *, by: User, door: Door) -> None:
    """Write what was refused, and look whether it belongs to an unusual share of hits.

    Raises `Refused` where nobody gets to write: what was asked is not answered without being counted.
    """
    with told_busy(), transaction.atomic(durable=True):
        at = quotas.lock_today(by.pk)
        note_attempts([outcome], by=by, door=door, at=at)
        if not by.has_perm(WITHOUT_BUDGET):
            watch(book_of(by.pk, at), by=by, at=at, exceeded=False)


def _judge(outcome: Outcome, at: datetime) -> None:
    """Judge a claim. Raises `Overtaken` with what has run out."""
    read = known.known_of([outcome.claim], evenly=True)
    if over := read.run_out(at):
        raise Overtaken(over)
    outcome.judgement = matching.judge(outcome.claim, read, at)
    outcome.problems += rules.not_counted(outcome.judgement)


def _attempt(outcome: Outcome, *, by: User, door: Door, at: datetime) -> FilingAttempt:
    """What is written of a question."""
    attempt = attempt_of(outcome, by=by, door=door, at=at)
    if outcome.judgement.rivals(outcome.claim.filer_id):
        attempt.reasons.append(MET)
    return attempt


def preview_outcomes(claims: Sequence[Claim], left: Mapping[int, int | None], *, by: User) -> list[Outcome]:
    """What an import of these claims would do, told for no more customers than the person may ask about.

    `left` is what each filer may still file. Faulty claims are not judged, since they can't be filed.
    """
    return again(lambda: _previewed(claims, left, by=by))


def _previewed(claims: Sequence[Claim], left: Mapping[int, int | None], *, by: User) -> list[Outcome]:
    with transaction.atomic(durable=True):
        at = quotas.lock_today(by.pk)
        outcomes = {id(one): Outcome(one, problems=list(rules.information(one, at)), silent=True) for one in claims}
        sound = [outcome for outcome in outcomes.values() if not outcome.blocked]
        if by.has_perm(WITHOUT_BUDGET):
            told = judge_batch([outcome.claim for outcome in sound], left, at).outcomes
            _note(told, by=by, at=at)
        else:
            told = _preview(sound, left, at, by=by) if sound else []
    return list((outcomes | {id(outcome.claim): outcome for outcome in told}).values())


def _preview(sound: Sequence[Outcome], left: Mapping[int, int | None], at: datetime, *, by: User) -> list[Outcome]:
    """Judge what the budget, or else the quota, allows, and say of the others that they were not asked."""
    keys = [frozenset(digests_of(outcome.claim)) for outcome in sound]
    book = book_of(by.pk, at)
    most = max(sound[0].claim.settings.check_budget, left.get(by.pk) or 0)
    asked = _asked([Ask(each, at) for each in keys], book, most)
    told = judge_batch([sound[place].claim for place in sorted(asked)], left, at).outcomes
    untold = [outcome for place, outcome in enumerate(sound) if place not in asked]
    for outcome in untold:
        outcome.problems.append(_unasked())
    for attempt in _note([*told, *untold], by=by, at=at):
        book.note(ask_of(attempt))
    watch(book, by=by, at=at, exceeded=False)
    return told


def _asked(asks: Sequence[Ask], book: Book, most: int) -> set[int]:
    """The places of the tries that may be answered: those about the first customers, `most` of them in a day."""
    asked, left = set(), most - book.used
    for place, ask in enumerate(asks):
        if (price := book.price(ask)) <= max(left, 0):
            book.note(ask)
            left -= price
            asked.add(place)
    return asked


def _unasked() -> Problem:
    sentence = _("Not checked beforehand: today's checks are used up. The row is judged when it is imported.")
    return Problem(sentence, code="unasked", blocks=False)


def _note(outcomes: Sequence[Outcome], *, by: User, at: datetime) -> list[FilingAttempt]:
    """Write what a preview asked, also what it was not told; the tries that were answered."""
    attempts = [_attempt(outcome, by=by, door=Door.PREVIEW, at=at) for outcome in outcomes if outcome.claim.keys]
    FilingAttempt.objects.bulk_create(attempts)
    return [attempt for attempt in attempts if attempt.verdict]
