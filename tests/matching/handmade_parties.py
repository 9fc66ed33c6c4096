"""Companies and projects written by hand.

A firm is kind, both names, why, sometimes both codes. A project is kind, (name, site) twice, why, sometimes both
cities.
"""

from typing import Any

from tests.matching.companies import build_code

Row = tuple[Any, ...]

CODE = build_code("450103", "MA5K1Q0T")
OTHER_CODE = build_code("450103", "MA5K1Q1T")
THIRD_CODE = build_code("450200", "MA5N7X2P")

SAME_FIRMS: list[Row] = [
    ("firm: form", "南宁启辰装饰工程有限公司", "南宁启辰装饰工程有限责任公司", "two names of one legal form"),
    ("firm: form", "南宁启辰装饰工程有限公司", "南宁启辰装饰工程", "form left out"),
    ("firm: form", "南宁启辰装饰工程有限公司", "南宁启辰装饰工程公司", "form cut short"),
    ("firm: form", "柳州铭扬机电股份有限公司", "柳州铭扬机电股份公司", "a stock company cut short"),
    ("firm: form", "广西启辰集团有限公司", "广西启辰集团", "a group"),
    ("firm: form", "南宁启辰装饰工程有限公司。", "南宁启辰装饰工程有限公司", "a full stop"),
    ("firm: place", "南宁市启辰装饰工程有限公司", "南宁启辰装饰工程有限公司", "市"),
    ("firm: place", "广西南宁启辰装饰工程有限公司", "南宁启辰装饰工程有限公司", "province in front of the city"),
    ("firm: place", "广西壮族自治区南宁市启辰装饰工程有限公司", "南宁启辰装饰工程有限公司", "all titles"),
    ("firm: place", "启辰（南宁）装饰工程有限公司", "南宁启辰装饰工程有限公司", "place in brackets"),
    ("firm: place", "启辰装饰工程（南宁）有限公司", "启辰(南宁)装饰工程有限公司", "place in other brackets, elsewhere"),
    ("firm: place", "启辰装饰工程有限公司（南宁）", "南宁启辰装饰工程有限公司", "place at the end"),
    ("firm: place", "北京市千寻网络科技有限公司", "北京千寻网络科技有限公司", "a municipality"),
    ("firm: place", "浙江省宁波市裕通商贸有限公司", "宁波裕通商贸有限公司", "province with title"),
    ("firm: place", "广西启辰装饰工程有限公司", "广西壮族自治区启辰装饰工程有限公司", "province in short"),
    ("firm: width", "南宁 启辰 装饰工程 有限公司", "南宁启辰装饰工程有限公司", "blanks"),
    ("firm: width", "南宁ＡＢＣ商贸有限公司", "南宁abc商贸有限公司", "letters"),
    ("firm: width", "【南宁启辰装饰工程有限公司】", "南宁启辰装饰工程有限公司", "copied with brackets"),
    ("firm: width", "ABC(中国)有限公司", "ＡＢＣ（中国）有限公司", "brackets and letters"),
    ("firm: width", "“南宁启辰装饰工程有限公司”", "南宁启辰装饰工程有限公司", "quotation marks"),
    ("firm: no company", "广西君诚律师事务所", "广西 君诚律师事务所", "a law firm"),
    ("firm: no company", "南宁市第二人民医院", "南宁第二人民医院", "a hospital"),
    ("firm: no company", "南宁市青秀区启辰建材经营部", "南宁青秀区启辰建材经营部", "a shop"),
    ("firm: no company", "南宁启辰建材经营部（个体工商户）", "南宁启辰建材经营部", "the new suffix of shops"),
    (
        "firm: branch",
        "南宁启辰装饰工程有限公司柳州分公司",
        "南宁启辰装饰工程有限公司（柳州分公司）",
        "a branch in brackets",
    ),
    (
        "firm: branch",
        "南宁市启辰装饰工程有限责任公司柳州分公司",
        "南宁启辰装饰工程有限公司柳州分公司",
        "a branch, form and place",
    ),
    ("firm: code", "南宁启辰装饰工程有限公司", "广西瑞谷装饰工程有限公司", "renamed, same code", (CODE, CODE)),
    ("firm: code", "南宁启辰装饰工程有限公司", "瑞谷装饰", "small letters", (CODE, CODE.lower())),
    (
        "firm: code",
        "南宁启辰装饰工程有限公司",
        "瑞谷装饰",
        "blanks",
        (CODE, f" {CODE[:2]} {CODE[2:8]} {CODE[8:17]} {CODE[17:]}"),
    ),
    ("firm: code", "南宁启辰装饰工程有限公司", "瑞谷装饰", "dashes", (CODE, f"{CODE[:8]}-{CODE[8:17]}-{CODE[17:]}")),
    ("firm: code", "南宁启辰装饰工程有限公司", "瑞谷装饰", "O for 0", (CODE, CODE.replace("0", "O"))),
    ("firm: code", "南宁启辰装饰工程有限公司", "瑞谷装饰", "a label", (CODE, f"统一社会信用代码：{CODE}")),
]

MAYBE_FIRMS: list[Row] = [
    ("firm: likely", "南宁启辰装饰", "南宁启辰装饰工程有限公司", "trade cut short"),
    ("firm: likely", "启辰装饰工程有限公司", "南宁启辰装饰工程有限公司", "place left out"),
    ("firm: likely", "启辰装饰工程", "广西启辰装饰工程有限公司", "place and form left out"),
]

DIFFERENT_FIRMS: list[Row] = [
    ("firm: trade", "南宁启辰装饰工程有限公司", "南宁启辰物业服务有限公司", "brand alike"),
    ("firm: trade", "南宁启辰装饰", "南宁启辰物业", "brand alike, in short"),
    ("firm: trade", "南宁启辰商贸有限公司", "南宁启辰餐饮管理有限公司", "one owner, two firms"),
    ("firm: trade", "启辰（南宁）物流有限公司", "启辰（南宁）食品有限公司", "brackets"),
    ("firm: place", "南宁启辰装饰工程有限公司", "柳州启辰装饰工程有限公司", "two cities"),
    ("firm: place", "启辰（南宁）装饰工程有限公司", "启辰（桂林）装饰工程有限公司", "two cities in brackets"),
    ("firm: place", "广西启辰装饰工程有限公司", "广东启辰装饰工程有限公司", "two provinces"),
    ("firm: place", "湖南启辰装饰工程有限公司", "湖北启辰装饰工程有限公司", "two provinces that look alike"),
    ("firm: place", "南宁启辰装饰工程有限公司", "南京启辰装饰工程有限公司", "two cities that look alike"),
    ("firm: place", "ABC（中国）有限公司", "ABC（香港）有限公司", "two of one house"),
    ("firm: branch", "南宁启辰装饰工程有限公司", "南宁启辰装饰工程有限公司柳州分公司", "head and branch"),
    ("firm: branch", "南宁启辰装饰工程有限公司", "南宁启辰装饰工程有限公司青秀分公司", "head and branch in town"),
    ("firm: branch", "南宁启辰装饰工程有限公司青秀分公司", "南宁启辰装饰工程有限公司西乡塘分公司", "two branches"),
    ("firm: branch", "南宁启辰装饰工程有限公司第一分公司", "南宁启辰装饰工程有限公司第二分公司", "numbered branches"),
    ("firm: branch", "南宁启辰装饰工程有限公司第一分公司", "南宁启辰装饰工程有限公司第十一分公司", "one and eleven"),
    ("firm: branch", "南宁木棉餐饮管理有限公司万象店", "南宁木棉餐饮管理有限公司航洋店", "two shops"),
    ("firm: branch", "南宁启辰装饰工程有限公司（柳州）分公司", "南宁启辰装饰工程有限公司", "branch town in brackets"),
    ("firm: group", "广西启辰集团有限公司", "广西启辰装饰工程有限公司", "group and subsidiary"),
    ("firm: group", "启辰控股集团有限公司", "南宁启辰装饰工程有限公司", "holding and subsidiary"),
    ("firm: group", "广西启辰集团装饰工程有限公司", "广西启辰集团有限公司", "subsidiary that bears the group"),
    ("firm: group", "广西启辰投资有限公司", "广西启辰集团有限公司", "investor and group"),
    ("firm: brand", "南宁恒筑家具有限公司", "南宁新恒筑家具有限公司", "new"),
    ("firm: brand", "南宁泰和家具有限公司", "南宁泰和兴家具有限公司", "one sign more"),
    ("firm: brand", "南宁海纳物流有限公司", "南宁海达物流有限公司", "one sign other"),
    ("firm: brand", "南宁和泰物流有限公司", "南宁泰和物流有限公司", "turned round"),
    ("firm: number", "南宁市第一人民医院", "南宁市第二人民医院", "hospitals"),
    ("firm: number", "南宁市第一中学", "南宁市第十一中学", "schools"),
    ("firm: number", "广西建工第三建筑工程有限公司", "广西建工第五建筑工程有限公司", "numbered builders"),
    ("firm: number", "南宁3D云科技有限公司", "南宁5D云科技有限公司", "numbers in brands"),
    ("firm: code", "恒筑家具有限公司", "瑞谷食品有限公司", "one character off", (CODE, OTHER_CODE)),
    ("firm: code", "南宁启辰装饰工程有限公司", "南宁铭扬商贸有限公司", "no code is no evidence", ("无", "无")),
    ("firm: code", "南宁启辰装饰工程有限公司", "南宁铭扬商贸有限公司", "zeros", ("0" * 18, "0" * 18)),
    (
        "firm: code",
        "南宁启辰装饰工程有限公司",
        "南宁铭扬商贸有限公司",
        "wrong check sign",
        (CODE[:17] + "!", CODE[:17] + "!"),
    ),
    ("firm: code", "启辰装饰工程有限公司", "启辰装饰工程有限公司", "two valid codes are two firms", (CODE, THIRD_CODE)),
    ("firm: empty", "有限公司", "有限公司", "a form is no name"),
    ("firm: empty", "公司", "公司", "nor is this"),
    ("firm: empty", "无", "无", "nor is none"),
    ("firm: empty", "南宁", "南宁", "a place is no name"),
    ("firm: empty", "分公司", "分公司", "a branch of what"),
]

SAME_PROJECTS: list[Row] = [
    ("project: name", ("凤岭人民医院项目", "民族大道131号"), ("凤岭人民医院", "民族大道131号"), "项目 left out"),
    (
        "project: name",
        ("凤岭人民医院建设项目", "民族大道131号"),
        ("凤岭人民医院项目", "青秀区民族大道131号"),
        "district in front",
    ),
    (
        "project: name",
        ("南宁市凤岭人民医院项目", "南宁市青秀区民族大道131号"),
        ("凤岭人民医院项目", "民族大道131号"),
        "city in front",
    ),
    (
        "project: name",
        ("“凤岭人民医院”项目", "民族大道１３１号"),
        ("凤岭人民医院项目", "民族大道131号"),
        "quotation marks, full width",
    ),
    ("project: name", ("凤岭 人民医院 项目", "民族大道 131 号"), ("凤岭人民医院项目", "民族大道131号"), "blanks"),
    ("project: name", ("ABC科技园", "银海大道8号"), ("ａｂｃ科技园项目", "银海大道8号"), "letters"),
    ("project: phase", ("凤岭人民医院二期", "民族大道131号"), ("凤岭人民医院2期项目", "民族大道131号"), "numeral"),
    ("project: phase", ("凤岭人民医院Ⅱ期", "民族大道131号"), ("凤岭人民医院第二期", "民族大道131号"), "a Roman sign"),
    (
        "project: phase",
        ("凤岭人民医院（二期）项目", "民族大道131号"),
        ("凤岭人民医院项目二期", "民族大道131号"),
        "brackets and order",
    ),
    ("project: lot", ("滨湖安置房项目3标段", "滨湖路20号"), ("滨湖安置房项目三标段", "滨湖路20号"), "numeral"),
    ("project: lot", ("滨湖安置房项目第三标段", "滨湖路20号"), ("滨湖安置房3标", "滨湖路20号"), "标段 cut short"),
    (
        "project: lot",
        ("滨湖安置房二期3标段", "良庆区滨湖路20号"),
        ("滨湖安置房2期（三标段）", "滨湖路20号"),
        "phase and lot",
    ),
]

MAYBE_PROJECTS: list[Row] = [
    ("project: likely", ("凤岭人民医院项目", ""), ("凤岭人民医院", "民族大道131号"), "site left out"),
    (
        "project: likely",
        ("凤岭人民医院二期", "民族大道131号"),
        ("凤岭人民医院第二期项目", ""),
        "site left out, phase given",
    ),
]

DIFFERENT_PROJECTS: list[Row] = [
    ("project: phase", ("凤岭人民医院一期", "民族大道131号"), ("凤岭人民医院二期", "民族大道131号"), "phases"),
    ("project: phase", ("凤岭人民医院Ⅱ期", "民族大道131号"), ("凤岭人民医院Ⅲ期", "民族大道131号"), "Roman signs"),
    (
        "project: phase",
        ("凤岭人民医院（一期）", "民族大道131号"),
        ("凤岭人民医院（三期）", "民族大道131号"),
        "brackets",
    ),
    ("project: lot", ("滨湖安置房项目1标段", "滨湖路20号"), ("滨湖安置房项目2标段", "滨湖路20号"), "lots"),
    (
        "project: lot",
        ("滨湖安置房项目一标段", "滨湖路20号"),
        ("滨湖安置房项目十一标段", "滨湖路20号"),
        "one and eleven",
    ),
    (
        "project: lot",
        ("滨湖安置房二期1标段", "滨湖路20号"),
        ("滨湖安置房一期2标段", "滨湖路20号"),
        "phase and lot swapped",
    ),
    ("project: site", ("中央广场项目", "民族大道131号"), ("中央广场项目", "白沙大道20号"), "one name, two places"),
    (
        "project: site",
        ("中央广场项目", "青秀区民族大道131号"),
        ("中央广场项目", "民族大道13号"),
        "another number of the road",
    ),
    ("project: site", ("人才公寓项目", "江南区"), ("人才公寓项目", "良庆区"), "two districts"),
    ("project: city", ("中央广场项目", "人民路8号"), ("中央广场项目", "人民路8号"), "two cities", ("南宁", "柳州")),
    ("project: city", ("人才公寓", "建设路2号"), ("人才公寓", "建设路2号"), "two provinces", ("南宁", "长沙")),
    ("project: name", ("凤岭第一小学项目", "民族大道131号"), ("凤岭第二小学项目", "民族大道133号"), "schools"),
    ("project: name", ("江南污水处理厂", "江南路5号"), ("江北污水处理厂", "江北路5号"), "south and north"),
    ("project: name", ("待定", "待定"), ("待定", "待定"), "not decided is no project"),
    ("project: name", ("项目", "南宁"), ("项目", "南宁"), "a word is no name"),
    ("project: name", ("二期", "民族大道"), ("二期", "民族大道"), "a phase of what"),
]
