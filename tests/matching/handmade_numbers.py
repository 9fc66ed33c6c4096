"""Numbers written by hand. A row: kind, the fields of either side, why."""

from typing import Any

Row = tuple[str, dict[str, str], dict[str, str], str]


def mobiles(kind: str, *rows: tuple[str, str, str]) -> list[Row]:
    return [(kind, {"mobile": mine}, {"mobile": theirs}, why) for mine, theirs, why in rows]


def landlines(kind: str, *rows: tuple[str, str, str]) -> list[Row]:
    return [(kind, {"phone": mine}, {"phone": theirs}, why) for mine, theirs, why in rows]


def named(mobile: str, **more: Any) -> dict[str, str]:
    return {"name": "韦半夏", "mobile": mobile} | more


SAME_NUMBERS: list[Row] = [
    *mobiles(
        "number: mobile",
        ("13877101234", "+86 138 7710 1234", "with country code"),
        ("13877101234", "0086-138-7710-1234", "with the old country code"),
        ("138 7710 1234", "8613877101234", "country code without sign"),
        ("１３８７７１０１２３４", "138-7710-1234", "full width"),
        ("１３８—７７１０—１２３４", "13877101234", "full width and long dashes"),
        ("(138)77101234", "13877101234", "brackets"),
        ("1387710 1234", "13877101234", "a blank by accident"),
        ("13877101234.", "13877101234", "a full stop"),
        ("013877101234", "13877101234", "a zero dialled first, as for long distance"),
        ("13877101234（微信同号）", "13877101234", "a remark"),
        ("13877101234 晚上打", "138 7710 1234", "when to call"),
        ("手机：13877101234", "13877101234", "a label"),
        ("tel 138.7710.1234", "13877101234", "dots and a label"),
        ("13877101234/13607719988", "136-0771-9988", "the second of two"),
        ("13877101234 13607719988", "13607719988", "two, a blank between"),
        ("13877101234、老公13607719988", "13607719988", "the husband's"),
        ("13877101234；0771-5512345", "138 7710 1234", "a landline beside it"),
        ("+86-138-7710-1234", "（+86）13877101234", "two ways with country code"),
    ),
    ("number: field", {"mobile": "13877101234"}, {"phone": "138 7710 1234"}, "in the phone field"),
    (
        "number: field",
        {"mobile": "13877101234"},
        {"mobile": "13607719988", "phone": "13877101234"},
        "old number kept as phone",
    ),
    ("number: field", {"phone": "0771-5512345，13877101234"}, {"mobile": "13877101234"}, "behind a landline"),
    ("number: field", {"mobile": "0771-5512345"}, {"phone": "(0771)5512345"}, "a landline in the mobile field"),
    *landlines(
        "number: landline",
        ("(0771)5512345", "0771-5512345", "brackets"),
        ("（0771）5512345", "0771 551 2345", "wide brackets, blanks"),
        ("07715512345", "0771-5512345", "in one go"),
        ("5512345", "0771-5512345", "the city's own area code"),
        ("551-2345", "+86 (0771) 5512345", "local, and with country code"),
        ("+86-771-5512345", "0771-5512345", "country code without zero"),
        ("+86 0771 5512345", "0771-5512345", "country code and zero"),
        ("771-5512345", "0771-5512345", "the zero forgotten"),
        ("座机0771-5512345", "0771-5512345", "a label"),
        ("０７７１－５５１２３４５", "0771-5512345", "full width"),
        ("0771-5512345转801", "0771-5512345-801", "extension"),
        ("0771-5512345 EXT 801", "(0771)5512345转801", "extension in English"),
        ("0771-5512345x801", "0771-5512345转801", "extension with x"),
        ("0771-5512345（分机801）", "07715512345转分机801", "extension in brackets"),
        ("5512345转801", "0771-5512345-801", "local with extension"),
        ("400-123-4567", "4001234567", "a service number"),
        ("400 1234 567", "400-123-4567", "a service number in other groups"),
        ("0771-5512345/0771-5512346", "0771-5512346", "the second of two"),
    ),
    ("number: landline", {"phone": "62345678", "city": "北京"}, {"phone": "010-62345678", "city": "北京"}, "Beijing"),
    (
        "number: landline",
        {"phone": "85512345", "city": "长沙"},
        {"phone": "0731-85512345", "city": "湘潭"},
        "one area, two cities",
    ),
    ("number: landline", {"phone": "0771-5512345"}, {"phone": "0771-5512345", "city": "柳州"}, "filed in two cities"),
    (
        "number: completed",
        named("138****1234", phone="13877101234"),
        {"mobile": "138 7710 1234"},
        "the rest came later",
    ),
    (
        "number: completed",
        named("138****1234（13877101234）"),
        {"mobile": "13877101234"},
        "mask and number in one field",
    ),
    ("number: completed", named("1387**01234 / 13877101234"), named("+86 13877101234"), "mask 4+5 and number"),
]

MAYBE_NUMBERS: list[Row] = [
    ("number: masked", named("138****1234"), named("13877101234"), "3+4, one name"),
    ("number: masked", named("138xxxx1234"), named("138 7710 1234"), "x for stars"),
    ("number: masked", named("138＊＊＊＊1234"), named("+8613877101234"), "wide stars"),
    ("number: masked", named("138 **** 1234"), {"name": "韦半夏女士", "mobile": "13877101234"}, "blanks and a title"),
    ("number: masked", named("138-XXXX-1234"), named("13877101234"), "X and dashes"),
    ("number: masked", named("138***1234"), named("13877101234"), "a star too few"),
    ("number: masked", named("138----1234"), named("13877101234"), "dashes for stars"),
    ("number: masked", named("", phone="138****1234"), named("13877101234"), "in the phone field"),
    (
        "number: masked",
        named("1387**01234", gender="female"),
        named("13877101234", gender="female"),
        "4+5, name and gender",
    ),
    ("number: masked", named("1387xx01234"), named("13877101234"), "4+5 with x"),
    ("number: masked", named("1387 ** 01234"), named("138-7710-1234"), "4+5 with blanks"),
    ("number: masked", named("1387**01234"), named("138****1234"), "two masks of one number"),
    ("number: masked", {"name": "韦女士", "mobile": "138****1234"}, named("13877101234"), "surname only"),
    ("number: incomplete", named("", phone="0771-5512345"), named("", phone="0771-5512345-801"), "extension left out"),
    ("number: incomplete", named("", phone="5512345", city=""), named("", phone="0771-5512345"), "no area, no city"),
]

DIFFERENT_NUMBERS: list[Row] = [
    *mobiles(
        "number: mobile",
        ("13877101234", "13877101235", "last digit"),
        ("13877101234", "13977101234", "other prefix"),
        ("138-7710-1234", "138-7701-1234", "two digits swapped"),
        ("+86 138 7710 1234", "+86 138 7710 1243", "two at the end swapped"),
        ("13877101234", "13877191234", "one in the middle"),
        ("13877101234/13607719988", "13877101235/13607719989", "two numbers each, none shared"),
        ("无", "无", "no number is no evidence"),
        ("不详", "不详", "unknown is no evidence"),
        ("00000000000", "00000000000", "zeros to please the form"),
        ("11111111111", "11111111111", "ones to please the form"),
        ("保密", "保密", "secret is no evidence"),
        ("138", "138", "only begun"),
        ("-", "-", "a dash to please the form"),
        ("****", "****", "nothing shown"),
    ),
    (
        "number: namesakes",
        {"name": "张伟", "mobile": "13877101234"},
        {"name": "张伟", "mobile": "15907729876"},
        "a common name",
    ),
    ("number: namesakes", {"name": "李娜"}, {"name": "李娜"}, "a common name and nothing else"),
    ("number: namesakes", {"name": "王先生"}, {"name": "王先生"}, "a surname and nothing else"),
    (
        "number: namesakes",
        {"name": "张伟", "mobile": "138****1234"},
        {"name": "张伟", "mobile": "138****1235"},
        "masks differ",
    ),
    (
        "number: namesakes",
        {"name": "张伟", "community": "幸福里"},
        {"name": "张伟", "community": "翠屏苑"},
        "two communities",
    ),
    *landlines(
        "number: landline",
        ("0771-5512345", "0772-5512345", "two areas"),
        ("0771-5512345", "0771-5512354", "two digits swapped"),
        ("0771-5512345-801", "0771-5512345-802", "two extensions"),
        ("0771-5512345转801", "0771-5512345转810", "two digits of the extension swapped"),
        ("0771-5512345转8", "0771-5512345转80", "a short and a long extension"),
        ("400-123-4567转1", "400-123-4567转2", "one service number, two shops"),
        ("4001234567", "4001234576", "two service numbers"),
        ("5512345", "0772-5512345", "local here, the other elsewhere"),
        ("无", "无", "no number"),
        ("0771", "0771", "only the area"),
        ("0000000", "0000000", "zeros to please the form"),
        ("0771-", "0771-", "an area and a dash"),
    ),
    (
        "number: landline",
        {"phone": "5512345", "city": "南宁"},
        {"phone": "5512345", "city": "柳州"},
        "two cities, no area",
    ),
    (
        "number: landline",
        {"phone": "85512345", "city": "长沙"},
        {"phone": "85512345", "city": "武汉"},
        "two cities, no area",
    ),
    ("number: landline", {"mobile": "13875512345"}, {"phone": "5512345"}, "the tail of a mobile"),
    ("number: landline", {"mobile": "13877101234"}, {"phone": "0771-7101234"}, "the tail of a mobile, with area"),
    ("number: masked", {"mobile": "138****1234"}, {"mobile": "13877101234"}, "3+4 by chance, other name"),
    ("number: masked", {"mobile": "138****1234"}, {"mobile": "138****1234"}, "two masks by chance, other name"),
    ("number: masked", {"mobile": "1387**01234"}, {"mobile": "13877101234"}, "4+5 by chance, other name"),
    (
        "number: masked",
        {"mobile": "1387**01234", "gender": "female"},
        {"mobile": "1387**01234", "gender": "male"},
        "4+5 by chance, other name and gender",
    ),
    ("number: masked", named("138****1234"), named("139****1234"), "prefix shown and other"),
    ("number: masked", named("138****1234"), named("13877101235"), "last digit shown and other"),
    ("number: masked", named("1387**01234"), named("13867101234"), "fourth digit shown and other"),
    ("number: masked", named("1387**01234"), named("13877111234"), "seventh digit shown and other"),
]
