"""The roles we ship. `sync_roles` writes them to groups; afterwards they are the administrator's (ORG-3)."""

SALESPERSON = "业务员"
MANAGER = "渠道经理"
AUDITOR = "审核员"
SHOWROOM = "展厅"
DESIGNER = "设计师"
OFFICE = "数据部"
PARTNER = "合作伙伴"
EXECUTIVE = "高管"
ADMINISTRATOR = "管理员"

FILING = {
    "leads.view_lead",
    "leads.add_lead",
    "leads.change_lead",
    "leads.delete_lead",
    "leads.import_lead",
    "leads.export_lead",
    "leads.follow_up_lead",
    "leads.release_lead",
    "leads.extend_lead",
}
HOLDING = {
    "leads.decide_filing",
    "leads.decide_extension",
    "leads.void_lead",
    "leads.win_lead",
    "leads.confirm_visit",
}
DECIDING = {"leads.audit_lead", "leads.reopen_lead", "leads.view_statistics", "leads.export_statistics"}
EDITED_IN_ADMIN = [
    "accounts.user",
    "accounts.unit",
    "accounts.region",
    "accounts.grant",
    "auth.group",
    "approvals.calendarday",
    "policies.ordertype",
    "policies.source",
    "policies.decorationcompany",
    "policies.companydesigner",
    "policies.community",
    "policies.quota",
    "policies.matchrule",
    "policies.filingkind",
    "policies.fieldneed",
    "policies.filingsettings",
    "policies.policy",
    "customers.sharedkey",
]

ROLES: dict[str, set[str]] = {
    SALESPERSON: FILING,
    PARTNER: FILING,
    MANAGER: FILING
    | DECIDING - {"leads.reopen_lead"}
    | HOLDING
    | {
        "leads.scope_granted",
        "leads.file_for_others",
        "leads.assign_lead",
        "leads.dispatch_designer",
        "leads.reverse_deposit",
        "leads.reveal_lead",
    },
    AUDITOR: DECIDING | {"leads.view_lead", "leads.reveal_lead", "leads.scope_audit", "leads.watch_checks"},
    SHOWROOM: {"leads.work_store", "leads.follow_up_lead", "leads.scope_store"},
    DESIGNER: {"leads.report_measurement", "leads.scope_dispatched"},
    OFFICE: FILING
    | HOLDING
    | {
        "leads.decide_special",
        "leads.decide_cross_region",
        "leads.scope_unit",
        "leads.file_for_others",
        "leads.full_check",
        "leads.watch_checks",
        "leads.assign_lead",
        "leads.dispatch_designer",
        "leads.reveal_lead",
        "customers.merge_customer",
    },
    EXECUTIVE: {"leads.view_lead", "leads.scope_all", "leads.view_statistics"},
    ADMINISTRATOR: {
        f"{app}.{verb}_{model}"
        for app, model in (name.split(".") for name in EDITED_IN_ADMIN)
        for verb in ("view", "add", "change", "delete")
    }
    | {"notices.view_outbox"},
}
