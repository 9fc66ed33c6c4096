"""Plain names of communities, under which the dictionary knows them."""

import re
import unicodedata
from functools import lru_cache

from core.numerals import NUMERALS, arabic

LONGEST = 200
"""Characters of a field that are read; no address is longer."""
LOOK_ALIKES = str.maketrans(
    "棟橦憧單號樓層區門戶舖園莊廣灣麗東廈авсеокмнртху", "栋幢幢单号楼层区门户铺园庄广湾丽东厦abceokmhptxy"
)
BRACKETS = str.maketrans("[]{}【】〔〕「」『』《》〈〉<>〖〗", "()" * 10)
DASHES = str.maketrans(dict.fromkeys("ー丶丨", " "))
DASH_MEANT = re.compile(f"(?<=[0-9])一(?=[0-9])|(?<=[0-9{NUMERALS}栋])杠(?=[0-9{NUMERALS}])")
ZERO_MEANT = re.compile("(?<=[0-9])[oO○](?=[0-9]|\\b)")
DECIMAL_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9]+\s*(?:平|m2|方|万|元))")
WHOLLY_IN_BRACKETS = re.compile(r"^\s*\(([^()]*)\)\s*$")
UNSEEN = {"Cf", "Mn", "Me"}
MASKED = re.compile(
    r"[0-9]*(?:\*{2,}|×+|\?{2,})[0-9*×?]*|[0-9]+(?:\*(?!\s*[0-9])|x+(?![a-z0-9]))|(?<![a-z0-9])x{1,4}(?=[栋幢座号单室房楼层])"
)
REMARK = re.compile(r"\(([^()]*)\)")
PLACE_IN_BRACKETS = re.compile(
    rf"第?[-0-9a-z{NUMERALS}甲乙丙丁东西南北中栋幢座号楼单元门层室房户期区组团地块#\s]{{1,14}}"
    r"|(?!原|又|曾|近|旁|靠|对|临|邻|即|别|俗|也|老|旧|现|建)\w{1,4}(?:期|区|组团|苑|园|庭|院|府|座)"
)
NUMERAL_IN_NAME = re.compile(
    f"[{NUMERALS}]{{1,4}}(?=[号弄村坊期区院]|组团|巷(?!口)|胡同|支路)|(?<=[路街道巷])[{NUMERALS}]{{1,4}}(?=里(?:[0-9]|$))"
)
NO_NAME = re.compile(
    "(?:无|不详|不知道?|未知|未定|待定|待填|待补|暂无|没有|没填|其[他它]|小区|社区|住宅|楼盘|某|空|同上|x"
    "|[自新在]建房|自建[楼屋]|[民住租套平楼新旧老]房|出租[房屋]|安置房|回迁房|商品房|二手房|公租房|老[家屋]|新家|自家|自己家|家里|我家"
    "|商铺|店[面铺]|铺[面位]|门[面店]房?|工地|仓库|厂房|办公室|农村|乡下|村里|[0-9一二三四五六七八九]层半?|[本该此](?:小区|社区|楼盘|楼)|这个?小区"
    "|写字楼|办公楼|宿舍楼?|单身公寓|公寓|大厦|大楼|酒店)+"
)
COMMON_ENDS = re.compile("(?:住宅小区|住宅区|小区|社区|楼盘|住宅)$")
COMMON = re.compile(
    "(?:住宅小区|住宅区|小区|社区|楼盘|住宅|花园|家园|公寓|新村|新城|新区|大厦|大楼|广场|国际|中心|别墅|山庄|宿舍|大学|学院|学校"
    "|中学|小学|医院|公司|单位|市场|工业园|产业园|园区|大道|大街|街道|步行街|苑|城|园|庭|里|村|楼|院|区|市|县|镇|乡|路|街|巷|小|大|新|老"
    "|[东西南北中上下内外]|期|栋|号|室|单元)+"
)


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Folded text in which blanks part what signs parted: only letters, figures and # are left.

    Remarks in brackets are off, and 某 stands for a number of which a part is hidden.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    text = unicodedata.normalize("NFKC", text)[:LONGEST].translate(LOOK_ALIKES).translate(BRACKETS).translate(DASHES)
    text = "".join(sign for sign in text if unicodedata.category(sign) not in UNSEEN)
    text = MASKED.sub(" 某 ", ZERO_MEANT.sub("0", DASH_MEANT.sub(" ", DECIMAL_POINT.sub("", text))))
    text = without_remarks(text)
    return " ".join("".join(sign if sign.isalnum() or sign == "#" else " " for sign in text).split())


def without_remarks(text: str) -> str:
    """Without what stands in brackets, unless it says where: (二期) stays, (原…) goes."""
    for _depth in range(3):
        text = WHOLLY_IN_BRACKETS.sub(r"\1", text)
        text = REMARK.sub(lambda found: f" {found[1]} " if PLACE_IN_BRACKETS.fullmatch(found[1].strip()) else " ", text)
    return text


def is_name(text: str) -> bool:
    """Whether a text can be the name of a community: two characters that are not all common words or figures."""
    plain = text.replace(" ", "")
    return len(plain) > 1 and not plain.isdigit() and not COMMON.fullmatch(plain)


def says_nothing(name: str) -> bool:
    """Whether a plain name is what people type where they know none."""
    return len(name) < 2 or name.isdigit() or bool(NO_NAME.fullmatch(name))


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """The name of a community as it is compared: folded, without signs, remarks and a last word such as 小区.

    花园, 苑, 城 and their like are part of the name: 幸福花园 is not 幸福家园. Idempotent: a sign that goes off can
    bring figures together, so it goes on until nothing changes.
    """
    name = _plainer(text)
    for _sign in name:
        if (plainer := _plainer(name)) == name:
            break
        name = plainer
    return name


def _plainer(text: str) -> str:
    name = tidy(text).replace(" ", "").replace("#", "")
    while (shorter := COMMON_ENDS.sub("", name)) != name and is_name(shorter):
        name = shorter
    return NUMERAL_IN_NAME.sub(lambda found: arabic(found[0]), name)
