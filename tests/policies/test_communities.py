"""Plain names of communities."""

import pytest

from policies.communities import is_name, plain_name, says_nothing, tidy


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("幸福里小区", "幸福里"),
        ("幸 福·里", "幸福里"),
        ("幸福里（原棉纺厂）", "幸福里"),
        ("幸福里(二期)", "幸福里2期"),
        ("幸福里（北苑）", "幸福里北苑"),
        ("【幸福里】", "幸福里"),
        ("幸福小区", "幸福"),
        ("幸福花园", "幸福花园"),
        ("花园小区", "花园小区"),
        ("小区", "小区"),
        ("曹杨一村", "曹杨1村"),
        ("中兴街五巷", "中兴街5巷"),
        ("中兴街十二巷", "中兴街12巷"),
        ("中兴路三里", "中兴路3里"),
        ("和平二胡同", "和平2胡同"),
        ("中兴五支路", "中兴5支路"),
        ("三里屯", "三里屯"),
        ("五里亭", "五里亭"),
        ("十里春风", "十里春风"),
        ("八一小区", "八一"),
        ("三巷口", "三巷口"),
        ("绿地大廈", "绿地大厦"),
        ("ＭＯＭＡ 万国城", "moma万国城"),
        ("", ""),
        ("--", ""),
    ],
)
def test_plain_name_leaves_off_what_does_not_tell_apart(typed, plain):
    assert plain_name(typed) == plain
    assert plain_name(plain) == plain


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("３－２－１６０１", "3 2 1601"),
        ("3栋16**", "3栋 某"),
        ("3栋xx室", "3栋 某 室"),
        ("3*2*1601", "3 2 1601"),
        ("3一2", "3 2"),
        ("16O1", "1601"),
        ("89.5平", "895平"),
        ("3(栋)2", "3 栋 2"),
        ("1601(王先生)", "1601"),
        ("10＃", "10#"),
    ],
)
def test_tidy_text_has_letters_figures_and_blanks(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("text", "answer"),
    [("幸福里", True), ("云上", True), ("花园", False), ("小区", False), ("里", False), ("100", False)],
)
def test_name_is_more_than_common_words(text, answer):
    assert is_name(text) is answer


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("无", True),
        ("待定", True),
        ("", True),
        ("幸福里", False),
        ("南苑", False),
        ("自建房", True),
        ("农村民房", True),
        ("新房", True),
        ("新家园", False),
        ("本小区", True),
    ],
)
def test_words_for_not_knowing_are_no_name(name, answer):
    assert says_nothing(name) is answer
