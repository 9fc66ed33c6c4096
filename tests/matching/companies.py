"""Companies with valid credit codes, and projects, each with the ways they get written."""

from dataclasses import dataclass
from random import Random

from tests.matching.world import DISTRICTS, PROVINCES, ROADS, numeral, pick_city, widen, words

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1: no I, O, Z, S, V
CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
REGION_CODES = ("450100", "450103", "450105", "450200", "440100", "440305", "310115", "110108", "510104", "330106")

BRANDS = words(
    "启辰 瑞谷 鼎丰 恒筑 云栖 朗润 华耀 铭扬 景逸 泰岳 博雅居 嘉禾源 泰和兴 盛世嘉 天一阁 新纪元 麦田里 千寻 万福隆 "
    "宏图 裕通 德邻 君诚 沐阳 木棉 榕树 青云志 三江源 五谷丰 海纳"
)
TRADES = words(
    "装饰工程 建筑安装工程 物业服务 商贸 网络科技 餐饮管理 家具 房地产开发 医疗器械 物流 教育咨询 酒店管理 园林绿化 "
    "信息技术 食品 文化传媒 机电设备 新能源"
)
FORMS = ("有限公司", "有限责任公司")


def check_sign(body: str) -> str:
    """Check character of the first 17 characters of a unified social credit code."""
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, CODE_WEIGHTS, strict=True))
    return SIGNS[-total % 31]


def organisation_check(body: str) -> str:
    """Check character of the 8 characters of an organisation code (GB 11714)."""
    total = sum(
        ORGANISATION_SIGNS.index(sign) * weight for sign, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    rest = 11 - total % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def build_code(region: str, organisation: str) -> str:
    body = f"91{region}{organisation}{organisation_check(organisation)}"
    return body + check_sign(body)


def pick_code(rng: Random) -> str:
    return build_code(rng.choice(REGION_CODES), "MA5" + "".join(rng.choice(SIGNS) for _ in range(5)))


def near_code(code: str, rng: Random) -> str:
    """Another valid code: one character of the organisation's own part changed, the check characters to match."""
    place = rng.randrange(3, 8)
    own = code[8:16]
    other = rng.choice([sign for sign in SIGNS if sign != own[place]])
    return build_code(code[2:8], own[:place] + other + own[place + 1 :])


@dataclass(frozen=True)
class Company:
    city: str
    brand: str
    trade: str
    form: str = "有限公司"

    @property
    def full_name(self) -> str:
        return f"{self.city}{self.brand}{self.trade}{self.form}"


def pick_company(rng: Random, besides: str = "") -> Company:
    brand = rng.choice([brand for brand in BRANDS if not set(brand) & set(besides)])
    return Company(pick_city(rng), brand, rng.choice(TRADES), rng.choice(FORMS))


def write_place(city: str, rng: Random) -> str:
    """The city with or without 市 and its province; never less than the city."""
    short, full = PROVINCES[city]
    places = [city, f"{city}市"]
    if short != city:
        places += [f"{short}{city}", f"{short}{city}市", f"{full}{city}市"]
    return rng.choice(places)


def write_company(company: Company, rng: Random) -> str:
    place = write_place(company.city, rng)
    form = rng.choice(("有限公司", "有限责任公司", "有限公司", "公司"))
    shapes = [
        f"{place}{company.brand}{company.trade}{form}",
        f"{place}{company.brand}{company.trade}{form}",
        f"{company.brand}（{company.city}）{company.trade}{form}",
        f"{place} {company.brand}{company.trade} {form}",
    ]
    return rng.choice(shapes)


@dataclass(frozen=True)
class Project:
    """A building project; `phase` and `lot` are 0 where there is none."""

    city: str
    name: str
    phase: int
    lot: int
    district: str
    road: str
    number: int


PROJECT_HEADS = words("江北 望江 凤岭 青年 滨湖 东部 临港 银海 石门 玉洞 龙岗 清溪 桃花岛 狮山 荔园 柳东")
PROJECT_KINDS = words(
    "人民医院 实验学校 商业广场 科技园 会展中心 体育馆 温泉酒店 安置房 数据中心 图书馆 客运站 冷链物流园 人才公寓"
)


def pick_project(rng: Random, phase: bool = False, lot: bool = False) -> Project:
    city = pick_city(rng)
    return Project(
        city,
        rng.choice(PROJECT_HEADS) + rng.choice(PROJECT_KINDS),
        rng.randint(1, 3) if phase else 0,
        rng.randint(1, 5) if lot else 0,
        rng.choice(DISTRICTS[city]),
        rng.choice(ROADS),
        rng.randint(1, 299),
    )


def write_project(project: Project, rng: Random) -> str:
    phase = _write_number(project.phase, "期", rng)
    lot = _write_number(project.lot, "标段", rng)
    tail = rng.choice(("", "项目", "工程项目", "建设项目"))
    front = rng.choice(("", "", "", project.city, f"{project.city}市"))
    return rng.choice(("", "", " ")).join(part for part in (front, project.name, phase, tail, lot) if part)


def _write_number(number: int, word: str, rng: Random) -> str:
    if not number:
        return ""
    return rng.choice(
        (f"{number}{word}", f"{numeral(number)}{word}", f"第{numeral(number)}{word}", f"（{number}{word}）")
    )


def write_site(project: Project, rng: Random) -> str:
    street = rng.choice(
        (
            f"{project.road}{project.number}号",
            f"{project.road} {project.number} 号",
            f"{project.road}{widen(str(project.number))}号",
        )
    )
    return rng.choice(("", project.district, f"{project.city}市{project.district}")) + street
