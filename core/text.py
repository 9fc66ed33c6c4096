"""Cleaning and folding of what people type."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Controls, bidirectional marks, zero-width characters, surrogates, private use is allowed (rare Chinese names).
REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Cn"}
LINE_BREAKS = {"\n", "\t"}
BLANKS = re.compile(r"\s+")


def clean_text(text: str, *, lines: bool = False) -> str:
    """NFC and trimmed. Raises `ValidationError` on invisible or unassigned characters (guarantees 4)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    for sign in text:
        if unicodedata.category(sign) in REFUSED_CATEGORIES and not (lines and sign in LINE_BREAKS):
            raise ValidationError(
                _("There is an invisible character (U+%(code)s) in it. Please type the text anew."),
                code="invisible",
                params={"code": f"{ord(sign):04X}"},
            )
    return text


def fold(text: str) -> str:
    """What two ways of writing have in common: full and half width, case and blanks do not count. Idempotent."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", BLANKS.sub("", folded))  # an accent may lean on what stood before a blank


def search_text(*parts: str) -> str:
    """The folded parts in one line, parted so that no match runs from one into the next."""
    return "|".join(fold(part) for part in parts if part)
