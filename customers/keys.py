"""Identity keys: what makes two writings of a customer the same one. First form: exact normalised values."""

import re
import unicodedata
from dataclasses import dataclass

from core.text import fold
from customers.models import KeyKind

NOT_A_DIGIT = re.compile(r"\D+")
COUNTRY = re.compile(r"^(?:0086|86)(?=1\d{10}$)")
SHORTEST_NUMBER = 7
NUMBER_SIGNS = set("0123456789+-()#*转 ")


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """One normalised key. Sorted by kind and value: the order in which keys are locked."""

    kind: str
    value: str


def is_number(text: str) -> bool:
    """Whether a text is meant as a telephone number: digits and what people put between them, nothing else."""
    return not set(unicodedata.normalize("NFKC", text)) - NUMBER_SIGNS


def normalise_number(text: str) -> str:
    """The digits of a telephone number; full width, blanks, dashes and the country code 86 do not count."""
    return COUNTRY.sub("", NOT_A_DIGIT.sub("", unicodedata.normalize("NFKC", text)))


def asked_number(text: str) -> str:
    """The digits to search for where the text is nothing but a number or a part of one, else ""."""
    text = unicodedata.normalize("NFKC", text).strip()
    return normalise_number(text.removeprefix("+86")) if is_number(text) else ""


def normalise_address(city_id: int | None, community: str, building_room: str) -> str:
    """City, community and building as one value; "" unless all three are there: a community alone is no address."""
    parts = fold(community), fold(building_room)
    return f"{city_id}|{parts[0]}|{parts[1]}" if city_id and all(parts) else ""


def number_key(text: str) -> Key | None:
    """The key of a number. A mobile is a mobile in whichever field it stands; a short extension identifies nobody."""
    digits = normalise_number(text)
    if len(digits) < SHORTEST_NUMBER:
        return None
    mobile = len(digits) == 11 and digits.startswith("1")
    return Key(KeyKind.MOBILE if mobile else KeyKind.PHONE, digits)


def identity_keys(mobile: str, phone: str, city_id: int | None, community: str, building_room: str) -> tuple[Key, ...]:
    """All keys of a customer's data, sorted."""
    keys = {number_key(mobile), number_key(phone)} - {None}
    if address := normalise_address(city_id, community, building_room):
        keys.add(Key(KeyKind.ADDRESS, address))
    return tuple(sorted(key for key in keys if key))
