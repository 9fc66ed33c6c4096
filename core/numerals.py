"""Chinese numerals."""

import re

FIGURES = {
    sign: value
    for value, signs in enumerate(["零〇", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for sign in signs
}
TENS = {"十": 1, "拾": 1, "廿": 2, "卅": 3}
NUMERALS = "".join([*FIGURES, *TENS, "百"])
FIGURE = f"[{''.join(FIGURES)}]"
PLACED = re.compile(
    f"(?:(?P<hundreds>{FIGURE}?)百[零〇]?)?(?:(?P<tens>{FIGURE}?)(?P<ten>[十拾廿卅]))?(?P<ones>{FIGURE}?)"
)
SMALL = "零一二三四五六七八九"
PLAIN_NUMERAL = re.compile(f"[{SMALL}〇十][{SMALL}〇十百]{{0,8}}")


def arabic(text: str) -> str:
    """A number with its Chinese numerals in Arabic figures: 十二 12, 一百零三 103, 一六零一 1601, 十六零一 1601.

    What is no Chinese numeral stays as it is. Leading zeros stay, since they can mean something.
    """
    if set(text) - set(NUMERALS):
        return "".join(str(FIGURES.get(sign, sign)) for sign in text)
    return "".join(str(_value(found)) for found in PLACED.finditer(text) if found[0])


def write_numerals(text: str) -> str:
    """The text with figures for the numerals in it: 第3期, 105号; 百度 and 两江 stay. Idempotent."""
    return PLAIN_NUMERAL.sub(lambda match: arabic(match[0]), text)


def _value(found: re.Match[str]) -> int:
    hundreds = 0 if found["hundreds"] is None else FIGURES.get(found["hundreds"], 1)
    tens = FIGURES.get(found["tens"], TENS[found["ten"]]) if found["ten"] else 0
    return 100 * hundreds + 10 * tens + FIGURES.get(found["ones"], 0)


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals, as phases are called: 二, 十, 二十一; other numbers in figures."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else SMALL[tens]) + ("十" if tens else "") + (SMALL[ones] if ones else "")
