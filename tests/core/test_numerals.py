"""Chinese numerals in figures and back."""

import pytest

from core.numerals import arabic, chinese, write_numerals


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("二十一", "21"),
        ("廿三", "23"),
        ("一百零三", "103"),
        ("二百二十一", "221"),
        ("十六零一", "1601"),
        ("一六零一", "1601"),
        ("〇一", "01"),
        ("两", "2"),
        ("叁", "3"),
        ("12", "12"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_chinese_numerals_in_figures(text, figures):
    assert arabic(text) == figures


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (34, "三十四"), (0, "0"), (100, "100")]
)
def test_figures_in_chinese_numerals(number, words):
    assert chinese(number) == words


@pytest.mark.parametrize(
    ("text", "written"),
    [("第三期", "第3期"), ("一百零五号", "105号"), ("百度两江", "百度两江"), ("十二栋十楼", "12栋10楼"), ("", "")],
)
def test_numerals_inside_a_text(text, written):
    assert write_numerals(text) == written
    assert write_numerals(written) == written
