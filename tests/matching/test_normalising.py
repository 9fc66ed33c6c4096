"""Normalising what was normalised changes nothing: over ten thousand random texts, each made of what people type."""

from random import Random

import pytest

from customers.keys.addresses import address_keys
from customers.keys.codes import normalise_credit_code
from customers.keys.names import full_name
from customers.keys.numbers import normalise_number, number_keys, read_mask
from customers.keys.reading import understand, written
from policies.communities import plain_name
from tests.races.harness import sizes

PIECES = (
    *"0123456789一二三四五六七八九十百零〇两",
    *"栋幢座号楼单元室房层期区弄院梯门户#-－—/·. 、（）()",
    *"ABTab甲乙东西南北",
    *(
        "小区",
        "花园",
        "幸福里",
        "云上江南",
        "南宁市",
        "青秀区",
        "民族大道",
        "组团",
        "公寓",
        "大厦",
        "号楼",
        "单元",
        "先生",
    ),
    *("138", "13800138000", "0771-", "****", "转", "+86", "有限公司", "（二期）", "\u3000", "😀", "𠮷", "é"),
)


def texts(number: int) -> list[str]:
    chance = Random(20261122)
    return ["".join(chance.choices(PIECES, k=chance.randint(0, 14))) for _ in range(number)]


@sizes("number", small=1_500, full=10_000)
def test_normalising_twice_is_normalising_once(number: int) -> None:
    told = texts(number)
    for community, building_room in zip(told, told[1:] + told[:1], strict=True):
        for normalise in (plain_name, normalise_number, normalise_credit_code, full_name, read_mask):
            assert normalise(normalise(community)) == normalise(community), (normalise.__name__, community)
        for key in number_keys(community, building_room, "0771"):
            assert key in number_keys(key.value, "", "0771"), key
        keys = address_keys(1, "南宁", community, building_room)
        if keys and keys[0].exact:
            address = understand("南宁", community, building_room)
            assert address_keys(1, "南宁", address.community, written(address.flat)) == keys, (community, building_room)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "9" * 100_000, "栋" * 50_000, "-" * 100_000, "幸福里" * 30_000]
)
def test_hostile_texts_are_answered(text: str) -> None:
    assert isinstance(address_keys(1, "南宁", text, text), tuple)
    assert isinstance(number_keys(text, text, ""), list)
