"""The columns of workbooks that go in and out. Their headers are a file format, so both languages stand here together
and a file made in one language can be read in the other."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import get_language

from core.text import fold


class Header(NamedTuple):
    chinese: str
    english: str

    @property
    def shown(self) -> str:
        """The header in the language of the person who asks."""
        return self.english if (get_language() or "").startswith("en") else self.chinese


IMPORTED: Mapping[str, Header] = {
    "name": Header("客户姓名", "Customer name"),
    "mobile": Header("手机", "Mobile"),
    "phone": Header("电话", "Phone"),
    "order_type": Header("订货类型", "Order type"),
    "city": Header("城市", "City"),
    "community": Header("小区", "Community"),
    "building_room": Header("楼号房间号", "Building and room"),
    "source": Header("客户来源", "Source"),
    "decoration_company": Header("家装公司", "Decoration company"),
    "designer": Header("家装设计师", "Designer"),
    "designer_phone": Header("家装设计师电话", "Designer's phone"),
    "outlet": Header("报备网点", "Outlet"),
    "filer": Header("报备人", "Filer"),
    "member_card": Header("会员卡号", "Member card"),
    "estimated_amount": Header("预估金额", "Estimated amount"),
    "referrer_name": Header("推荐客户姓名", "Referring customer"),
    "referrer_mobile": Header("推荐客户手机号", "Referring customer's mobile"),
    "referrer_card": Header("推荐客户会员卡号", "Referring customer's card"),
    "referring_employee": Header("内部员工推荐", "Referring employee"),
    "follow_up_status": Header("客户跟进状态", "Follow-up status"),
    "next_follow_up_on": Header("下次跟进时间", "Next follow-up"),
    "budget_note": Header("客户预算描述", "Budget description"),
}
NEEDED = ("name", "community", "source")
NUMBERS = ("mobile", "phone", "designer_phone", "member_card", "referrer_mobile", "referrer_card")
REASON = Header("原因", "Reason")

EXPORTED: Mapping[str, Header] = {
    "number": Header("编号", "Number"),
    "audit_status": Header("审核状态", "Audit status"),
    "progress": Header("报备进度", "Filing progress"),
    "name": IMPORTED["name"],
    "mobile": IMPORTED["mobile"],
    "phone": IMPORTED["phone"],
    "order_type": IMPORTED["order_type"],
    "city": IMPORTED["city"],
    "community": IMPORTED["community"],
    "building_room": IMPORTED["building_room"],
    "source": IMPORTED["source"],
    "decoration_company": IMPORTED["decoration_company"],
    "designer": IMPORTED["designer"],
    "outlet": IMPORTED["outlet"],
    "filer": IMPORTED["filer"],
    "filed_at": Header("报备时间", "Filed at"),
    "last_followed_up_at": Header("最后跟进时间", "Last follow-up"),
    "follow_up_status": Header("跟进状态", "Follow-up status"),
    "last_follow_up_content": Header("最后跟踪内容", "Last follow-up content"),
}

BY_HEADER = {fold(text): field for field, header in IMPORTED.items() for text in header}
REASONS = {fold(text) for text in REASON}


def field_of(header: str) -> str:
    """The field a header names in either language; "reason" for the column that is ignored, "" for an unknown one."""
    folded = fold(header)
    return "reason" if folded in REASONS else BY_HEADER.get(folded, "")
