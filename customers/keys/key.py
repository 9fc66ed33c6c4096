"""The value that matching compares."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyKind(models.TextChoices):
    """What a key is made of (MATCH-1). `address_name` and `mask_name` are made of two things that are weak alone."""

    MOBILE = "mobile", _("mobile")
    PHONE = "phone", _("phone")
    ADDRESS = "address", _("address")
    ADDRESS_NAME = "address_name", _("address and name")
    MASK_NAME = "mask_name", _("masked number, name and gender")
    CREDIT_CODE = "credit_code", _("unified social credit code")
    COMPANY = "company", _("company name")
    PROJECT = "project", _("project")


GUARD = "~"
"""Parts the value from the detail in a guard. No normalised value has it."""


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """One normalised key. Sorted by kind and value: the order in which keys are locked.

    `block` is a coarser value under which near writings are found; `detail` is what tells apart inside a block, in
    slots parted by "|", an empty slot being unknown. A key that is not `exact` (a masked number, an address without
    room) is never firm and never held.
    """

    kind: str
    value: str
    block: str = field(default="", compare=False)
    detail: str = field(default="", compare=False)
    exact: bool = field(default=True, compare=False)

    @property
    def guard(self) -> "Key":
        """What is held where somebody else, of another district say, holds the same value: value and detail."""
        return Key(self.kind, f"{self.value}{GUARD}{self.detail}"[:250], detail=self.detail)

    @property
    def guarded(self) -> "Key":
        """The key that a guard stands for; any other key itself."""
        value, is_guard, _detail = self.value.partition(GUARD)
        return Key(self.kind, value, detail=self.detail) if is_guard else self


def agree(mine: str, theirs: str) -> bool:
    """Whether two details could be of the same thing: every slot equal, or unknown on one side."""
    pairs = zip(mine.split("|"), theirs.split("|"), strict=False)
    return all(one == other or not (one and other) for one, other in pairs)


def plain_evidence(mine: Key, theirs: Key, part: str = "") -> str:
    """The kind where two keys are the same, `part` where they lie in one block; "" where a detail speaks against it."""
    if not agree(mine.detail, theirs.detail):
        return ""
    if mine.exact and theirs.exact and mine.value == theirs.value:
        return mine.kind
    return part if mine.block and mine.block == theirs.block else ""
