"""Unified social credit codes (统一社会信用代码)."""

import re
import unicodedata

from stdnum.cn import uscc

from customers.keys.key import Key, KeyKind

SEPARATORS = re.compile(r"[^0-9A-Z]")
MISREAD = str.maketrans("OI", "01")
"""Letters that the code never has."""
NO_AUTHORITY = "0"
LONGEST = 200


def normalise_credit_code(text: str) -> str:
    """Letters and digits in upper case; O and I are read as 0 and 1 where that makes the check digit right."""
    code = SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:LONGEST]).upper())
    corrected = code.translate(MISREAD)
    return corrected if uscc.is_valid(corrected) else code


def is_credit_code(text: str) -> bool:
    """Whether the code has 18 signs, among them the right check digit; a row of zeros is none."""
    code = normalise_credit_code(text)
    return uscc.is_valid(code) and not code.startswith(NO_AUTHORITY)


def credit_code_key(text: str) -> Key | None:
    """The key of a right code, else None."""
    return Key(KeyKind.CREDIT_CODE, normalise_credit_code(text)) if is_credit_code(text) else None
