"""Names of companies: place, brand with trade, legal form, branch (MATCH-2)."""

import re
from typing import NamedTuple

from core.numerals import write_numerals
from core.text import fold
from customers.keys.codes import is_credit_code, normalise_credit_code
from customers.keys.key import Key, KeyKind
from customers.keys.placeholders import says_nothing
from customers.keys.regions import NOWHERE, Place, read_place, related

LONGEST = 100
TRADES = """
    房地产开发 房地产 地产 置业 物业 开发 投资 控股 实业 产业 建筑 建设 建材 建工 市政 园林 绿化 景观 安装 装饰
    装修 装潢 幕墙 门窗 橱柜 衣柜 家具 家私 家居 家电 家纺 卫浴 洁具 陶瓷 瓷砖 石材 木业 地板 涂料 照明 灯饰
    灯具 五金 钢铁 钢材 电气 电器 电子 机电 机械 设备 设计 工程 施工 监理 造价 科技 技术 网络 软件 信息 智能
    数码 通信 通讯 材料 新材料 制品 商贸 贸易 工贸 经贸 进出口 物流 运输 仓储 供应链 电商 百货 商业 服务 管理
    咨询 策划 顾问 代理 经纪 中介 劳务 人力资源 文化 传媒 传播 广告 展览 会展 教育 培训 酒店 宾馆 餐饮 食品 饮食
    农业 林业 牧业 渔业 生态 环保 环境 能源 电力 新能源 化工 医药 医疗 健康 生物 美容 服饰 服装 纺织 制衣 鞋业
    珠宝 汽车 汽配 旅游 旅行 娱乐 体育 影视 印刷 包装 塑料 橡胶 玻璃 铝业 铝材 金属 制造 加工 维修 租赁 保险
    金融 银行 证券 典当 担保 律师 会计
"""
TRADE = "|".join(sorted(TRADES.split(), key=len, reverse=True))
ONLY_TRADES = re.compile(f"(?:{TRADE})*")
HARDLY_MORE = re.compile(f".?(?:{TRADE})*")
"""So little that the place before it is the brand, 东方装饰, or a part of it, 东方红家具."""
UP_TO_TRADE = re.compile(f".{{2,}}?(?:{TRADE})|.(?:{TRADE})")
UP_TO_TRADES = re.compile(f"(?:.{{2,}}?|.)(?:{TRADE})+")

LATIN_FORM = re.compile(r"(?:co|company)?[.,]*(?:ltd|limited|llc|inc|corp|corporation)\.?$")
LEGAL_FORM = re.compile(
    r"(?P<shares>股份有限责任公司|股份有限公司|股份公司)|(?P<limited>有限责任公司|责任有限公司|有限公司|有限$)|总公司|(?<![分子支])公司"
)
PARTNERSHIP = re.compile(r"(?:合伙企业)?((?:特殊普通|普通|有限)合伙)$|合伙企业$")
SMALL_FORM = re.compile(
    "(?:经营部|工作室|商行|商店|商铺|商场|门市部?|服务部|经销部|批发部|加工部|营业部|维修部|销售部|专营店|专卖店|旗舰店|"
    "体验店|体验馆|展厅|加工厂|厂|店|铺|馆|坊|超市|中心|事务所|合作社|(?<!银)行)$"
)
"""Forms of the self-employed, which tell apart: 青瓦建材店 is not 青瓦建材厂."""
BRANCH = re.compile(r"(?:分公司|分店|分厂|分行|支行|分院|分所|分社|分部|分号|办事处|办事机构)$")
SITE = re.compile(r"(?:营业部|营业厅|门市部?|门店|专卖店|旗舰店|体验店|体验馆|展厅|店)$")
"""Branches if they have a label, 民族大道店; else forms of the self-employed."""
SHOPS = {"分店", "门店", "店", "分号"}
HEAD_OFFICE = {"", "总部", "本部", "总店", "总行"}
ORDINAL = re.compile(r"第?[0-9一二三四五六七八九十]+$")

BRACKETED = re.compile(r"[(\[{<【〔《「]([^()\[\]{}<>【】〔〕《》「」]*)[)\]}>】〕》」]?")
REMARK = re.compile(r"原|曾用名|筹|简称|已|注|个体|自然人独资|法人独资|.{0,2}章$|.{1,4}(?:经理|老板|先生|女士|总)$")
LABEL = re.compile(r"^(?:公司|企业|单位|客户)?(?:名称|全称)\s*:\s*")
SHORTEST_BRAND, LONGEST_BRAND = 2, 4


class Company(NamedTuple):
    place: tuple[str, ...]
    text: str
    form: str
    branch: str


def company_key(name: str, credit_code: str = "") -> Key | None:
    """The key of a company's name, None for no more than a place or a legal form. A short brand alone is not exact."""
    company = read_company(name)
    if says_nothing(company.text) or (not company.form and _whole_place(company.text).codes):
        return None
    place = ",".join(company.place)
    form = "合伙" if company.form.endswith("合伙") else company.form
    code = normalise_credit_code(credit_code) if is_credit_code(credit_code) else ""
    core = UP_TO_TRADE.match(company.text)
    return Key(
        KeyKind.COMPANY,
        "|".join((place, company.text, company.form.replace("有限公司", ""), company.branch)),
        block="|".join(filter(None, (core[0] if core else company.text, company.branch))),
        detail=f"{place}|{form}|{code}",
        exact=_has_brand(company.text) and bool(place or core or form or len(company.text) > LONGEST_BRAND),
    )


def company_evidence(mine: Key, theirs: Key) -> str:
    """ "company" for one company, "company_part" where place, form or further trades are said on one side only."""
    (my_place, *mine_too), (their_place, *theirs_too) = mine.detail.split("|"), theirs.detail.split("|")
    if any(one and other and one != other for one, other in zip(mine_too, theirs_too, strict=False)):
        return ""
    if mine.value == theirs.value and mine.exact and theirs.exact:
        return KeyKind.COMPANY.value
    if my_place and their_place and not related(tuple(my_place.split(",")), tuple(their_place.split(","))):
        return ""
    return "company_part" if mine.block == theirs.block else ""


def read_company(name: str) -> Company:
    """A name in its parts. Form "" is one left out; a branch has label and kind: 第一分公司 is 1分公司."""
    folded = LATIN_FORM.sub("有限公司", LABEL.sub("", fold(name[:LONGEST]))[:LONGEST])
    front, _ = read_place(_plain(BRACKETED.sub("", folded)))
    text, bracketed, partnership, branch = _without_brackets(folded, front)
    place, rest = _take_place(_plain(text), bracketed)
    head, form, tail = _part_at_form(rest)
    if not tail and not form:
        head, tail = _part_at_label(head)
    if not form and not tail:
        head, form = _small_form(head)
    return Company(place.codes, write_numerals(head), partnership or form, _branch(branch or tail))


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _without_brackets(text: str, front: Place) -> tuple[str, Place, str, str]:
    """Text with what belongs to it; place, partnership and branch that stand in brackets."""
    place, partnership, branch = NOWHERE, "", ""
    kept, end = [], 0
    for match in BRACKETED.finditer(text):
        inside = _plain(match[1])
        kept.append(text[end : match.start()])
        end = match.end()
        found = _whole_place(inside, front)
        if found.codes and not place.codes:
            place = found
        elif PARTNERSHIP.search(inside):
            partnership = inside
        elif BRANCH.search(inside) or SITE.search(inside):
            branch = inside
        elif not REMARK.match(inside):
            kept.append(inside)
    return "".join((*kept, text[end:])), place, partnership, branch


def _take_place(text: str, bracketed: Place) -> tuple[Place, str]:
    """The place of a name and the name without it; one in brackets says what a brand such as 东方红 is not."""
    place, rest = read_place(text)
    surer, more = read_place(text, short_counties=False)
    if place != surer and _begins_a_brand(rest):
        place, rest = surer, more
    bare = text == place.name + rest
    if place.codes and HARDLY_MORE.fullmatch(_brand_and_trade(rest)):
        place, rest = NOWHERE, place.name + rest
    elif place.codes and bracketed.codes and not related(place.codes, bracketed.codes):
        return (bracketed, text) if bare else (place, bracketed.name + rest)
    return _finer(place, bracketed), rest


def _begins_a_brand(rest: str) -> bool:
    """Whether the short name of a county leaves so little of a brand that it rather belongs to it: 泰和兴家具."""
    named = _brand_and_trade(rest)
    return len(re.split(TRADE, named, maxsplit=1)[0]) < SHORTEST_BRAND and bool(re.search(TRADE, named))


def _brand_and_trade(text: str) -> str:
    return _small_form(_part_at_form(text)[0])[0]


def _whole_place(text: str, outer: Place = NOWHERE) -> Place:
    """The place that a text is and nothing more, if possible inside another one."""
    for around in (outer, NOWHERE):
        place, rest = read_place(text, around)
        if place.codes and not rest:
            return place
    return NOWHERE


def _finer(one: Place, other: Place) -> Place:
    """Of two places one of which may lie in the other, the one inside."""
    if not one.codes or not other.codes:
        return other if other.codes else one
    return max((one, other), key=lambda place: place.depth)


def _part_at_form(text: str) -> tuple[str, str, str]:
    """What stands before the legal form, the form, and the label of a branch that stands behind it."""
    if match := LEGAL_FORM.search(text):
        form = "股份" if match["shares"] else "有限公司" if match["limited"] else ""
        tail = text[match.end() :]
        return text[: match.start()], form, "" if tail in HEAD_OFFICE else tail
    if match := PARTNERSHIP.search(text):
        return text[: match.start()], match[1] or "合伙", ""
    return text, "", ""


def _part_at_label(text: str) -> tuple[str, str]:
    """The name without its branch, and the branch, where no legal form stands between them: 青瓦装饰南宁分公司."""
    branch, site, form = BRANCH.search(text), SITE.search(text), SMALL_FORM.search(text)
    kind = branch or site
    if not kind or (not branch and form and form.start() < kind.start()):
        return text, ""
    named = text[: kind.start()]
    start = _start_of_label(named)
    return (named[:start], text[start:]) if branch or start < len(named) else (text, "")


def _start_of_label(text: str) -> int:
    trades = UP_TO_TRADES.match(text)
    if trades and trades.end() < len(text):
        return trades.end()
    if ordinal := ORDINAL.search(text, SHORTEST_BRAND):
        text = text[: ordinal.start()]
    starts = range(SHORTEST_BRAND, len(text) - 1)
    return next((start for start in starts if _whole_place(text[start:]).codes), len(text))


def _small_form(text: str) -> tuple[str, str]:
    match = SMALL_FORM.search(text, SHORTEST_BRAND)
    return (text[: match.start()], match[0]) if match else (text, "")


def _branch(text: str) -> str:
    kind = BRANCH.search(text) or SITE.search(text)
    label, word = (text[: kind.start()], kind[0]) if kind else (text, "")
    place, rest = read_place(label)
    if rest == label:
        place = _whole_place(label + "区")
        rest = "" if place.codes else label
    return ",".join(place.codes) + re.sub("^第(?=[0-9])", "", write_numerals(rest)) + ("店" if word in SHOPS else word)


def _has_brand(text: str) -> bool:
    return len(text) >= SHORTEST_BRAND and not ONLY_TRADES.fullmatch(text)
