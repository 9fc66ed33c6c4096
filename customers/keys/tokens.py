"""The pieces of an address: numbers with the words behind them, numbers alone, and other words."""

import re
from dataclasses import dataclass, replace

from core.numerals import NUMERALS, arabic

HIDDEN = "某"
STEMS = "甲乙丙丁戊己庚辛"
SIDES = "东西南北中左右"
KINDS = {
    "phase": "期工程 期",
    "section": "号园 号地块 号地 地块 组团 标段 区块 区",
    "row": "排 村民小组 小组 组 生产队 队 社 街",
    "building": "号楼栋 号楼 #楼 栋楼 幢楼 座楼 号栋 号幢 号座 号塔 #栋 #幢 #座 栋号 栋 幢 座 塔楼 塔",
    "unit": "号单元 单元楼 单元 单 号门 门 号梯 梯 u",
    "floor": "楼层 层楼 层 fl f",
    "storey": "楼",
    "shop": "号商铺 号铺 号店 商铺 铺",
    "room": "号房间 号房 号室 号户 房间 室 房 户 套",
    "number": "号 #",
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
WORDS = "|".join(sorted(KIND_OF, key=len, reverse=True))
NOT_MEANT = (
    "(?!户型|室内|[房门层][型子产口面店市高地间]|期房|区域|楼[盘上下梯顶道]|座机|号[院线码馆公]|单[身价独位]|组[合装]|队[长伍]|社[区会团]|排查"
    r"|塔(?!楼)[^0-9\s]|套[房内餐]|梯[0-9二两三四五六]+户|[房室][0-9一两二三四五六]+厅)"
)
FIGURES = (
    rf"(?:(?<![a-z0-9])[a-z]{{1,2}}(?=[{STEMS}]?[0-9]))?[{STEMS}]?[0-9]{{1,8}}(?:之[0-9]{{1,3}})?"
    rf"(?:[a-z](?![a-z]))?[{STEMS}]?"
)
LETTERS = rf"(?<![a-z])[a-z]{{1,2}}(?![a-z])|[{STEMS}]|{HIDDEN}"
SPELT = f"[{NUMERALS}]{{1,9}}(?:之[{NUMERALS}]{{1,3}})?"
SIDE_WORDS = "单元|栋|幢|座|区|组团|楼|塔"
SIDE = re.compile(rf"(?P<side>[{SIDES}]{{1,2}})(?:[边侧头间]?[户套室间首手](?![{SIDES}型内])|[边侧]?(?=\s|$))")
WORDED = re.compile(
    rf"第?(?P<number>{FIGURES}|{LETTERS}|{SPELT}|[{SIDES}](?=(?:{SIDE_WORDS})))\s?{NOT_MEANT}(?P<word>{WORDS})"
)
SIDED_BUILDING = re.compile(
    rf"(?P<side>[{SIDES}新老前后])(?P<number>[0-9]{{1,3}}|[{NUMERALS}]{{1,3}})"
    rf"(?P<word>栋|幢|座|号[楼栋]|#楼|#|号(?![0-9大]*[院线码馆公])|(?=\s[0-9]))"
)
NAME_AND_SIDE = re.compile(
    rf"(小区|花园|家园|社区|[里苑园院庭])([东西南北])(?=[0-9{NUMERALS}]{{1,3}}(?:栋|幢|座|号楼|#))"
)
SIGNED = re.compile(rf"#\s?(?P<number>{FIGURES})")
FIGURES_ALONE = re.compile(rf"(?P<number>{FIGURES})")
LETTERS_ALONE = re.compile(rf"(?P<number>(?:{LETTERS})(?=\s|$|[0-9])|{SPELT}(?=\s|$))")
ROMAN = re.compile("(?<![a-z])(?:i{2,3}|iv|vi{0,3}|ix|[ivx])(?=期)|(?<![a-z])(?:i{2,3}|iv|vi{1,3}|ix)(?=区)")
YARD = re.compile(rf"\s?(?<![0-9#])([{STEMS}]?[0-9]{{1,5}})\s?(号大?院|支?弄)")
ROMAN_ALONE = re.compile("(?<![a-z])(ii|iii|iv)(?= |$)")
SECOND_DOOR = re.compile(f"([0-9]+)号之([0-9]{{1,3}}|[{NUMERALS}])号?")
BELOW_GROUND = re.compile(f"(?:负|地下)([0-9]|[{NUMERALS}])(?=层|楼|f)")
ROMANS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
NUMBER = rf"(?P<number>{FIGURES}|{LETTERS}|{SPELT})(?![0-9a-z{NUMERALS}]|{WORDS})"
LABELS = tuple(
    (
        re.compile(rf"(?<![0-9{NUMERALS}{STEMS}{SIDES}a-z#号])(?<![0-9{NUMERALS}{STEMS}a-z] )(?:{label})\s?{NUMBER}"),
        word,
    )
    for label, word in (
        ("楼栋号?|楼号|栋号|幢号|座号|building |bldg |block |tower ", "栋"),
        ("单元号?|unit ", "单元"),
        ("房间号|房号|室号|门牌号?|room |rm |flat ", "室"),
        ("no ", "#"),
    )
)
SHOP = re.compile(rf"(?:商铺|门面|店面)号?\s?(?P<number>{FIGURES})号?(?![{NUMERALS}0-9])")
SMALL = "[0-9一两二三四五六]"
ASIDES = re.compile(
    r"(?<![0-9])1[3-9][0-9]\s?[0-9]{4}\s?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])[0-9]+\s?(?:平方米?|平米|平(?![安阳湖乐山])|m2|(?:方|万元?|元|[点时][半前后]?)(?!\w))"
    rf"|{SMALL}[房室]{SMALL}厅(?:{SMALL}[卫厨阳]台?)*|{SMALL}梯[0-9{NUMERALS}]+户"
    r"|[0-9]{4}年|(?<![0-9])1?[0-9]月(?![亮光湖湾桂影色牙季])(?:[0-9]+[日号]?|底|初)?"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an address: what it counts, its number, and how it was typed.

    `kind` is one of KINDS, "side", "bare" for a number alone or "text" for other words. `glued`: right behind words;
    `padded`: one figure behind a zero.
    """

    kind: str
    number: str
    raw: str
    glued: bool = False
    padded: bool = False


def prepare(text: str) -> str:
    """A tidy text without asides such as the flat's size; labels go behind their numbers, Roman phases into figures."""
    text = ASIDES.sub(" ", text)
    for label, word in LABELS:
        text = label.sub(lambda found, word=word: f" {found['number']}{word} ", text)  # type: ignore[misc]
    text = SHOP.sub(r" \g<number>铺 ", text)
    text = YARD.sub(r"\1\2", text.replace("首期", "1期"))
    text = SECOND_DOOR.sub(lambda found: f"{found[1]}之{arabic(found[2])}号", text)
    text = BELOW_GROUND.sub(lambda found: f"b{arabic(found[1])}", text)
    text = NAME_AND_SIDE.sub(r"\1 \2", ROMAN_ALONE.sub(r"\1期", text))
    return ROMAN.sub(lambda found: str(ROMANS.index(found[0])), text).strip()


def read_tokens(text: str) -> list[Token]:
    """The pieces of a prepared text in their order, each stretch of other words as one piece of kind "text"."""
    tokens: list[Token] = []
    at, words, apart = 0, "", True
    while at < len(text):
        if text[at] == " ":
            at, apart = at + 1, True
            continue
        known = _token_at(text, at, after_token=bool(tokens) and not words, apart=apart)
        if known:
            tokens += [Token("text", "", words)] if words else []
            tokens.append(replace(known[0], glued=not apart and bool(words)))
            at, words = known[1], ""
        else:
            words += (" " if apart and words else "") + text[at]
            at += 1
        apart = False
    return [*tokens, Token("text", "", words)] if words else tokens


def _token_at(text: str, at: int, *, after_token: bool, apart: bool) -> tuple[Token, int] | None:
    """The token that begins here, with its end."""
    if after_token and (found := SIDE.match(text, at)):
        return Token("side", found["side"], found[0]), found.end()
    if (apart or after_token) and (found := SIDED_BUILDING.match(text, at)):
        sided = _token(KIND_OF.get(found["word"], "bare"), found["number"], found[0])
        return replace(sided, number=found["side"] + sided.number), found.end()
    if found := WORDED.match(text, at):
        kind = KIND_OF[found["word"]]
        if kind == "storey" and found["number"] in SIDES:
            kind = "building"
        return _token(kind, found["number"], found[0]), found.end()
    if found := SIGNED.match(text, at):
        return _token("number", found["number"], found[0]), found.end()
    if (found := FIGURES_ALONE.match(text, at)) and (after_token or _number_ends(text, found.end())):
        return _token("bare", found["number"], found[0]), found.end()
    if (apart or after_token) and (found := LETTERS_ALONE.match(text, at)):
        return _token("bare", found["number"], found[0]), found.end()
    return None


def _number_ends(text: str, at: int) -> bool:
    """Whether a number may stand alone before this: words behind it make it part of a name, as in 阳光100国际."""
    rest = text[at:]
    return not rest or rest[0] in " #" or rest[0].isdigit() or bool(WORDED.match(rest) or SIDE.match(rest))


def _token(kind: str, number: str, raw: str) -> Token:
    figures = arabic(number)
    padded = bool(re.fullmatch("0[0-9]", figures))
    return Token(kind, re.sub(r"(?<![0-9])0+(?=[0-9])", "", figures), raw, padded=padded)
