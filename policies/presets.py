"""Ready-made policies, as they were found in the companies' own texts (RULE-2, `policies.md`).

Names and descriptions are content in the site's language, edited by the administrator once they are loaded. What a text
does not say stays at the default. What of a text is no setting yet is listed in decision 13.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from policies.models import CustomerKind
from policies.terms import Conditions, Contest, Term, Terms, Unit


@dataclass(frozen=True)
class Preset:
    """One policy: what it is called, where it fits, and its settings."""

    name: str
    line: str
    terms: Terms


FURNISHING = Preset(
    "家居零售报备",
    "到店客户自报备起保护 7 天，付定后 90 天；过期后其他人可报备。",
    Terms(required=("mobile", "community"), term=Term(7), deposit_term=Term(90)),
)
PROJECT = Preset(
    "项目报备",
    "资料完整方可报备，7 个工作日内核实；审批通过起保护 3 个月，届满前 20 天可凭最新信息申请延期。",
    Terms(
        required=(
            "contact_name",
            "project_name",
            "project_site",
            "estimated_amount",
            "expected_unit_price",
            "expected_signing_on",
            "contact_feedback",
        ),
        needs_approval=True,
        decide_within=Term(7, Unit.WORKING_DAY.value),
        contest=Contest.EVIDENCE.value,
        term=Term(3, Unit.MONTH.value),
        extensions=1,
        extension_term=Term(3, Unit.MONTH.value),
        extension_days_before=20,
        extension_needs_news=True,
        void_ban=Term(3, Unit.MONTH.value),
    ),
)
QUEUE = Preset(
    "月度报备（可排队）",
    "保护 1 个月，遇节假日顺延；可排队 1 人，到期次日接手；可延续一次，有人排队时为 15 天。",
    Terms(
        required=("name", "mobile", "project_name"),
        needs_approval=True,
        decide_within=Term(1, Unit.HOUR.value),
        tells_from=True,
        term=Term(1, Unit.MONTH.value),
        past_holidays=True,
        extensions=1,
        extension_term=Term(1, Unit.MONTH.value),
        extension_term_waiting=Term(15),
        queue=1,
        promoted_term=Term(1, Unit.MONTH.value),
        promoted_extensions=0,
    ),
)
TWO_MONTHS = Preset(
    "两个月报备",
    "保护 2 个月，到期前须申请延续，逾期视为放弃。",
    Terms(
        required=("name", "mobile", "project_name"),
        term=Term(2, Unit.MONTH.value),
        extensions=1,
        extension_term=Term(2, Unit.MONTH.value),
    ),
)
ESTATE_AGENT = Preset(
    "房产分销报备",
    "到访前报备姓名、性别和号码前 4 后 5 位，保护 7 天，至少每 5 天跟进一次；到访确认后 30 天。",
    Terms(
        required=("name", "gender", "mobile", "visit_planned_at"),
        minutes_ahead=1,
        mask_holds=True,
        term=Term(7),
        contact_every=Term(5),
        visit_term=Term(30),
    ),
)
DECORATION_PARTNER = Preset(
    "家装合作报备",
    "设计师带客户到展厅前至少 1 小时报备，号码中间四位可隐藏。",
    Terms(
        required=("name", "mobile", "community", "floor_area", "style", "signed_elsewhere", "help_wanted"),
        minutes_ahead=60,
    ),
)
PRE_VISIT = Preset(
    "拜访报备",
    "拜访前一天报备，区域经理审批后方可拜访。",
    Terms(
        required=("name", "contact_name", "mobile", "visit_planned_at", "visit_purpose"),
        days_ahead=1,
        needs_approval=True,
    ),
)
CRM_PERSON = Preset(
    "客户公海（个人客户）",
    "保护 30 天，每人持有客户数有上限，3 天未跟进提醒；未成交的到期退回公海。",
    Terms(
        when=Conditions(customer_kinds=(CustomerKind.PERSON.value,)),
        required=("name",),
        hold_limit=50,
        term=Term(30),
        remind_idle=Term(3),
    ),
)
CRM_COMPANY = Preset(
    "客户公海（企业客户）",
    "保护 180 天，每人持有客户数有上限，3 天未跟进提醒；未成交的到期退回公海。",
    Terms(
        when=Conditions(customer_kinds=(CustomerKind.COMPANY.value,)),
        required=("name",),
        hold_limit=50,
        term=Term(180),
        remind_idle=Term(3),
    ),
)
CONTRACT = Preset(
    "签约备案",
    "合同签订后 5 个工作日内报备客户、项目和合同信息，由管理部门核实归档。",
    Terms(
        required=(
            "legal_representative",
            "registered_address",
            "project_name",
            "project_site",
            "project_scale",
            "project_progress",
            "product",
            "quantity",
            "contract_name",
            "contract_signed_on",
            "estimated_amount",
            "contract_term",
        ),
        signed_within=Term(5, Unit.WORKING_DAY.value),
        needs_approval=True,
    ),
)
TWO_STEP_PERSON = Preset(
    "两级审核报备（个人客户）",
    "达成购买意向后报备并附身份证复印件，部门审核后由销售管理部门复审。",
    Terms(
        when=Conditions(customer_kinds=(CustomerKind.PERSON.value,)),
        required=("id_card_copy",),
        needs_approval=True,
    ),
)
TWO_STEP_COMPANY = Preset(
    "两级审核报备（单位客户）",
    "达成购买意向后报备并附营业执照副本和法定代表人身份证复印件，部门审核后由销售管理部门复审。",
    Terms(
        when=Conditions(customer_kinds=(CustomerKind.COMPANY.value,)),
        required=("licence_copy", "legal_id_copy"),
        needs_approval=True,
    ),
)
TERRITORY = Preset(
    "属地优先报备",
    "新客户、新项目和新的采购需求须报备并经上级审批；属地优先，跨区域须有充分理由。",
    Terms(required=("customer_category", "product", "project_progress"), needs_approval=True),
)


def opening(day: date) -> Preset:
    """The days before an opening and after it. What begins by the day of the opening is held through it."""
    return Preset(
        "开盘报备",
        "到访前一天报备，当天不受理；开盘前的报备有效至开盘当日，开盘次日起有效 7 天。",
        Terms(required=("name", "mobile"), days_ahead=1, named_day=day, term=Term(7)),
    )


PRESETS: Mapping[str, tuple[Preset, ...]] = {
    "furnishing": (FURNISHING,),
    "project": (PROJECT,),
    "queue": (QUEUE,),
    "two-months": (TWO_MONTHS,),
    "estate-agent": (ESTATE_AGENT,),
    "decoration-partner": (DECORATION_PARTNER,),
    "pre-visit": (PRE_VISIT,),
    "crm": (CRM_PERSON, CRM_COMPANY),
    "contract": (CONTRACT,),
    "two-step": (TWO_STEP_PERSON, TWO_STEP_COMPANY),
    "territory": (TERRITORY,),
}
DATED: Mapping[str, Callable[[date], Preset]] = {"opening": opening}
"""The presets that stand on a day of their own."""
NAMES = (*PRESETS, *DATED)


def preset(name: str, day: date | None = None) -> tuple[Preset, ...]:
    """The policies of a preset. Raises `KeyError` on an unknown name, `ValueError` where it needs a day."""
    if name not in DATED:
        return PRESETS[name]
    if day is None:
        raise ValueError(name)
    return (DATED[name](day),)
