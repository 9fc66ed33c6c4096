"""Kinds of pairs that company names, credit codes and projects decide; the contacts' numbers differ."""

from dataclasses import replace
from random import Random

from tests.matching.companies import (
    BRANDS,
    TRADES,
    Company,
    Project,
    near_code,
    pick_code,
    pick_company,
    pick_project,
    write_company,
    write_place,
    write_project,
    write_site,
)
from tests.matching.kinds_numbers import write_mobile
from tests.matching.people import strangers
from tests.matching.registry import Claim, Sides, claim, different, same
from tests.matching.world import DISTRICTS, PROVINCES, ROADS, numeral, pick_city, pick_mobile, widen


def companies(rng: Random, city: str, *names: str, codes: tuple[str, str] = ("", "")) -> Sides:
    """Two company customers of one city, filed with two contacts."""
    mobile = pick_mobile(rng)
    sides: list[Claim] = []
    for name, code, number in zip(names, codes, (mobile, pick_mobile(rng, besides=mobile)), strict=True):
        contact = write_mobile(number, rng)
        sides.append(claim(name=name, customer_kind="company", mobile=contact, city=city, credit_code=code))
    return sides[0], sides[1]


@same("company: legal form")
def legal_form(rng: Random) -> Sides:
    firm = pick_company(rng)
    stem = f"{firm.city}{firm.brand}{firm.trade}"
    mine, theirs = rng.sample(("有限公司", "有限责任公司", "公司", "", "（有限公司）"), 2)
    return companies(rng, firm.city, stem + mine, stem + theirs)


@same("company: place written out")
def place_written_out(rng: Random) -> Sides:
    firm = pick_company(rng)
    mine = theirs = firm.full_name
    while mine == theirs:
        theirs = f"{write_place(firm.city, rng)}{firm.brand}{firm.trade}{firm.form}"
    return companies(rng, firm.city, mine, theirs)


@same("company: place in brackets")
def place_in_brackets(rng: Random) -> Sides:
    """红光（北京）酒业 and 北京红光酒业 are one name by the registrars' rules (企业名称禁限用规则)."""
    firm = pick_company(rng)
    shapes = (
        f"{firm.brand}（{firm.city}）{firm.trade}{firm.form}",
        f"{firm.brand}({firm.city}){firm.trade}{firm.form}",
        f"{firm.brand}{firm.trade}（{firm.city}）{firm.form}",
        f"{firm.brand}【{firm.city}】{firm.trade}{firm.form}",
        f"{firm.brand}{firm.trade}{firm.form}（{firm.city}）",
    )
    return companies(rng, firm.city, *rng.sample((firm.full_name, *shapes), 2))


@same("company: blanks and full width")
def blanks(rng: Random) -> Sides:
    firm = pick_company(rng)
    firm = replace(firm, brand=rng.choice(("ABC", "中天A8", "Kx", "3D云", firm.brand)))
    parts = (firm.city, firm.brand, firm.trade, firm.form)
    shapes = (" ".join(parts), widen(firm.full_name), firm.full_name, f" {firm.full_name}\u3000", f"“{firm.full_name}”")
    mine, theirs = rng.sample(shapes, 2)
    return companies(rng, firm.city, mine.lower(), theirs)


@same("company: several at once")
def several(rng: Random) -> Sides:
    firm = pick_company(rng)
    mine = theirs = write_company(firm, rng)
    while mine == theirs:
        theirs = write_company(firm, rng)
    return companies(rng, firm.city, mine, theirs)


@same("company: branch")
def branch(rng: Random) -> Sides:
    firm = pick_company(rng)
    where = rng.choice((pick_city(rng, besides=firm.city), rng.choice(DISTRICTS[firm.city]).removesuffix("区")))
    shapes = (
        f"{firm.full_name}{where}分公司",
        f"{firm.full_name}（{where}分公司）",
        f"{firm.full_name} {where}分公司",
        f"{write_place(firm.city, rng)}{firm.brand}{firm.trade}有限公司{where}分公司",
    )
    return companies(rng, firm.city, *rng.sample(shapes, 2))


@same("company: trade cut short", firm=False)
def short_trade(rng: Random) -> Sides:
    firm = pick_company(rng)
    trade, short = rng.choice((("装饰工程", "装饰"), ("建筑安装工程", "建筑安装"), ("物业服务", "物业")))
    return companies(rng, firm.city, f"{firm.city}{firm.brand}{trade}有限公司", f"{firm.city}{firm.brand}{short}")


@same("company: place left out", firm=False)
def no_place(rng: Random) -> Sides:
    firm = pick_company(rng)
    bare = f"{firm.brand}{firm.trade}{firm.form}"
    return companies(rng, firm.city, write_company(firm, rng), bare)


def write_code(code: str, rng: Random) -> str:
    return rng.choice((code.lower(), f"{code[:8]} {code[8:]}", widen(code), " ".join((code[:2], code[2:8], code[8:]))))


@same("credit code: writing")
def code_writing(rng: Random) -> Sides:
    """The code decides: one side gives the old name."""
    firm, code = pick_company(rng), pick_code(rng)
    renamed = replace(firm, brand=rng.choice([brand for brand in BRANDS if brand != firm.brand]))
    names = firm.full_name, rng.choice((write_company(firm, rng), renamed.full_name))
    return companies(rng, firm.city, *names, codes=(rng.choice((code, write_code(code, rng))), write_code(code, rng)))


@same("credit code: O for 0")
def letter_for_zero(rng: Random) -> Sides:
    firm, code = pick_company(rng), pick_code(rng)
    while "0" not in code:
        code = pick_code(rng)
    renamed = replace(firm, brand=rng.choice([brand for brand in BRANDS if brand != firm.brand]))
    wrong = code.replace("0", rng.choice("Oo"))
    return companies(rng, firm.city, firm.full_name, renamed.full_name, codes=(code, wrong))


def projects(rng: Random, mine: Project, theirs: Project, sites: tuple[str, str] | None = None) -> Sides:
    """Two claims to building projects, by two contacts."""
    sides: list[Claim] = []
    mobile = pick_mobile(rng)
    numbers = mobile, pick_mobile(rng, besides=mobile)
    written = sites or (write_site(mine, rng), write_site(theirs, rng))
    for name, number, project, site in zip(strangers(rng), numbers, (mine, theirs), written, strict=True):
        about = {"project_name": write_project(project, rng), "project_site": site}
        sides.append(claim(name=name, mobile=write_mobile(number, rng), city=project.city, **about))
    return sides[0], sides[1]


@same("project: name and site")
def project_writing(rng: Random) -> Sides:
    project = pick_project(rng)
    return projects(rng, project, project)


@same("project: phase and lot")
def project_phase(rng: Random) -> Sides:
    project = pick_project(rng, phase=True, lot=rng.random() < 0.5)
    return projects(rng, project, project)


@same("project: site left out", firm=False)
def no_site(rng: Random) -> Sides:
    project = pick_project(rng, phase=rng.random() < 0.5)
    return projects(rng, project, project, (write_site(project, rng), ""))


def two_firms(rng: Random, mine: Company, theirs: Company) -> Sides:
    return companies(rng, mine.city, write_company(mine, rng), write_company(theirs, rng))


@different("company: same brand, other trade")
def other_trade(rng: Random) -> Sides:
    firm = pick_company(rng)
    return two_firms(rng, firm, replace(firm, trade=rng.choice([trade for trade in TRADES if trade != firm.trade])))


@different("company: same brand, other place")
def other_place(rng: Random) -> Sides:
    firm = pick_company(rng)
    mine, theirs = two_firms(rng, firm, replace(firm, city=pick_city(rng, besides=firm.city)))
    return mine, theirs


@different("company: same brand, other province")
def other_province(rng: Random) -> Sides:
    firm, city = pick_company(rng), pick_city(rng)
    mine, theirs = PROVINCES[firm.city][0], PROVINCES[city][0]
    if mine == theirs:
        theirs = "内蒙古"
    shape = rng.choice(("{p}{s}", "{b}（{p}）{t}"))
    words = {"s": f"{firm.brand}{firm.trade}{firm.form}", "b": firm.brand, "t": f"{firm.trade}{firm.form}"}
    return companies(rng, firm.city, shape.format(p=mine, **words), shape.format(p=theirs, **words))


@different("company: other brand, same trade")
def other_brand(rng: Random) -> Sides:
    firm = pick_company(rng)
    look = rng.choice(("恒{b}", "新{b}", "{b}和", "大{b}")).format(b=firm.brand)
    brand = rng.choice((look, rng.choice([brand for brand in BRANDS if brand != firm.brand])))
    return two_firms(rng, firm, replace(firm, brand=brand))


@different("company: branch and head office")
def branch_or_head(rng: Random) -> Sides:
    firm = pick_company(rng)
    where = pick_city(rng, besides=firm.city)
    suffix = rng.choice((f"{where}分公司", f"（{where}）分公司", f"{where}办事处", "第二分公司"))
    return companies(rng, firm.city, firm.full_name, f"{firm.full_name}{suffix}")


@different("company: two branches")
def two_branches(rng: Random) -> Sides:
    firm = pick_company(rng)
    mine, theirs = rng.sample(DISTRICTS[firm.city], 2)
    number = rng.sample(range(1, 6), 2)
    names = rng.choice(
        (
            (f"{mine.removesuffix('区')}分公司", f"{theirs.removesuffix('区')}分公司"),
            (f"第{numeral(number[0])}分公司", f"第{numeral(number[1])}分公司"),
            (f"{pick_city(rng, besides=firm.city)}分公司", f"{mine}分公司"),
        )
    )
    return companies(rng, firm.city, *(f"{firm.full_name}{name}" for name in names))


@different("company: group and subsidiary")
def group(rng: Random) -> Sides:
    firm = pick_company(rng)
    shapes = (
        "{c}{b}集团有限公司",
        "{c}{b}控股集团有限公司",
        "{b}集团",
        "{c}{b}投资集团有限公司",
        "{c}{b}集团股份有限公司",
    )
    return companies(rng, firm.city, firm.full_name, rng.choice(shapes).format(c=firm.city, b=firm.brand))


@different("credit code: one character off")
def code_off(rng: Random) -> Sides:
    firm, code = pick_company(rng), pick_code(rng)
    other = pick_company(rng, besides=firm.brand)
    return companies(rng, firm.city, firm.full_name, other.full_name, codes=(code, near_code(code, rng)))


@different("project: other phase")
def other_phase(rng: Random) -> Sides:
    project = pick_project(rng, phase=True)
    return projects(rng, project, replace(project, phase=project.phase % 3 + 1))


@different("project: other lot")
def other_lot(rng: Random) -> Sides:
    project = pick_project(rng, phase=rng.random() < 0.3, lot=True)
    return projects(rng, project, replace(project, lot=project.lot % 5 + 1))


@different("project: other site")
def other_site(rng: Random) -> Sides:
    project = pick_project(rng)
    road = rng.choice([road for road in ROADS if road != project.road])
    district = rng.choice([district for district in DISTRICTS[project.city] if district != project.district])
    return projects(rng, project, replace(project, road=road, district=district, number=project.number + 7))


@different("project: other city")
def other_city(rng: Random) -> Sides:
    project, city = pick_project(rng), pick_city(rng)
    while city == project.city:
        city = pick_city(rng)
    away = replace(project, city=city, district=rng.choice(DISTRICTS[city]))
    mine, theirs = projects(rng, project, away)
    return mine, theirs


@different("project: other kind of building")
def other_project(rng: Random) -> Sides:
    project = pick_project(rng)
    name = project.name[:2] + rng.choice(("第二中学", "妇幼保健院", "污水处理厂"))
    return projects(rng, project, replace(project, name=name))
