"""The organisation and the people of the demo. Its numbers begin with 123, which no operator gives out."""

from typing import NamedTuple

from accounts import roles

PASSWORD = "Filing-2026!"  # noqa: S105 - published


class DemoUnit(NamedTuple):
    name: str
    kind: str
    parent: str = ""
    city: str = ""


class DemoPerson(NamedTuple):
    username: str
    name: str
    role: str
    unit: str
    post: str
    mobile: str
    gender: str


# A parent comes before its children.
UNITS = (
    DemoUnit("集团总部", "region"),
    DemoUnit("南宁分公司", "branch", "集团总部", "南宁"),
    DemoUnit("办公室", "outlet", "南宁分公司", "南宁"),
    DemoUnit("渠道一部", "outlet", "南宁分公司", "南宁"),
    DemoUnit("渠道二部", "outlet", "南宁分公司", "南宁"),
    DemoUnit("琅东展厅", "store", "南宁分公司", "南宁"),
    DemoUnit("江南展厅", "store", "南宁分公司", "南宁"),
    DemoUnit("设计部", "department", "南宁分公司", "南宁"),
    DemoUnit("数据部", "department", "南宁分公司", "南宁"),
)

PEOPLE = (
    DemoPerson("admin", "黎立春", roles.ADMINISTRATOR, "办公室", "系统管理员", "12300001001", "female"),
    DemoPerson("sales1", "罗小满", roles.SALESPERSON, "办公室", "业务员", "12300001011", "female"),
    DemoPerson("sales2", "农知秋", roles.SALESPERSON, "渠道一部", "渠道员", "12300001012", "male"),
    DemoPerson("sales3", "黄大暑", roles.SALESPERSON, "渠道二部", "渠道员", "12300001013", "male"),
    DemoPerson("sales4", "石芒种", roles.SALESPERSON, "渠道二部", "业务员", "12300001014", "female"),
    DemoPerson("manager1", "吕春分", roles.MANAGER, "办公室", "渠道经理", "12300001021", "male"),
    DemoPerson("manager2", "卢清明", roles.MANAGER, "渠道二部", "业务经理", "12300001022", "female"),
    DemoPerson("manager3", "冯夏至", roles.MANAGER, "渠道二部", "渠道经理", "12300001023", "male"),
    DemoPerson("store1", "潘霜降", roles.SHOWROOM, "琅东展厅", "店长", "12300001031", "female"),
    DemoPerson("store2", "蒋小寒", roles.SHOWROOM, "江南展厅", "店长", "12300001032", "male"),
    DemoPerson("designer1", "贺谷雨", roles.DESIGNER, "设计部", "量房设计师", "12300001041", "male"),
    DemoPerson("auditor1", "温惠风", roles.AUDITOR, "集团总部", "审核主管", "12300001051", "female"),
    DemoPerson("office1", "何处暑", roles.OFFICE, "集团总部", "数据专员", "12300001061", "female"),
    DemoPerson("executive1", "钟大雪", roles.EXECUTIVE, "集团总部", "副总经理", "12300001071", "male"),
)

# What the announcement of the accounts leaves out: they only own the rows that make the demo look alive.
BACKGROUND = {"sales3", "sales4", "manager3"}

PERSON_GRANTS = (("manager1", "sales1"), ("manager1", "sales2"))
UNIT_GRANTS = (("manager3", "渠道二部"),)

SITE_CAP = 30
PERSON_CAPS = {"sales1": 200}
