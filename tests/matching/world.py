"""The invented world of the pairs: real cities and districts, made-up people, communities, roads and companies."""

import json
from pathlib import Path
from random import Random

REGIONS = Path(__file__).resolve().parents[2] / "accounts" / "data" / "regions.json"


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# City -> area code and length of a subscriber number, as the numbering plan has them.
AREAS: dict[str, tuple[str, int]] = {
    "南宁": ("0771", 7),
    "柳州": ("0772", 7),
    "桂林": ("0773", 7),
    "梧州": ("0774", 7),
    "玉林": ("0775", 7),
    "北海": ("0779", 7),
    "厦门": ("0592", 7),
    "太原": ("0351", 7),
    "兰州": ("0931", 7),
    "北京": ("010", 8),
    "上海": ("021", 8),
    "天津": ("022", 8),
    "重庆": ("023", 8),
    "广州": ("020", 8),
    "深圳": ("0755", 8),
    "佛山": ("0757", 8),
    "成都": ("028", 8),
    "武汉": ("027", 8),
    "长沙": ("0731", 8),
    "南京": ("025", 8),
    "苏州": ("0512", 8),
    "杭州": ("0571", 8),
    "宁波": ("0574", 8),
    "西安": ("029", 8),
    "郑州": ("0371", 8),
    "济南": ("0531", 8),
    "青岛": ("0532", 8),
    "合肥": ("0551", 8),
    "福州": ("0591", 8),
    "昆明": ("0871", 8),
    "贵阳": ("0851", 8),
    "海口": ("0898", 8),
    "沈阳": ("024", 8),
    "哈尔滨": ("0451", 8),
    "石家庄": ("0311", 8),
}
CITIES = tuple(AREAS)
MUNICIPALITIES = frozenset({"北京", "上海", "天津", "重庆"})

PREFIXES = words(
    "130 131 132 133 134 135 136 137 138 139 145 147 149 150 151 152 153 155 156 157 158 159 166 170 171 172 173 "
    "175 176 177 178 180 181 182 183 184 185 186 187 188 189 191 193 195 198 199"
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗韦覃莫蒙农陆卢梁谢唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
GIVEN = "安柏晨岱恩芳歌涵嘉静珂岚敏宁沛琪然珊桐婉溪雪雅芷卓哲彦睿文思清铭杰浩国志建永春秋夏明辉丽萍琳娟军强磊洋勇艳"
COMMON_NAMES = ("张伟", "王芳", "李娜", "刘洋", "李强", "王磊", "陈静", "张敏", "李军", "王静")

HEADS = words(
    "云上 锦绣 翠屏 望江 听澜 半山 春江 桂雨 枫林 金湖 银杏 凤凰 丽水 澜庭 星河 青禾 荷塘 梧桐 海棠 紫荆 碧水 龙泉 "
    "书香 东篱 南屏 西溪 北辰 朝晖 晴川 白鹭 秀水 松涛 竹影 兰亭 菊苑 溪畔 湖光 山语 月湾 江畔 盛世 和园 同德 永安 "
    "长乐 瑞景 尚品 御景 天悦 澄海"
)
TAILS = words("花园 苑 府 里 庭 华府 湾 城 雅居 名邸 公馆 家园 新村 天地 花城 公寓 名都 豪庭 绿洲 美墅")
NUMBERED_COMMUNITIES = (
    "五象一号",
    "九曲湾",
    "十里春风",
    "三江口花园",
    "一品轩",
    "六和新城",
    "七彩云南里",
    "八桂绿城",
    "四季花城",
    "百汇华庭",
    "千禧园",
    "万象府",
)
LOOK_ALIKES = (
    ("幸福里", "幸福苑"),
    ("幸福里", "幸福里北苑"),
    ("云上江南", "云上江北"),
    ("锦绣江南", "锦绣江山"),
    ("翠湖花园", "翠湖新城"),
    ("金色家园", "金色花园"),
    ("滨江一号", "滨江二号"),
    ("东方明珠城", "东方明月城"),
    ("龙泉山庄", "龙泉山墅"),
    ("阳光水岸", "阳光半岸"),
    ("凤凰新村", "凤凰旧村"),
    ("和平里", "平和里"),
    ("天悦府", "悦天府"),
    ("绿地中央", "绿地滨江"),
    ("江南华府", "江南华庭"),
    ("四季花城", "四季花园"),
    ("南湖景苑", "西湖景苑"),
)
ROADS = words(
    "民族大道 人民路 建设路 解放东路 中山北路 新民路 朝阳路 长江路 黄河路 文化路 锦绣路 学府路 平乐大道 星光大道 "
    "滨湖路 青云街 桃源路 友爱路 园湖路 明秀路 秀灵路 望园路 枫林路 白沙大道"
)
# Entries of the community dictionary: names of one place, the first being the one we keep.
ALIASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("南宁", ("云上江南", "万信云上江南", "邕江云上")),
    ("南宁", ("云上江北", "万信云上江北")),
    ("南宁", ("翰林雅筑", "师院教职工宿舍")),
    ("柳州", ("柳钢西苑", "钢城西区宿舍")),
    ("桂林", ("漓水人家", "漓江人家二组团")),
    ("上海", ("书香苑", "白玉兰路1234弄")),
    ("上海", ("馨兰公寓", "桃浦路88弄")),
    ("北京", ("静淑东苑", "学院路甲5号院")),
    ("北京", ("望河嘉园", "望河西里甲2号院")),
    ("广州", ("珠水花城", "保恒珠水花城")),
    ("深圳", ("梅岭一村", "梅岭1村")),
    ("成都", ("锦里东岸", "锦东花苑")),
    ("武汉", ("东湖天下", "东湖国际社区")),
    ("杭州", ("钱塘春晓", "春晓苑")),
    ("长沙", ("湘江豪庭", "老机床厂小区")),
    ("西安", ("曲江观唐", "观唐")),
)


def _read_districts() -> dict[str, list[str]]:
    """Names of the districts (市辖区 only) of every city above."""
    regions = json.loads(REGIONS.read_text("utf-8"))
    codes = {code: name for code, name, _full, level, _parent in regions if level == "city" and name in AREAS}
    districts: dict[str, list[str]] = {name: [] for name in AREAS}
    for _code, name, _full, level, parent in regions:
        if level == "county" and parent in codes and name.endswith("区"):
            districts[codes[parent]].append(name)
    return districts


def _read_provinces() -> dict[str, tuple[str, str]]:
    """Short and full name of every city's province; a municipality is its own."""
    regions = {row[0]: row for row in json.loads(REGIONS.read_text("utf-8"))}
    cities = [row for row in regions.values() if row[3] == "city" and row[1] in AREAS]
    return {row[1]: (regions[row[4]][1], regions[row[4]][2]) for row in cities}


DISTRICTS = _read_districts()
PROVINCES = _read_provinces()


def pick_city(rng: Random, besides: str = "", digits: int = 0) -> str:
    """Every third time 南宁; never `besides`, and with subscriber numbers of that length if asked for."""
    fitting = [city for city in CITIES if city != besides and digits in (0, AREAS[city][1])]
    return "南宁" if "南宁" in fitting and rng.random() < 0.3 else rng.choice(fitting)


def pick_community(rng: Random, besides: str = "") -> str:
    """The name of a community; with `besides` one that shares no character with it."""
    while True:
        name = rng.choice(NUMBERED_COMMUNITIES) if rng.random() < 0.08 else rng.choice(HEADS) + rng.choice(TAILS)
        if not besides or not set(name) & set(besides):
            return name


def pick_name(rng: Random, besides: str = "") -> str:
    """A person's name; with `besides` another surname and no given name in common."""
    while True:
        surname = rng.choice(COMPOUND_SURNAMES) if rng.random() < 0.04 else rng.choice(SURNAMES)
        name = surname + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2, 2))))
        if not set(name) & set(besides):
            return name


def surname_of(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[0]


def pick_mobile(rng: Random, besides: str = "") -> str:
    """A mobile that differs from `besides` in what even the coarsest mask shows."""
    while True:
        mobile = rng.choice(PREFIXES) + f"{rng.randrange(10**8):08}"
        if not besides or (mobile[:3] != besides[:3] and mobile[-4:] != besides[-4:]):
            return mobile


def pick_subscriber(rng: Random, city: str) -> str:
    """A landline number without area code, of that city's length."""
    digits = AREAS[city][1]
    return rng.choice("235678") + "".join(rng.choice("0123456789") for _ in range(digits - 1))


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")


def spell(number: str) -> str:
    """Digit by digit: 1601 -> 一六零一."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in number)


def widen(text: str) -> str:
    """Digits and latin letters in full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)
