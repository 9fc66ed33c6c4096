"""The password rules of S4."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NEEDED = (re.compile(r"[A-Za-z]"), re.compile(r"\d"), re.compile(r"[^A-Za-z\d\s]"))
SHORTEST = 8


class LettersDigitsSymbols:
    """At least eight characters with letters, digits and a special character."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < SHORTEST or not all(sign.search(password) for sign in NEEDED):
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        return _("At least 8 characters, with letters, digits and a special character such as ! or -.")
