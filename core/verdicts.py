"""Answers that are false *and* say why, and the exception that carries such reasons out of a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS


@dataclass(frozen=True, slots=True)
class Verdict:
    """True when allowed; false with a reason fit to show to a person."""

    reason: Any = ""

    def __bool__(self) -> bool:
        return not self.reason


ALLOWED = Verdict()


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one field; `field` is `__all__` where it concerns the whole. A warning blocks nothing.

    `path` leads to the record that the sentence speaks of, where the person may see it.
    """

    sentence: Any
    field: str = NON_FIELD_ERRORS
    code: str = ""
    blocks: bool = True
    path: str = ""


class Refused(Exception):
    """A rule said no. The surrounding transaction rolls back; `problems` are what the person is told."""

    def __init__(self, problems: "Iterable[Problem] | Any", **context: Any) -> None:
        listed = isinstance(problems, (list, tuple))
        self.problems: tuple[Problem, ...] = tuple(problems) if listed else (Problem(problems),)
        self.context = context
        super().__init__("; ".join(str(problem.sentence) for problem in self.problems))
