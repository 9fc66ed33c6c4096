"""Each line of the ledger as a sentence that names the rule, the days and what moved them (PROT-2)."""

from datetime import datetime
from typing import Any

import pytest

from core.models import Event
from leads.ledger import told
from tests.ownership.scenes import moment
from tests.people import in_english  # noqa: F401

pytestmark = pytest.mark.usefixtures("in_english")
FILED = moment("2026-06-01", "15:00")


def line(action: str, rule: str = "", until: datetime | None = None, **changes: Any) -> Event:
    if rule:
        changes |= {"rule": rule, "until": until.isoformat() if until else None}
    return Event(action=action, at=FILED, changes=changes)


def start(rule: str, until: datetime | None, term: Any = None, since: datetime = FILED, action: str = "start") -> Event:
    return line(action, rule, until, counted_from=since.isoformat(), **({"term": term} if term else {}))


JUNE_9 = moment("2026-06-09", "00:00")
FIRST = start("term", JUNE_9, [7, "day"])
WAITS = line("start", "waits")


def said(*events: Event) -> list[tuple[str, list[str], str, str]]:
    return [(str(each.title), each.sentences, each.before, each.after) for each in told(events)]


@pytest.mark.parametrize(
    ("event", "title", "sentence"),
    [
        (FIRST, "Filed", "7 days from the filing on 2026-06-01; the first day does not count."),
        (
            start("promoted", moment("2026-07-02", "00:00"), [1, "month"]),
            "Took over from the queue",
            "1 month from taking over on 2026-06-01; the first day does not count.",
        ),
        (
            start("deposit", moment("2026-08-31", "00:00"), [90, "day"], action="move"),
            "Deposit recorded",
            "90 days from 2026-06-01, when the deposit was recorded; the first day does not count.",
        ),
        (
            start("term", moment("2026-06-01", "17:00"), [2, "hour"]),
            "Filed",
            "2 hours from the filing on 2026-06-01 15:00.",
        ),
        (
            start("extension", moment("2026-07-09", "00:00"), [1, "month"], JUNE_9, action="move"),
            "Prolonged",
            "at most 1 month longer than through 2026-06-08.",
        ),
        (WAITS, "Filed, waits for approval", "Its time begins once somebody approves it."),
        (line("start", "open"), "Filed", "The policy names no end."),
        (line("move", "deal"), "Deal made", "It has no end any more."),
    ],
)
def test_line_names_its_rule(event: Event, title: str, sentence: str) -> None:
    [(shown, [first, *_rest], _before, _after)] = said(event)

    assert (shown, first) == (title, sentence)


def test_line_shows_the_end_before_and_after() -> None:
    moved = start("deposit", moment("2026-08-31", "00:00"), [90, "day"], action="move")

    newest, oldest = said(FIRST, moved)

    assert newest[2:] == ("2026-06-08", "2026-08-30")
    assert oldest[2:] == ("", "2026-06-08")
    assert newest[1][-1] == "Others may file from 2026-08-31."
    assert "Others may file" not in " ".join(oldest[1])


def test_second_start_after_waiting_is_the_approval() -> None:
    approved, filed = said(WAITS, FIRST)

    assert approved[:2] == (
        "Approved",
        ["7 days from the approval on 2026-06-01; the first day does not count.", "Others may file from 2026-06-09."],
    )
    assert filed[2:] == ("", "")


def test_end_moved_past_a_holiday_is_explained() -> None:
    """1 month from 1 September ends on 1 October, a holiday; the next working day is the 8th."""
    [(_title, sentences, _before, after)] = said(
        start("term", moment("2026-10-09", "00:00"), [1, "month"], moment("2026-09-01"))
    )

    assert sentences[1] == "2026-10-01 is a day off, so it ends with the next working day."
    assert after == "2026-10-08"


def test_line_that_moves_nothing_says_why() -> None:
    deposit = start("deposit", moment("2026-08-31", "00:00"), [90, "day"], action="move")
    visit = start("visit", moment("2026-07-02", "00:00"), [30, "day"], action="move")

    newest, *_rest = said(FIRST, deposit, visit)

    assert newest == (
        "Visit confirmed",
        [
            "30 days from 2026-06-01, when the visit was confirmed; the first day does not count.",
            "That would be through 2026-07-01; the end stays what it is, since it is later already.",
        ],
        "",
        "2026-08-30",
    )


def test_line_after_one_without_an_end_moves_nothing() -> None:
    deposit = start("deposit", moment("2026-08-31", "00:00"), [90, "day"], action="move")

    newest, *_rest = said(FIRST, line("move", "deal"), deposit)

    assert newest[2:] == ("", "without an end")
    assert newest[1][-1] == "That would be through 2026-08-30; the end stays what it is, since it is later already."


def test_reversal_goes_back_and_the_end_says_why() -> None:
    moved = start("deposit", moment("2026-08-31", "00:00"), [90, "day"], action="move")
    back = line("reverse", "reversed", JUNE_9, reverses="deposit:1")
    ended = line("end", why="let_go", ended=JUNE_9.isoformat(), barred_until=moment("2026-07-09", "00:00").isoformat())

    last, reversal, *_rest = said(FIRST, moved, back, ended)

    assert reversal[0] == "Deposit reversed" and reversal[2:] == ("2026-08-30", "2026-06-08")
    assert last[:2] == (
        "Ended",
        ["At 2026-06-09 00:00: the filer let go.", "Its filer may file the customer again from 2026-07-09."],
    )


def test_hidden_digits_set_no_end_until_the_number_is_whole() -> None:
    hidden = Event(action="start", at=FILED, after="pending", changes=FIRST.changes)

    completed, filed = said(hidden, FIRST)

    assert filed[0] == "Filed with hidden digits" and filed[2:] == ("", "")
    assert filed[1] == ["It holds nothing until the whole number is filled in; then its time counts from the filing."]
    assert (completed[0], completed[3]) == ("Number completed", "2026-06-08")


@pytest.mark.parametrize(
    ("action", "title", "sentence"),
    [
        ("suspend", "Waits for approval again", "It waits for approval again; its end stays."),
        ("resume", "Protected again", "Approved; its end stays."),
    ],
)
def test_suspended_protection_keeps_its_end(action: str, title: str, sentence: str) -> None:
    newest, _first = said(FIRST, line(action))

    assert newest[:2] == (title, [sentence])


def test_nobody_else_may_file_while_somebody_waits() -> None:
    [line] = told([FIRST], awaited=True)

    assert line.sentences == ["7 days from the filing on 2026-06-01; the first day does not count."]
