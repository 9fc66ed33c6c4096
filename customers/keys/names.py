"""Names of people: what is left of them without honorifics and remarks."""

import re
import unicodedata

from core.text import fold
from customers.keys.placeholders import says_nothing

LONGEST = 60
OPENING, CLOSING = set("([{<【〔《「『〈"), set(")]}>】〕》」』〉")
LATIN_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|dr)(?:\.\s*|\s+))+")
LONG_NUMBER = re.compile(r"\d{5,}")
FRONT_WORDS = ("业主", "客户", "户主", "房东", "联系人", "姓名")
COMPOUND_SURNAMES = """
    欧阳 司马 诸葛 上官 司徒 司空 司寇 夏侯 东方 皇甫 尉迟 公孙 公羊 公冶 公西 公良 慕容 令狐 长孙 宇文 轩辕
    端木 独孤 南宫 西门 东郭 南门 百里 呼延 闻人 澹台 濮阳 淳于 单于 申屠 仲孙 钟离 鲜于 闾丘 亓官 太叔 赫连
    拓跋 万俟 宗政 巫马 乐正 梁丘 左丘 谷梁 第五 纳兰 完颜 叶赫 耶律 段干 东门 羊舌 微生 即墨 达奚 褚师
"""
COMPOUND = frozenset(COMPOUND_SURNAMES.split())
HONORIFICS = """
    先生 女士 女仕 男士 小姐 小姐姐 太太 夫人 老板 老板娘 老师 总经理 副总 总监 总工 老总 经理 主管 主任 董事长
    局长 处长 科长 部长 校长 院长 所长 店长 厂长 队长 会长 村长 书记 会计 律师 医生 大夫 护士 教授 博士 工程师
    设计师 师傅 师父 警官 同学 同志 朋友 老乡 大哥 大姐 哥哥 姐姐 弟弟 妹妹 大叔 叔叔 大伯 伯伯 伯父 伯母 大爷
    爷爷 奶奶 阿姨 大姨 大妈 大娘 大婶 婶婶 嫂子 大嫂 妈妈 爸爸 姑娘 公子 少爷 帅哥 美女 女生 业主 客户 户主
    房东 本人 总 哥 姐 叔 嫂 婶 姨 爷
"""
LONGEST_FIRST = sorted(HONORIFICS.split(), key=len, reverse=True)
AFTER_A_GIVEN_NAME = set("工董弟妹伯")
"""They also end names such as 王建工, so they go only after a bare surname or after two characters more."""
AFTER_A_SURNAME = set("生老少太局处导队") | AFTER_A_GIVEN_NAME
FAMILIAR = set("老小阿")


def full_name(text: str) -> str:
    """The folded name of a person, "" where no more than a surname is left. Idempotent."""
    name, surname_only = _read(text)
    return "" if surname_only else name


def name_evidence(mine: str, theirs: str) -> str:
    """ "name" for equal full names; "surname" where one side is no more than the surname of the other; else ""."""
    (my_name, mine_is_short), (their_name, theirs_is_short) = _read(mine), _read(theirs)
    if not my_name or not their_name:
        return ""
    if not mine_is_short and not theirs_is_short:
        return "name" if my_name == their_name else ""
    return "surname" if _surname(my_name) == _surname(their_name) else ""


def _read(text: str) -> tuple[str, bool]:
    """Name or surname, and whether it is no more than a surname."""
    plain = _without_remarks(unicodedata.normalize("NFKC", text[: 4 * LONGEST]).casefold()).strip()
    bare = LATIN_TITLE.sub("", plain)
    title_and_word = bare != plain and len(bare.split()) < 2
    signs = fold("".join(sign for sign in fold(bare) if sign.isalnum()))
    name = _without_honorifics(LONG_NUMBER.sub("", signs)[:LONGEST])
    if says_nothing(name):
        return "", True
    return name, title_and_word or _is_surname(name)


def _without_remarks(text: str) -> str:
    """Without what stands in brackets, unless everything does."""
    depth = 0
    outside: list[str] = []
    inside: list[str] = []
    for sign in text:
        if sign in OPENING:
            depth += 1
        elif sign in CLOSING:
            depth = max(depth - 1, 0)
        else:
            (inside if depth else outside).append(sign)
    return "".join(outside if "".join(outside).strip() else inside)


def _without_honorifics(name: str) -> str:
    before = None
    while name != before:
        before = name
        name = _without_familiar(_without_front_word(_without_end(name)))
    return name


def _without_end(name: str) -> str:
    for honorific in LONGEST_FIRST:
        if name.endswith(honorific):
            return name.removesuffix(honorific)
    rest = name[:-1]
    after_surname = name[-1:] in AFTER_A_SURNAME and _is_surname(rest)
    after_name = name[-1:] in AFTER_A_GIVEN_NAME and len(rest) - len(_surname(rest)) >= 2
    return rest if rest and (after_surname or after_name) else name


def _without_front_word(name: str) -> str:
    return next((name.removeprefix(word) for word in FRONT_WORDS if name.startswith(word)), name)


def _without_familiar(name: str) -> str:
    return name[1:] if name[:1] in FAMILIAR and len(name) > 1 and _is_surname(name[1:]) else name


def _surname(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND else name[:1]


def _is_surname(name: str) -> bool:
    return len(name) < 2 or name in COMPOUND
