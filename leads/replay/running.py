"""One replay: tries and what happened afterwards, in order of time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from leads import matching, rules
from leads.choices import ENDED, Answer, Hold
from leads.claims import Judgement, Outcome
from leads.replay.claims import Reader, RecordedClaim
from leads.replay.following import ACTS
from leads.replay.holdings import Filed, Holdings
from leads.replay.values import ORDER, Attempt, Happened, Happening, Setting, Told, Verdict
from leads.services.plan import over_limit
from leads.spans import Start, hides_digits, request_of, start_of_filing

BY_POLICY = {"required", "late", "ahead", "taken", "own", "limit"}
"""The reasons of a refusal that policies settle; any other stays as recorded."""


def replay(attempts: Iterable[Attempt], happenings: Iterable[Happening], setting: Setting) -> list[Told]:
    """What becomes of tries by these policies, in order; only of those that are to be told."""
    run = Run(setting)
    items: list[Attempt | Happening] = sorted(
        [*attempts, *happenings], key=lambda one: (one.at, ORDER[one.what], one.pk)
    )
    for one in items:
        run.go_on_to(one.at)
        run.file(one) if isinstance(one, Attempt) else run.follow(one)
    run.go_on_to(setting.until)
    return [run.told(attempt_id) for attempt_id in run.first]


class Run:
    """The state of one replay. `first` are the verdicts by try, `filed` what was accepted."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.reader = Reader(setting.words)
        self.holdings = Holdings(setting.words.calendar)
        self.shared = sorted((at, key) for key, at in setting.shared.items() if at)
        self.holdings.known.shared |= {key for key, at in setting.shared.items() if at is None}
        self.holdings.known.counted |= setting.counted
        self.first: dict[int, Told] = {}
        self.filed: dict[int, Filed] = {}
        self.by_lead: dict[int, Filed] = {}
        self.customers = 0

    def go_on_to(self, at: datetime) -> None:
        """What is over by then ends, and what was found out to be shared counts no more."""
        self.holdings.settle(at)
        while self.shared and self.shared[0][0] <= at:
            self.holdings.keys.share([self.shared.pop(0)[1]])

    def file(self, attempt: Attempt) -> None:
        claim = self.reader.claim(
            attempt, self.setting.policies_at(attempt.at), queue=attempt.pk in self.setting.queuers
        )
        outcome, reasons = self._judge(attempt, claim)
        told = Told(attempt.pk, attempt.number, attempt.filer_id, attempt.at, Verdict.REFUSED)
        if reasons:
            told = told._replace(reasons=reasons, room=outcome.judgement.room)
        else:
            told = self._accept(attempt, claim, outcome, told)
        if attempt.told:
            self.first[attempt.pk] = told

    def _judge(self, attempt: Attempt, claim: RecordedClaim) -> tuple[Outcome, tuple[str, ...]]:
        """The judgement, and the codes of what refuses it; faults of the try itself keep it from being judged."""
        outcome = Outcome(claim)
        asked = (*rules.missing(claim), *rules.in_time(claim, attempt.at), *rules.before_visit(claim, attempt.at))
        codes = {problem.code for problem in asked} | (set(attempt.reasons) - BY_POLICY)
        if not codes:
            outcome.judgement = self._judgement(attempt, claim)
            limited = over_limit(claim, outcome.judgement, Counter({claim.filer_id: self._holding(claim)}))
            problems = (*rules.refusal(claim, outcome.judgement), *limited)
            codes = {problem.code for problem in problems if problem.blocks}
        return outcome, tuple(sorted(codes))

    def _holding(self, claim: RecordedClaim) -> int:
        return self.holdings.holding_of[claim.filer_id]

    def _judgement(self, attempt: Attempt, claim: RecordedClaim, except_lead: str = "") -> Judgement:
        known = self.holdings.known
        known.leads = self.holdings.open_of[claim.filer_id]
        found = Judgement(Answer.FREE, next=("file",))
        if claim.keys:
            found = matching.judge(claim, known, attempt.at, except_lead=except_lead)
        unclear = found.answer == Answer.FREE and attempt.verdict == Answer.UNCLEAR
        return replace(found, answer=Answer.UNCLEAR) if unclear else found

    def _accept(self, attempt: Attempt, claim: RecordedClaim, outcome: Outcome, told: Told) -> Told:
        judgement, holdings = outcome.judgement, self.holdings
        customer_id = judgement.customer_id or self._new_customer()
        start = start_of_filing(claim, judgement)
        holdings.keys.meet(customer_id, claim)
        lead = Filed(len(self.filed), attempt, claim, customer_id, start.hold, attempt.at)
        lead.waits_for_decision, lead.gone = bool(start.request), attempt.lead_id in self.setting.gone
        if start.queued:
            lead.waits_since = attempt.at
        else:
            holdings.keys.take(claim, judgement, customer_id, holds=start.holds)
            joined = judgement.joins and holdings.by_id[judgement.joins.protection_id]
            lead.holding = joined or holdings.begin(
                start, attempt.at, claim.terms, customer_id, claim.scope, claim.filer_id, promoted=False
            )
        holdings.add_lead(lead)
        holdings.tell(customer_id)
        self.filed[attempt.pk] = lead
        if attempt.lead_id:
            self.by_lead[attempt.lead_id] = lead
        return told._replace(**self._verdict(lead, start, judgement))

    def _new_customer(self) -> int:
        self.customers += 1
        return self.customers

    def _verdict(self, lead: Filed, start: Start, judgement: Judgement) -> dict[str, Any]:
        if start.queued:
            return {"verdict": Verdict.QUEUED, "place": len(self.holdings.waiting(lead.customer_id))}
        until = lead.holding.ends_at if lead.holding else None
        if start.hold == Hold.PENDING:
            return {"verdict": Verdict.PENDING, "until": until}
        return {"verdict": Verdict.JOINED if judgement.joins else Verdict.PROTECTED, "until": until}

    def follow(self, happened: Happening) -> None:
        """Nothing befalls what was refused."""
        if lead := self.by_lead.get(happened.lead_id):
            if happened.what == Happened.EDIT:
                self._edit(lead, happened)
            else:
                ACTS[happened.what](self.holdings, lead, happened)
            self.holdings.tell(lead.customer_id)

    def _edit(self, lead: Filed, happened: Happening) -> None:
        """Other keys: judged like a filing, and left alone where they would be refused; as `filing.edit_lead`."""
        attempt, one = happened.attempt, lead.holding
        if attempt is None or not lead.active or one is None:
            return
        claim = self.reader.claim(attempt, (), judged_by=lead.claim)
        judgement = self._judgement(attempt, claim, except_lead=lead.number)
        refused = any(problem.blocks for problem in rules.refusal(claim, judgement))
        if refused and not (happened.completes and judgement.answer == Answer.TAKEN):
            return
        self.holdings.keys.take(claim, judgement, lead.customer_id, holds=not one.contested)
        before = lead.claim
        self._stand(lead, claim, judgement, happened)
        lead.claim = claim
        self.holdings.note_words(lead)
        parted = self.holdings.part_waiters(lead.customer_id, self._new_customer)
        self.holdings.let_go_of_words(lead.customer_id, lead.filer_id, before.words - claim.words)
        for customer_id in parted:
            self.holdings.take_over(customer_id, happened.at)
            self.holdings.tell(customer_id)

    def _stand(self, lead: Filed, claim: RecordedClaim, judgement: Judgement, happened: Happening) -> None:
        """What it makes of the lead's time and hold; as `filing._standing`, `_wanted` and `_follow_hold`."""
        wanted, one = bool(request_of(claim, judgement)), lead.holding
        if not wanted and not hides_digits(claim):
            others = one.leads if one and one.state == Hold.PENDING else ()
            wanted = any(each.waits_for_decision for each in others if each is not lead)
            wanted |= happened.completes and self._earlier(lead, judgement)
        if not happened.completes:
            lead.arrived_at = happened.at
        lead.waits_for_decision = wanted
        lead.hold = Hold.PENDING if wanted or hides_digits(claim) else Hold.PROTECTED
        if lead.hold == Hold.PENDING:
            lead.asks.clear()
            if one:
                self.holdings.suspend(one)
        elif one and one.state == Hold.PENDING:
            self.holdings.protect(one, lead.arrived_at)

    def _earlier(self, lead: Filed, judgement: Judgement) -> bool:
        if judgement.answer == Answer.TAKEN:
            return True
        rivals = [match.customer_id for match in judgement.rivals(lead.filer_id)]
        leads = [other for customer_id in rivals for other in self.holdings.leads_of[customer_id] if other.active]
        return any(other.arrived_at < lead.arrived_at for other in leads)

    def told(self, attempt_id: int) -> Told:
        """A verdict with the end it came to."""
        told, lead = self.first[attempt_id], self.filed.get(attempt_id)
        if lead is None:
            return told
        one = lead.holding
        end = (one.ended_at if lead.hold in ENDED else one.ends_at) if one else None
        return told._replace(hold=str(lead.hold), end=end)
