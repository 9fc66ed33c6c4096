"""What an administrator may change without code; one module per noun."""

from policies.models.dictionaries import (
    EXTRA_FIELDS,
    Community,
    CommunityName,
    CompanyDesigner,
    DecorationCompany,
    Need,
    OrderType,
    Source,
)
from policies.models.kinds import KIND_FIELDS, PAPERS, CustomerKind, FieldNeed, FilingKind, Kind
from policies.models.matching import Evidence, Firmness, MatchRule
from policies.models.policies import Policy, PolicyVersion
from policies.models.quotas import Quota, QuotaScope
from policies.models.settings import FilingSettings, Scope, Strictness

__all__ = [
    "EXTRA_FIELDS",
    "KIND_FIELDS",
    "PAPERS",
    "Community",
    "CommunityName",
    "CompanyDesigner",
    "CustomerKind",
    "DecorationCompany",
    "Evidence",
    "FieldNeed",
    "FilingKind",
    "FilingSettings",
    "Firmness",
    "Kind",
    "MatchRule",
    "Need",
    "OrderType",
    "Policy",
    "PolicyVersion",
    "Quota",
    "QuotaScope",
    "Scope",
    "Source",
    "Strictness",
]
