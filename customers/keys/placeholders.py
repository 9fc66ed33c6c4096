"""What people type where they have nothing to say."""

import re

from core.text import fold

NOTHING = re.compile(
    r"(?:待定|未定|待确定|暂定|无|暂无|没有|不详|未详|未知|不知|不知道|不清楚|不方便|保密|待补充?|略|none|null|nil|na|no|x|test|测试|同上)*"
)
LONGEST = 60


def says_nothing(text: str) -> bool:
    """Whether a text is empty or only a word such as 无 or 待定."""
    return len(text) <= LONGEST and bool(NOTHING.fullmatch("".join(sign for sign in fold(text) if sign.isalnum())))
