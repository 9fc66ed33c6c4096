"""The columns of workbooks that go in and out. Their headers are a file format, so both languages stand here together
and a file made in one language can be read in the other."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language, override

from core.text import fold
from leads.choices import CrossRegionCase, CustomerCategory, FollowUpStatus, Gender
from policies.models import CustomerKind, Kind


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
    "filing_kind": Header("报备类型", "Filing kind"),
    "customer_kind": Header("客户类型", "Kind of customer"),
    "gender": Header("性别", "Gender"),
    "contact_name": Header("联系人", "Contact"),
    "contact_post": Header("职务", "Contact's post"),
    "credit_code": Header("统一社会信用代码", "Unified social credit code"),
    "industry": Header("所属行业", "Industry"),
    "customer_category": Header("客户类别", "Customer category"),
    "first_contact_on": Header("首次接触时间", "First contact on"),
    "visit_planned_at": Header("预计到访时间", "Visit planned at"),
    "visit_purpose": Header("到访目的", "Purpose of the visit"),
    "floor_area": Header("面积", "Floor area"),
    "style": Header("风格", "Style"),
    "signed_elsewhere": Header("是否在别处签约", "Signed elsewhere"),
    "help_wanted": Header("需要的支持", "Help wanted"),
    "expected_unit_price": Header("预计签约单价", "Expected unit price"),
    "expected_signing_on": Header("预计签约时间", "Expected signing on"),
    "contact_feedback": Header("接洽反馈", "Contact feedback"),
    "special_reason": Header("特殊报备原因", "Reasons"),
    "cross_region_case": Header("跨区域情形", "Case of the cross-region filing"),
    "target_city": Header("报备区域", "Region filed into"),
    "project_name": Header("工程名称", "Project name"),
    "project_site": Header("工程地点", "Project site"),
    "contract_name": Header("合同名称", "Contract name"),
    "contract_signed_on": Header("合同签订日期", "Contract signed on"),
    "contract_term": Header("合同期限", "Term of the contract"),
    "legal_representative": Header("法定代表人", "Legal representative"),
    "registered_address": Header("注册地址", "Registered address"),
    "project_scale": Header("项目规模", "Scale of the project"),
    "project_progress": Header("项目进度", "Progress of the project"),
    "product": Header("产品名称", "Product"),
    "quantity": Header("数量", "Quantity"),
}
CHOICES: Mapping[str, Any] = {
    "follow_up_status": FollowUpStatus,
    "filing_kind": Kind,
    "customer_kind": CustomerKind,
    "gender": Gender,
    "customer_category": CustomerCategory,
    "cross_region_case": CrossRegionCase,
}
"""The columns whose words are the code's own."""
NEEDED = ("name", "community", "source")
NUMBERS = ("mobile", "phone", "designer_phone", "member_card", "referrer_mobile", "referrer_card", "credit_code")
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


def choices_by_word() -> dict[str, dict[str, str]]:
    """By field the code that a folded word stands for: the label in any language of the site, or the code itself."""
    found: dict[str, dict[str, str]] = {field: {} for field in CHOICES}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for field, choices in CHOICES.items():
                found[field] |= {fold(text): value for value, label in choices.choices for text in (value, str(label))}
    return found
