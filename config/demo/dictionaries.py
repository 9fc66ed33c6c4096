"""The dictionaries of the demo: cities, order types, sources with the fields they need, companies, communities."""

from typing import NamedTuple

# Beside these, the form offers every city of the home province.
CITIES = {"南宁", "上海", "重庆", "海口", "哈尔滨", "贵阳", "成都"}
HOME_PROVINCE = "广西"

ORDER_TYPES = ("欧派橱柜", "欧派衣柜", "理想橱柜", "欧铂丽橱柜", "理想衣柜")


class DemoSource(NamedTuple):
    """A source with the extra fields it opens; all others stay closed."""

    name: str
    required: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


SOURCES = (
    DemoSource("自然客户"),
    DemoSource("网销客户"),
    DemoSource("业务员"),
    DemoSource("家装公司推荐", ("decoration_company",), ("designer", "designer_phone")),
    DemoSource("家装设计师推荐", ("designer",), ("decoration_company", "designer_phone")),
    DemoSource("老客户推荐", ("referrer_name", "referrer_mobile"), ("referrer_card",)),
    DemoSource("内部员工推荐", ("referring_employee",)),
)

# Company, then its designers with their phones.
COMPANIES = (
    ("longfa", ()),
    ("龙发", (("胡静华", "12300002001"),)),
    ("测试公司", (("刘明", "12300002002"),)),
    ("青瓦装饰", (("胡静雅", "12300002011"), ("石一鸣", "12300002012"))),
    ("半亩装饰", (("刘明川", "12300002021"),)),
)

# City, name, other names: old ones, and invented roads with their numbers.
COMMUNITIES = (
    ("南宁", "云上江南", ("江南云庄", "听荷路18号")),
    ("南宁", "凤岭雅苑", ("观岭雅舍", "拾翠路66号")),
    ("南宁", "五象澜庭", ("澜庭雅舍", "澜庭路9号")),
    ("南宁", "相思湖畔", ("思湖人家",)),
    ("北海", "银滩小筑", ("银滩渔家小区",)),
)
