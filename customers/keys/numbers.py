"""Telephone numbers: mobiles, masked mobiles and landlines with area and extension."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from customers.keys.key import Key, KeyKind, plain_evidence
from customers.keys.names import full_name
from customers.keys.regions import area_codes

NOT_A_DIGIT = re.compile(r"[^0-9]+")
COUNTRY = re.compile(r"^(?:0086|86)?0?(?=1\d{10}$)")
"""What goes before a mobile: the country and the trunk prefix that was once dialled."""
GIVEN_OUT = re.compile("1[3-9][0-9]{9}")
"""A mobile of the ranges in use: parted anywhere, it is still one number."""
COUNTRY_CODE = re.compile(r"^\+?(?:00)?86")
NUMBER_SIGNS = set("0123456789+-()#*转 ")
PARTING_SIGNS = set("/、,;")
"""What people put between two numbers in one field."""
LONGEST_TEXT = 120

COVER = "[*x×✱✳⁎∗·•・●○◯◦∙⋅#?_★☆■□█]"
COVERS = re.compile(COVER + r"|\.{2,}|[-‐‑‒–—―−]{3,}")
PARTLY_COVERED = re.compile(COVER + "{2}")
BETWEEN = re.compile(r"[\s().+‐‑‒–—―−-]+")
DASH = re.compile("[‐‑‒–—―−]")
PATTERN = re.compile(r"1[0-9]{2}[0-9*]{4}[0-9]{4}")
SHOWN = re.compile(r"(1[0-9]{2,})\*+([0-9]{4,})")
ENOUGH_SHOWN = 9
"""4 + 5 digits shown leave 100 possible numbers, 3 + 4 leave 10,000."""

AREA_AND_SLASH = re.compile(r"(?<![0-9])(0[0-9]{2,3})\s*/\s*(?=[0-9]{7,8}(?![0-9]))")
FILLED_IN = re.compile(r"\+?0+|1+|([0-9])\1{6,}|1[0-9]{2}([0-9])\2{7}")
RUNS = "012345678901", "109876543210"
LONGEST_TURN = 3
PARTED = re.compile(r"[/、,;|\\&\n或和及]+|(?<=[0-9])\+")
EXTENSION = re.compile(r"(?:转分机|分机号|分机|转|extension|ext|x|#|\*)[\s.:号-]*(?=[0-9]{1,6}(?![0-9]))")
OTHER_SIGNS = re.compile(r"[^0-9+>-]+")
LAST_GROUP = re.compile(r"(.*[0-9])-+([0-9]{1,6})")
AREA_CODE = re.compile(r"010|02[0-9]|0[3-9][0-9]{2}")
LANDLINE = re.compile(rf"({AREA_CODE.pattern})([0-9]{{7,8}})")
MOBILE = re.compile(r"0?(1[0-9]{10})")
SUBSCRIBER = re.compile(r"[1-9][0-9]{6,7}")
SHORTEST_SUBSCRIBER = 7
SERVICE = re.compile(r"[48]00[0-9]{7}|95[0-9]{5,6}")
"""Numbers that need no area. Shorter ones, of carriers, banks and offices, say nothing of a customer."""
SHORT_SERVICE = re.compile(rf"(?:{AREA_CODE.pattern})(?:1[0-9]{{4}}|9[56][0-9]{{3,4}})")
INCOMPLETE_MOBILE = re.compile(r"(?:(?:00)?86)?0?1[3-9][0-9]{5,8}")
FOREIGN = range(7, 16)
"""Digits of a number abroad, with its country code."""
WHOLE = range(9, 21)
"""A row of so many digits is a number of its own, though it be in no plan we know."""


class Number(NamedTuple):
    """`whole`: it needs no area to be dialled."""

    digits: str
    area: str = ""
    extension: str = ""
    whole: bool = False
    mobile: bool = False


def is_number(text: str) -> bool:
    """Whether a text is meant as telephone numbers: digits and what people put between them, or a masked mobile."""
    typed = EXTENSION.sub("转", unicodedata.normalize("NFKC", text).casefold())
    return not set(typed) - NUMBER_SIGNS - PARTING_SIGNS or bool(read_mask(text))


def normalise_number(text: str) -> str:
    """The digits of a telephone number; full width, blanks, dashes and what goes before a mobile do not count."""
    return COUNTRY.sub("", NOT_A_DIGIT.sub("", unicodedata.normalize("NFKC", text)))


def asked_number(text: str) -> str:
    """The digits to search for where the text is nothing but a number or a part of one, else ""."""
    text = unicodedata.normalize("NFKC", text).strip()
    one = not set(text) - NUMBER_SIGNS or bool(read_mask(text))
    return normalise_number(text.removeprefix("+86")) if one else ""


def read_mask(text: str) -> str:
    """The 11 signs of a masked mobile, hidden ones as "*"; "" unless 3 in front and 4 at the end are shown."""
    masked = BETWEEN.sub("", COVERS.sub("*", _plain(text)))
    masked = re.sub(r"^(?:0086|86)?0?(?=1)", "", masked)
    if "*" not in masked:
        return ""
    if PATTERN.fullmatch(masked):
        return masked
    shown = SHOWN.fullmatch(masked)
    hidden = 11 - len(shown[1]) - len(shown[2]) if shown else 0
    return f"{shown[1]}{'*' * hidden}{shown[2]}" if shown and hidden > 0 else ""


def agrees(pattern: str, digits: str) -> bool:
    """Whether a full number could be the masked one: every digit shown is the same."""
    return len(pattern) == len(digits) and all(one in ("*", other) for one, other in zip(pattern, digits, strict=True))


def number_keys(mobile: str, phone: str, area_code: str = "") -> list[Key]:
    """The keys of all numbers in two fields. A landline without area is one of the city whose `area_code` is given."""
    area = area_code if AREA_CODE.fullmatch(area_code) else ""
    found = [key for text in (mobile, phone) for key in _keys(_plain(text), area)]
    return list(dict.fromkeys(found))


def mobile_evidence(mine: Key, theirs: Key) -> str:
    """ "mobile" for equal numbers; for a masked one what is shown of it, "mask45" or "mask34", if nothing differs."""
    if mine.exact and theirs.exact:
        return KeyKind.MOBILE.value if mine.value == theirs.value else ""
    pairs = list(zip(mine.value, theirs.value, strict=False))
    if any("*" not in pair and pair[0] != pair[1] for pair in pairs):
        return ""
    shown = min(len(key.value) - key.value.count("*") for key in (mine, theirs))
    return "mask45" if shown >= ENOUGH_SHOWN else "mask34"


def phone_evidence(mine: Key, theirs: Key) -> str:
    """ "phone" for the same line, "phone_part" where area or extension is unknown on one side."""
    return plain_evidence(mine, theirs, "phone_part")


def mask_name_key(key: Key, name: str, gender: str) -> Key | None:
    """Number without its fifth and sixth digit, name and gender; its detail are the two digits, if they are known."""
    shown, hidden, person = key.value[:4] + key.value[6:], key.value[4:6], full_name(name)
    if key.kind != KeyKind.MOBILE or "*" in shown or not person or not gender:
        return None
    value = f"{shown[:4]}**{shown[4:]}|{person}|{gender}"
    return Key(KeyKind.MASK_NAME, value, detail="|".join(digit.replace("*", "") for digit in hidden))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()[:LONGEST_TEXT].strip()


def _keys(text: str, area: str) -> Iterator[Key]:
    for piece in PARTED.split(AREA_AND_SLASH.sub(r"\1-", text)):
        words = re.split(r"[\s()]+", piece) if PARTLY_COVERED.search(piece) and not read_mask(piece) else [piece]
        for word in words:
            if mask := read_mask(word):
                yield _mobile(mask)
            elif not PARTLY_COVERED.search(word):
                yield from (_key(number, area) for number in _numbers(word) if not _is_filled_in(number.digits))


def _is_filled_in(digits: str) -> bool:
    """Whether somebody only typed along the keys, as in 12345678901 or 13333333333."""
    long = len(digits) in WHOLE
    turns = (digits[:length] * len(digits) for length in range(2, LONGEST_TURN + 1) if long)
    in_turn = any(turn.startswith(digits) for turn in turns)
    return in_turn or any(digits in run for run in RUNS) or bool(FILLED_IN.fullmatch(digits))


def _mobile(value: str) -> Key:
    return Key(KeyKind.MOBILE, value, block=f"{value[:3]}-{value[-4:]}", exact="*" not in value)


def _key(number: Number, city_area: str) -> Key:
    """A mobile with an extension, as platforms lend them out, is not the customer's own and no mobile key."""
    extension = "" if number.whole and len(number.digits) < WHOLE.start else number.extension
    if number.mobile and not extension:
        return _mobile(number.digits)
    area = number.area or ("" if number.whole else city_area)
    value = "-".join(filter(None, (area, number.digits)))
    if extension:
        value += ("-" if area else "#") + extension
    exact = number.whole or bool(area)
    return Key(KeyKind.PHONE, value, block=number.digits, detail=f"{area}|{extension}", exact=exact)


def _numbers(text: str) -> Iterator[Number]:
    """The numbers of a text in which blanks part either numbers or groups of digits: the longest reading counts."""
    words = [word for word in OTHER_SIGNS.sub(" ", EXTENSION.sub(">", DASH.sub("-", text))).split() if _digits(word)]
    while words:
        lengths = range(len(words), 0, -1)
        found = ((length, number) for length in lengths if (number := _read(" ".join(words[:length]))))
        length, number = next(found, (1, _unknown_plan(words[0])))
        if number:
            yield number
        words = words[length:]


def _digits(text: str) -> str:
    return NOT_A_DIGIT.sub("", text)


def _unknown_plan(word: str) -> Number | None:
    digits = _digits(word.partition(">")[0])
    short = word.startswith("+") and len(digits) < WHOLE.start
    if short or INCOMPLETE_MOBILE.fullmatch(digits) or SHORT_SERVICE.fullmatch(digits):
        return None
    return _read_main(digits) or (Number(digits, whole=True) if len(digits) in WHOLE else None)


def _read(text: str) -> Number | None:
    """One number with its extension, parted by ">" or, after a whole subscriber's number, by a dash."""
    main, extended, extension = text.partition(">")
    number = _read_main(main)
    if extended:
        return number._replace(extension=extension) if number and extension.isdecimal() else None
    if number and (number.mobile or number.whole):
        return number
    parted = LAST_GROUP.fullmatch(main)
    head = _read_main(parted[1]) if parted else None
    ends_in_whole = parted and len(re.split("[ -]+", parted[1])[-1]) >= SHORTEST_SUBSCRIBER
    if parted and head and (ends_in_whole or not number):
        return head._replace(extension=parted[2])
    return number


def _read_main(text: str) -> Number | None:
    """A number without extension, whose digits may stand in groups."""
    digits = _digits(text)
    abroad = text.strip().startswith("+")
    if digits.startswith("0086") or (abroad and digits.startswith("86")):
        number = _read_national(digits[4 if digits.startswith("00") else 2 :], country=True)
    elif abroad or digits.startswith("00"):
        number = _read_foreign(digits.removeprefix("00"))
    else:
        with_country = _read_national(digits[2:], country=True) if digits.startswith("86") and len(digits) > 8 else None
        known = with_country if with_country and (with_country.area or with_country.mobile) else None
        number = known or _read_national(digits)
    groups = [group for group in re.split("[ -]+", COUNTRY_CODE.sub("", text)) if group]
    broken = any(len(group) >= SHORTEST_SUBSCRIBER + bool(number and number.mobile) for group in groups[:-1])
    return None if broken and not GIVEN_OUT.fullmatch(digits) else number


def _read_foreign(digits: str) -> Number | None:
    if MOBILE.fullmatch(digits):
        return Number(digits[-11:], whole=True, mobile=True)
    return Number("+" + digits, whole=True) if len(digits) in FOREIGN and digits[0] != "0" else None


def _read_national(digits: str, *, country: bool = False) -> Number | None:
    """After the country code, and by many without it, the 0 of the area is left out."""
    if mobile := MOBILE.fullmatch(digits):
        return Number(mobile[1], whole=True, mobile=True)
    if SERVICE.fullmatch(digits):
        return Number(digits, whole=True)
    without_zero = LANDLINE.fullmatch("0" + digits) if len(digits) > SHORTEST_SUBSCRIBER + 1 else None
    if without_zero and not country and without_zero[1] not in area_codes():
        without_zero = None
    if landline := LANDLINE.fullmatch(digits) or without_zero:
        return Number(landline[2], area=landline[1])
    local = SUBSCRIBER.fullmatch(digits) and not INCOMPLETE_MOBILE.fullmatch(digits)
    return Number(digits) if local else None
