"""What a typed text is compared with: numbers by their digits, names and addresses however they were written."""

import unicodedata
from functools import reduce
from operator import or_

from django.db.models import Expression, F, Q, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Contains

from core.text import fold
from customers.keys.numbers import NUMBER_SIGNS

BESIDE_DIGITS = sorted(NUMBER_SIGNS - set("0123456789"))


def by_number(digits: str, *columns: str) -> Q:
    """Rows with the digits in one of the columns; what else a kept number is written with does not count."""
    return reduce(or_, (Q(Contains(_bare(column), Value(digits))) for column in columns))


def _bare(column: str) -> Expression | F:
    bare: Expression | F = F(column)
    for sign in BESIDE_DIGITS:
        bare = Replace(bare, Value(sign), Value(""))
    return bare


def by_text(text: str, *columns: str) -> Q:
    """Rows with the text in one of the columns, which are kept as typed: as it stands, in half width, or folded."""
    ways = dict.fromkeys((text, unicodedata.normalize("NFKC", text), fold(text)))
    return reduce(or_, (Q(**{f"{column}__icontains": way}) for column in columns for way in ways))
