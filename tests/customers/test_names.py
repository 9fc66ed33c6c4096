"""Names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.keys.names import full_name, name_evidence


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        (" 王 小明 ", "王小明"),
        ("王小明先生", "王小明"),
        ("王小明（业主）", "王小明"),
        ("王小明【老客户", "王小明"),
        ("（王小明）", "王小明"),
        ("客户王小明", "王小明"),
        ("王小明 13800138000", "王小明"),
        ("王小明总", "王小明"),
        ("王小明工", "王小明"),
        ("王建工", "王建工"),
        ("李小妹", "李小妹"),
        ("欧阳锋", "欧阳锋"),
        ("买买提·艾力", "买买提艾力"),
        ("买买提•艾力", "买买提艾力"),
        ("Mr. John SMITH", "johnsmith"),
        ("Ｊohn Smith", "johnsmith"),
        ("王先生", ""),
        ("王总", ""),
        ("王工", ""),
        ("张老板娘", ""),
        ("李阿姨", ""),
        ("陈生", ""),
        ("老王", ""),
        ("小欧阳", ""),
        ("欧阳女士", ""),
        ("司马", ""),
        ("Mr Smith", ""),
        ("先生", ""),
        ("保密", ""),
        ("王", ""),
        ("", ""),
    ],
)
def test_full_name_is_what_honorifics_and_remarks_leave(text: str, name: str) -> None:
    assert full_name(text) == name


@pytest.mark.parametrize(
    ("mine", "theirs", "word"),
    [
        ("王小明", "王小明先生", "name"),
        ("王小明", "王小红", ""),
        ("王先生", "王小明", "surname"),
        ("老王", "王女士", "surname"),
        ("李先生", "王小明", ""),
        ("欧阳先生", "欧阳锋", "surname"),
        ("欧先生", "欧阳锋", ""),
        ("先生", "王小明", ""),
        ("", "", ""),
        ("无", "无", ""),
    ],
)
def test_name_evidence_is_symmetric(mine: str, theirs: str, word: str) -> None:
    assert (name_evidence(mine, theirs), name_evidence(theirs, mine)) == (word, word)


@given(st.text() | st.text("王小明欧阳老先生总工哥阿姨（）()· 1mr."))
def test_full_name_of_any_text_is_idempotent(text: str) -> None:
    assert full_name(full_name(text)) == full_name(text)


@pytest.mark.parametrize("sign", ["(", "总", "小", "王", "1", "mr. "])
def test_full_name_of_a_hostile_text_is_short(sign: str) -> None:
    assert len(full_name(sign * 100_000)) <= 60
