from django.urls import path, register_converter
from django.urls.converters import StringConverter

from leads.views import (
    detail,
    drafts,
    filing,
    holding,
    imports,
    lists,
    measure,
    papers,
    protections,
    replaying,
    store,
    work,
)


class Number(StringConverter):
    """A lead's number; anything else is no address, and never asks the database."""

    regex = r"[\w-]{1,24}"


register_converter(Number, "number")

app_name = "leads"
urlpatterns = [
    path("leads/", lists.lead_list, name="list"),
    path("leads/new/", filing.lead_create, name="new"),
    path("leads/check/", filing.lead_check, name="check"),
    path("leads/designer-phone/", filing.designer_phone, name="designer_phone"),
    path("leads/drafts/", drafts.draft_list, name="drafts"),
    path("leads/drafts/<int:draft_id>/delete/", drafts.draft_delete, name="draft_delete"),
    path("leads/drafts/undo/", drafts.draft_undo, name="draft_undo"),
    path("leads/import/", imports.import_upload, name="import"),
    path("leads/import/template/", imports.import_template, name="import_template"),
    path("leads/import/<int:job_id>/", imports.import_job, name="import_job"),
    path("leads/import/<int:job_id>/faulty/", imports.import_faulty, name="import_faulty"),
    path("leads/protections/", protections.protection_list, name="protections"),
    path("leads/<number:number>/", detail.lead_detail, name="detail"),
    path("leads/<number:number>/reveal/", detail.lead_reveal, name="reveal"),
    path("leads/<number:number>/edit/", filing.lead_edit, name="edit"),
    path("leads/<number:number>/delete/", filing.lead_delete, name="delete"),
    path("leads/<number:number>/follow-ups/", work.follow_ups, name="follow_ups"),
    path("leads/<number:number>/assign/", work.lead_assign, name="assign"),
    path("leads/<number:number>/assign/<int:assignment_id>/take-back/", work.take_back, name="take_back"),
    path("leads/<number:number>/assign/<int:assignment_id>/reverse/", work.reverse_deposit, name="reverse"),
    path("leads/<number:number>/measure/", work.lead_measure, name="measure"),
    path("leads/<number:number>/extend/", holding.lead_extend, name="extend"),
    path("leads/<number:number>/release/", holding.lead_release, name="release"),
    path("leads/<number:number>/void/", holding.lead_void, name="void"),
    path("leads/<number:number>/visit/", holding.lead_visit, name="visit"),
    path("leads/<number:number>/won/", holding.lead_won, name="won"),
    path("leads/<number:number>/papers/", papers.lead_papers, name="papers"),
    path("leads/<number:number>/papers/<int:paper_id>/", papers.paper_photo, name="paper"),
    path("leads/<number:number>/papers/<int:paper_id>/delete/", papers.paper_remove, name="paper_remove"),
    path("policies/<int:version_id>/replay/", replaying.replay_policy, name="replay_policy"),
    path("store/", store.store_list, name="store"),
    path("store/<int:assignment_id>/", store.store_case, name="store_case"),
    path("store/<int:assignment_id>/correct/", store.store_correct, name="correct"),
    path("store/<int:assignment_id>/deposit/", store.store_deposit, name="deposit"),
    path("store/<int:assignment_id>/receipt/", store.store_receipt, name="receipt"),
    path("measure/", measure.measurement_list, name="measurements"),
    path("measure/<int:measurement_id>/", measure.measurement_report, name="measurement"),
]
