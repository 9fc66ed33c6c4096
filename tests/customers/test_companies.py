"""Names of companies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold
from customers.keys.companies import Company, company_evidence, company_key, read_company
from customers.keys.key import Key

CODE, OTHER_CODE = "91350100M000100Y43", "914403001922038216"
NAMEISH = st.text("南宁柳州市青瓦装饰建材有限责任股份公司分店（）第一二区", max_size=30)


def key_of(name: str, credit_code: str = "") -> Key:
    key = company_key(name, credit_code)
    assert key is not None
    return key


def weigh(mine: str, theirs: str) -> str:
    one, other = key_of(mine), key_of(theirs)
    assert company_evidence(one, other) == company_evidence(other, one)
    return company_evidence(one, other)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰有限责任公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰公司"),
        ("南宁青瓦装饰有限公司", "南宁市青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "广西南宁青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "广西壮族自治区南宁市青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "青瓦装饰（南宁）有限公司"),
        ("南宁青瓦装饰有限公司", "青瓦(南宁市)装饰有限公司"),
        ("南宁青瓦装饰有限公司", "青瓦装饰有限公司【南宁】"),
        ("南宁青瓦装饰有限公司", " 南宁 青瓦·装饰（有限公司） "),
        ("ABC装饰有限公司", "ａｂｃ装饰有限公司"),
        ("Qingwa Decoration Co., Ltd.", "QINGWA DECORATION"),
        ("南宁青瓦（集团）有限公司", "南宁青瓦集团有限公司"),
        ("南宁青瓦装饰股份有限公司", "南宁青瓦装饰股份公司"),
        ("青瓦投资合伙企业（有限合伙）", "青瓦投资（有限合伙）"),
        ("南宁青瓦建材经营部（个体工商户）", "南宁市青瓦建材经营部"),
        ("南宁建材有限公司", "南宁市建材有限公司"),
        ("海口市政工程有限公司", "海口市市政工程有限公司"),
        ("宾阳青瓦装饰有限公司", "南宁市宾阳县青瓦装饰有限公司"),
        ("南宁泰和兴家具有限公司", "泰和兴（南宁）家具有限公司"),
        ("北京市朝阳区青瓦装饰店", "北京朝阳区青瓦装饰店"),
        ("南宁市第一中学", "南宁第1中学"),
        ("南宁青瓦装饰有限公司柳州分公司", "南宁青瓦装饰有限公司（柳州市分公司）"),
        ("南宁青瓦装饰有限公司青秀分公司", "南宁青瓦装饰有限公司青秀区分公司"),
        ("南宁青瓦装饰有限公司第一分公司", "南宁青瓦装饰有限公司1分公司"),
        ("青瓦装饰柳州分公司", "青瓦装饰有限公司柳州分公司"),
        ("青瓦装饰民族大道店", "青瓦装饰（民族大道店）"),
    ],
)
def test_ways_of_writing_a_company(mine: str, theirs: str) -> None:
    assert weigh(mine, theirs) == "company"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("南宁青瓦装饰有限公司", "青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "广西青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "南宁市青秀区青瓦装饰有限公司"),
        ("南宁泰和源医疗器械有限公司", "泰和源医疗器械有限公司"),
        ("南宁裕通信息技术有限公司", "裕通信息技术有限公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰设计工程有限公司"),
        ("南宁青瓦装饰", "南宁青瓦装饰股份有限公司"),
        ("青瓦投资（有限合伙）", "青瓦投资（普通合伙）"),
        ("南宁东方装饰有限公司", "东方装饰有限公司"),
        ("青瓦", "青瓦"),
    ],
)
def test_what_is_said_on_one_side_only_makes_a_part(mine: str, theirs: str) -> None:
    assert weigh(mine, theirs) == "company_part"


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("南宁青瓦装饰有限公司", "柳州青瓦装饰有限公司"),
        ("青瓦装饰（南宁）有限公司", "青瓦装饰（柳州）有限公司"),
        ("广西青瓦装饰有限公司", "广东青瓦装饰有限公司"),
        ("广西三江源商贸有限公司", "山东三江源商贸有限公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦建材有限公司"),
        ("南宁青瓦装饰有限公司", "南宁红瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "南宁新青瓦装饰有限公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰股份有限公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰经营部"),
        ("南宁青瓦装饰店", "南宁青瓦装饰厂"),
        ("南宁青瓦装饰有限公司", "南宁青瓦集团有限公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰有限公司柳州分公司"),
        ("南宁青瓦装饰有限公司", "南宁青瓦装饰有限公司（柳州）分公司"),
        ("南宁青瓦装饰有限公司第一分公司", "南宁青瓦装饰有限公司第十一分公司"),
        ("南宁青瓦装饰有限公司青秀分公司", "南宁青瓦装饰有限公司江南分公司"),
        ("南宁市第一中学", "南宁市第十一中学"),
    ],
)
def test_companies_that_look_alike_are_different(mine: str, theirs: str) -> None:
    assert weigh(mine, theirs) == ""


def test_two_known_credit_codes_are_two_companies() -> None:
    name = "南宁青瓦装饰有限公司"
    one, other, unknown = key_of(name, CODE), key_of(name, OTHER_CODE), key_of(name, "无")

    assert company_evidence(one, other) == ""
    assert company_evidence(one, unknown) == company_evidence(unknown, one) == "company"


@pytest.mark.parametrize("name", ["", "公司", "有限公司", "（）", "分公司", "无", "待定", "南宁", "南宁市"])
def test_name_that_says_nothing_has_no_key(name: str) -> None:
    assert company_key(name) is None


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("广西南宁青瓦装饰有限公司", Company(("450100",), "青瓦装饰", "有限公司", "")),
        ("上海青瓦装饰股份公司柳州分公司", Company(("310100",), "青瓦装饰", "股份", "450200分公司")),
        ("东方装饰有限公司", Company((), "东方装饰", "有限公司", "")),
        ("东方红（南宁）家具厂", Company(("450100",), "东方红家具", "厂", "")),
        ("南宁市青瓦装饰（柳州）有限公司", Company(("450100",), "柳州青瓦装饰", "有限公司", "")),
        ("南宁青瓦建材三店", Company(("450100",), "青瓦建材", "", "3店")),
        ("中国银行南宁市分行", Company((), "中国银行", "", "450100分行")),
    ],
)
def test_parts_of_a_name(name: str, company: Company) -> None:
    assert read_company(name) == company


def test_key_says_what_is_known() -> None:
    key = key_of("南宁青瓦装饰设计有限公司柳州分公司", CODE)

    assert key.value == "450100|青瓦装饰设计||450200分公司"
    assert key.block == "青瓦装饰|450200分公司"
    assert key.detail == f"450100|有限公司|{CODE}"
    assert key.exact


@given(st.text(max_size=60) | NAMEISH)
def test_key_is_the_same_for_the_folded_name(name: str) -> None:
    assert company_key(fold(name)) == company_key(name)


@given(NAMEISH, NAMEISH)
def test_evidence_is_symmetric(mine: str, theirs: str) -> None:
    one, other = company_key(mine), company_key(theirs)

    if one and other:
        assert company_evidence(one, other) == company_evidence(other, one)


@pytest.mark.parametrize("sign", ["(", "（南宁", "南宁", "有限公司", "装饰", "店", "第一", "高新区", "ﷺ"])
def test_hostile_name_is_read_at_once(sign: str) -> None:
    key = company_key(sign * 100_000)

    assert key is None or (len(key.value) <= 250 and len(key.block) <= 200 and len(key.detail) <= 120)


@pytest.mark.parametrize("around", ["{}（盖章）", "公司名称：{}", "{}（秦经理）", "单位全称: {}"])
def test_words_around_a_name_do_not_count(around: str) -> None:
    assert weigh(around.format("南宁青瓦装饰有限公司"), "南宁青瓦装饰有限公司") == "company"
