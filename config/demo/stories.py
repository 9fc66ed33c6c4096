"""What happened before the demo begins: forty leads of three weeks, none of today or of a documented account.

Days count back from the day the demo is loaded. No name, number or address here occurs in the users' manual.
"""

# A table is read by its columns.
# ruff: noqa: E501

from typing import NamedTuple


class Contact(NamedTuple):
    """A follow-up so many days after the filing; `kind` and `status` as in `leads.choices`."""

    after: int
    kind: str
    status: str
    content: str


class Handling(NamedTuple):
    """What a showroom made of the lead: its corrections, the deposit in yuan, and the auditor's answer."""

    store: str
    order_type: str
    corrected: dict[str, str] = {}
    deposit: int = 0
    result: str = ""
    remark: str = ""


class Story(NamedTuple):
    """A filing so many days ago. A visit is planned so many days after it, an approval given; one that is turned away
    leaves no lead, one that queues waits."""

    days_ago: int
    filer: str
    name: str
    mobile: str
    city: str
    community: str
    building_room: str
    order_type: str
    source: str
    extra: dict[str, str] = {}
    contacts: tuple[Contact, ...] = ()
    handlings: tuple[Handling, ...] = ()
    visit_in: int = 0
    turned_away: bool = False
    granted_after: int = 0
    queues: bool = False


CABINET, WARDROBE, PLAIN_CABINET, PLAIN_WARDROBE, OPPOLIA = "欧派橱柜", "欧派衣柜", "理想橱柜", "理想衣柜", "欧铂丽橱柜"
EAST, SOUTH = "琅东展厅", "江南展厅"
QINGWA = {"decoration_company": "青瓦装饰"}
BANMU = {"decoration_company": "半亩装饰"}
HU = QINGWA | {"designer": "胡静雅"}
SHI = QINGWA | {"designer": "石一鸣"}
LIU = BANMU | {"designer": "刘明川"}
FRIEND = {"referrer_name": "方秋分", "referrer_mobile": "12300009001"}
COLLEAGUE = {"referring_employee": "sales4"}

CALLED = Contact(1, "call", "continue", "首次电话未接，下午再拨")
PROGRESS = Contact(1, "call", "active", "了解装修进度，水电已完工")
SAMPLES = Contact(3, "visit", "visited", "客户已看样，周六带家人再来一次")
PRICE = Contact(2, "wechat", "continue", "报价偏高，正在与家人商量")
PLAN = Contact(4, "wechat", "active", "设计师已出图，约周四看方案")
SIGNED = Contact(5, "visit", "signed", "合同已签，定金转首期款")
LEFT = Contact(3, "call", "given_up", "客户称已在别处订货")

STORIES = (
    Story(20, "sales3", "覃谷雨", "12300102251", "南宁", "良庆区云上江南", "3栋2单元1601", CABINET, "家装设计师推荐", HU,
          (PROGRESS, SAMPLES, SIGNED), (Handling(EAST, CABINET, {}, 8000, "success", "电话、地址一致，报备有效"),)),
    Story(20, "sales4", "韦半夏", "12300106049", "南宁", "青秀区凤岭雅苑", "5栋1201", WARDROBE, "自然客户", {},
          (PROGRESS, PLAN), (Handling(EAST, WARDROBE, {}, 3000, "success", "完全正确，报备有效"),)),
    Story(19, "sales3", "陆见川", "12300101234", "南宁", "江南区邕江左岸", "2栋1单元301", PLAIN_CABINET, "家装公司推荐", QINGWA,
          (CALLED, LEFT), (Handling(SOUTH, PLAIN_CABINET, {"community": "江南区亭江花园", "building_room": "8栋502"}, 2000,
                                    "failure", "小区、楼号均与实际不符"),)),
    Story(19, "sales4", "何采薇", "12300103333", "南宁", "西乡塘区半山云筑", "21栋902", WARDROBE, "业务员", {},
          (PROGRESS,), (Handling(SOUTH, WARDROBE, {"name": "何采薇（女士）"}, 5000, "success", "同一客户，报备有效"),)),
    Story(18, "sales3", "周立冬", "12300109848", "南宁", "良庆区云上江南", "12栋704", CABINET, "家装设计师推荐", LIU,
          (PROGRESS, SAMPLES, SIGNED), (Handling(EAST, CABINET, {}, 12000, "success", "完全正确，报备有效"),
                                        Handling(SOUTH, WARDROBE, {}, 6000))),
    Story(18, "sales4", "宋惊蛰", "12300108655", "南宁", "兴宁区邕江左岸", "6栋301", PLAIN_CABINET, "网销客户", {}, (CALLED, LEFT)),
    Story(17, "sales3", "方时雨", "12300106289", "柳州", "城中区柳岸人家", "14栋1415", WARDROBE, "自然客户", {},
          (PROGRESS, PLAN), (Handling(SOUTH, WARDROBE, {}, 5000, "success", "报备有效"),)),
    Story(17, "sales4", "江晚舟", "12300100843", "南宁", "青秀区半山云筑", "15栋1201", CABINET, "家装公司推荐", BANMU,
          (PROGRESS, PLAN), (Handling(EAST, CABINET, {"building_room": "15栋1207"}, 5000),)),
    Story(16, "sales3", "邓小雪", "12300107710", "南宁", "邕宁区蒲庙新村", "26栋1103", OPPOLIA, "老客户推荐", FRIEND, (PRICE,)),
    Story(16, "sales4", "谢寻安", "12300104492", "南宁", "良庆区五象澜庭", "8栋1单元502", WARDROBE, "网销客户", {},
          (CALLED,), (Handling(EAST, WARDROBE, {}, 3000),)),
    Story(15, "sales3", "林听雪", "12300103107", "钦州", "钦南区白海豚苑", "6栋1801", CABINET, "家装设计师推荐", SHI,
          (PROGRESS, SAMPLES), (Handling(SOUTH, CABINET, {"decoration_company": "半亩装饰", "designer": "刘明川"}, 3000),)),
    Story(15, "sales4", "苏白露", "12300105561", "南宁", "江南区亭江花园", "1栋803", PLAIN_CABINET, "家装公司推荐", BANMU,
          (LEFT,), (Handling(SOUTH, PLAIN_CABINET, {"mobile": "12300105567", "building_room": "3栋1203"}, 2000,
                             "failure", "手机与房号不符"),)),
    Story(14, "sales3", "唐知意", "12300102818", "南宁", "青秀区凤岭雅苑", "1栋501", WARDROBE, "自然客户", {},
          (PROGRESS, SIGNED), (Handling(EAST, WARDROBE, {}, 6000, "success", "完全正确，报备有效"),)),
    Story(14, "sales4", "梁望舒", "12300109036", "北海", "银海区银滩小筑", "3栋2单元601", CABINET, "网销客户", {},
          (SAMPLES,), (Handling(EAST, CABINET),)),
    Story(13, "sales3", "顾南枝", "12300107354", "南宁", "良庆区云上江南", "3栋1902", CABINET, "家装公司推荐", BANMU,
          (PROGRESS, PLAN), (Handling(EAST, CABINET, {}, 10000),)),
    Story(13, "sales4", "沈青禾", "12300101876", "南宁", "西乡塘区相思湖畔", "9栋1单元1102", "", "自然客户", {}, (CALLED,)),
    Story(12, "sales3", "莫霁月", "12300104021", "南宁", "青秀区民歌湖居", "2栋2301", CABINET, "内部员工推荐", COLLEAGUE,
          (PROGRESS,), (Handling(EAST, CABINET, {}, 4000), Handling(SOUTH, WARDROBE))),
    Story(12, "sales4", "文景行", "12300105208", "桂林", "象山区漓江别院", "7栋402", PLAIN_WARDROBE, "网销客户", {}, (PRICE,)),
    Story(11, "sales3", "段云舒", "12300106617", "南宁", "兴宁区三塘雅居", "11栋1604", OPPOLIA, "自然客户", {},
          (PROGRESS,), (Handling(SOUTH, OPPOLIA, {}, 2000),)),
    Story(11, "sales4", "易安澜", "12300108130", "南宁", "良庆区五象澜庭", "16栋2002", WARDROBE, "家装设计师推荐", HU,
          (PLAN,), (Handling(EAST, WARDROBE, {"phone": "0771-3301764"}, 3000),)),
    Story(10, "sales3", "尹疏桐", "12300103926", "贵港", "港北区郁江明珠", "4栋703", CABINET, "自然客户", {}, (CALLED, PRICE)),
    Story(10, "sales4", "常念北", "12300107043", "南宁", "江南区白沙雅筑", "5栋2单元901", CABINET, "业务员", {},
          (SAMPLES,), (Handling(SOUTH, CABINET),)),
    Story(9, "sales3", "向晚晴", "12300100457", "南宁", "青秀区民歌湖居", "6栋1105", PLAIN_CABINET, "家装公司推荐", QINGWA,
          (PROGRESS,), (Handling(EAST, PLAIN_CABINET, {}, 5000),)),
    Story(9, "sales4", "姜浮生", "12300102764", "南宁", "西乡塘区相思湖畔", "18栋306", WARDROBE, "网销客户", {}, (LEFT,)),
    Story(8, "sales3", "贺兰因", "12300105890", "玉林", "玉州区云天新城", "2栋1801", CABINET, "老客户推荐", FRIEND,
          (PROGRESS,), (Handling(SOUTH, CABINET, {"building_room": "2栋1807"}, 3000),)),
    Story(8, "sales4", "潘远山", "12300109415", "南宁", "良庆区五象澜庭", "3栋1单元1401", "", "自然客户", {}, (CALLED,)),
    Story(7, "sales3", "卢知微", "12300101369", "南宁", "青秀区凤岭雅苑", "20栋2203", WARDROBE, "家装设计师推荐", LIU,
          (PLAN,), (Handling(EAST, WARDROBE),)),
    Story(7, "sales4", "熊未央", "12300106572", "南宁", "兴宁区三塘雅居", "7栋504", CABINET, "自然客户", {}, (PROGRESS,)),
    Story(6, "sales3", "武星河", "12300108247", "南宁", "江南区白沙雅筑", "10栋1302", OPPOLIA, "网销客户", {},
          (SAMPLES,), (Handling(SOUTH, OPPOLIA),)),
    Story(6, "sales4", "田归晚", "12300103618", "百色", "右江区半岛花园", "1栋1506", CABINET, "自然客户", {}, (PRICE,)),
    Story(5, "sales3", "石清和", "12300104735", "南宁", "邕宁区蒲庙新村", "9栋602", CABINET, "家装公司推荐", BANMU,
          (PROGRESS,), (Handling(EAST, CABINET, {}, 5000),)),
    Story(5, "sales4", "白鹿鸣", "12300107981", "南宁", "青秀区民歌湖居", "12栋804", PLAIN_WARDROBE, "业务员", {}, (CALLED,)),
    Story(4, "sales3", "高书禾", "12300100926", "南宁", "良庆区云上江南", "19栋2401", WARDROBE, "自然客户", {},
          (PROGRESS,), (Handling(EAST, WARDROBE),)),
    Story(4, "sales4", "易水寒", "12300102053", "防城港", "港口区西湾海岸", "8栋1703", CABINET, "网销客户", {}, (PRICE,)),
    Story(3, "sales3", "钟灵秀", "12300105347", "南宁", "西乡塘区相思湖畔", "2栋1单元1002", CABINET, "家装设计师推荐", SHI, (PROGRESS,)),
    Story(3, "sales4", "冯子衿", "12300108804", "南宁", "江南区亭江花园", "13栋405", "", "自然客户", {}, (CALLED,)),
    Story(2, "sales3", "卢照水", "12300101692", "南宁", "青秀区半山云筑", "4栋1904", WARDROBE, "老客户推荐", FRIEND, (CALLED,)),
    Story(2, "sales4", "吕晴川", "12300106138", "来宾", "兴宾区桂中名邸", "6栋1101", CABINET, "自然客户", {}),
    Story(1, "sales3", "黄鹤归", "12300109270", "南宁", "良庆区五象澜庭", "22栋1503", CABINET, "网销客户", {}),
    Story(1, "sales4", "甘棠梨", "12300104186", "南宁", "兴宁区三塘雅居", "15栋2单元702", PLAIN_CABINET, "自然客户", {}),
)  # fmt: skip
