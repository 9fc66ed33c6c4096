"""The versions of a policy as its administrator reads them: from when, by whom, why, and what they changed."""

from datetime import datetime
from typing import Any, NamedTuple

from policies.models import Policy
from policies.naming import names_in
from policies.sentences import Change, differences
from policies.terms import Terms


class ToldVersion(NamedTuple):
    pk: int
    number: int
    starts_at: datetime | None
    at: datetime
    by: Any
    note: str
    changes: list[Change]
    to_come: bool


def told_versions(policy: Policy, now: datetime) -> list[ToldVersion]:
    """The newest first, each beside the one before; the first beside a policy that says nothing."""
    if not policy.pk:
        return []
    rows = sorted(policy.versions.all(), key=lambda row: row.number)
    listed = [Terms.from_json(row.body) for row in rows]
    names = names_in(listed)
    told = [
        ToldVersion(
            row.pk,
            row.number,
            row.starts_at,
            row.at,
            row.by,
            row.note,
            differences(before, after, names),
            to_come=row.starts_at is not None and row.starts_at > now,
        )
        for row, before, after in zip(rows, [Terms(), *listed], listed, strict=False)
    ]
    return told[::-1]
