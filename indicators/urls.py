"""URLs of indicators."""

from django.urls import path

from indicators.views import (
    approval,
    cells,
    checks,
    city,
    comments,
    county,
    drawing_up,
    duties,
    evidence,
    facts,
    files,
    heat,
    labour,
    monthly,
    openings,
    provider,
    province,
    reminders,
    returns,
    shared,
    versions,
    workbooks,
)

app_name = "indicators"

_SUBMISSION = "submissions/<uuid:public_id>/"
_COLLECTION = "collections/<uuid:public_id>/"
_MONTHLY = "monthly/<uuid:public_id>/"

urlpatterns = [
    path("submissions/", shared.submissions, name="submissions"),
    path(_SUBMISSION, shared.submission, name="submission"),
    path(f"{_SUBMISSION}review/", shared.review, name="review"),
    path("evidence/<uuid:public_id>/file/", files.evidence_file, name="evidence_file"),
    # county
    path(f"{_SUBMISSION}fill/", county.fill, name="fill"),
    path(f"{_SUBMISSION}submit/", county.submit, name="submit"),
    path(f"{_SUBMISSION}recall/", county.recall, name="recall"),
    path(f"{_SUBMISSION}evidence/<slug:code>/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:public_id>/remove/", evidence.evidence_remove, name="evidence_remove"),
    # form
    path(f"{_SUBMISSION}cells/<slug:code>/", cells.cell_save, name="cell_save"),
    path(f"{_SUBMISSION}cells/<slug:code>/panel/", cells.cell_panel, name="cell_panel"),
    # labour
    path(f"{_SUBMISSION}division/", labour.division, name="division"),
    path(f"{_SUBMISSION}division/default/", labour.division_default, name="division_default"),
    path(f"{_SUBMISSION}division/urge/", labour.division_urge, name="division_urge"),
    path("duties/", duties.duties, name="duties"),
    path("duties/<uuid:public_id>/", duties.duty_table, name="duty_table"),
    path("duties/<uuid:public_id>/keep/", duties.duty_keep, name="duty_keep"),
    path("evidence/<uuid:public_id>/edit/", evidence.evidence_edit, name="evidence_edit"),
    path(f"{_SUBMISSION}approval/", approval.approval, name="approval"),
    path(f"{_SUBMISSION}approval/file/", files.approval_file, name="approval_file"),
    path(f"{_SUBMISSION}approval/inline/", files.approval_inline, name="approval_inline"),
    path(f"{_SUBMISSION}approval/preview/", files.approval_preview, name="approval_preview"),
    path("evidence/<uuid:public_id>/preview/", files.evidence_preview, name="evidence_preview"),
    path("evidence/<uuid:public_id>/inline/", files.evidence_inline, name="evidence_inline"),
    path("provide/", provider.provided_sheets, name="provided_sheets"),
    path("provide/<uuid:public_id>/", provider.provide, name="provide"),
    path("provide/<uuid:public_id>/sign/", provider.provide_sign, name="provide_sign"),
    # city
    path(f"{_SUBMISSION}accept/", city.accept, name="accept"),
    path(f"{_SUBMISSION}approve/", city.approve, name="approve"),
    path(f"{_SUBMISSION}return/", city.give_back, name="return"),
    # province
    path(f"{_SUBMISSION}receive/", province.receive, name="receive"),
    path(f"{_SUBMISSION}send-back/", province.send_back, name="send_back"),
    path(f"{_SUBMISSION}reopen/", province.reopen, name="reopen"),
    path(f"{_SUBMISSION}extend/", openings.extend, name="extend"),
    path("collections/", province.collections, name="collections"),
    path("collections/new/", drawing_up.collection_create, name="collection_create"),
    path(_COLLECTION, province.collection, name="collection"),
    path(f"{_COLLECTION}edit/", drawing_up.collection_edit, name="collection_edit"),
    path(f"{_COLLECTION}discard/", drawing_up.collection_discard, name="collection_discard"),
    path(f"{_COLLECTION}postpone/", openings.postpone, name="collection_postpone"),
    path(f"{_COLLECTION}open/", province.collection_open, name="collection_open"),
    path(f"{_COLLECTION}close/", province.collection_close, name="collection_close"),
    path(f"{_COLLECTION}reopen/", province.collection_reopen, name="collection_reopen"),
    path(f"{_COLLECTION}receive/", province.receive_many, name="receive_many"),
    # notices
    path(f"{_SUBMISSION}late-opening/", openings.late_opening, name="late_opening"),
    path(
        f"{_SUBMISSION}late-opening/close/", openings.late_opening_close, name="late_opening_close"
    ),
    path(f"{_COLLECTION}late-openings/", openings.late_openings, name="late_openings"),
    # excel
    path(f"{_SUBMISSION}workbook/", workbooks.workbook, name="workbook"),
    path(f"{_SUBMISSION}workbook/upload/", workbooks.workbook_upload, name="workbook_upload"),
    path("workbooks/<uuid:public_id>/", workbooks.workbook_preview, name="workbook_preview"),
    path(
        "workbooks/<uuid:public_id>/confirm/", workbooks.workbook_confirm, name="workbook_confirm"
    ),
    path(
        "workbooks/<uuid:public_id>/discard/", workbooks.workbook_discard, name="workbook_discard"
    ),
    path("workbooks/<uuid:public_id>/file/", workbooks.workbook_file, name="workbook_file"),
    path(f"{_COLLECTION}timetable/", reminders.timetable, name="timetable"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/new/", monthly.monthly_new, name="monthly_new"),
    path(_MONTHLY, monthly.monthly_fill, name="monthly_fill"),
    path(f"{_MONTHLY}overview/", monthly.monthly_overview, name="monthly_overview"),
    path(f"{_MONTHLY}overview.xlsx", monthly.monthly_export, name="monthly_export"),
    path(f"{_MONTHLY}counties/<uuid:region>/", monthly.monthly_county, name="monthly_county"),
    # facts
    path("facts/", facts.facts, name="facts"),
    path(f"{_SUBMISSION}facts/", facts.ledger, name="ledger"),
    path(f"{_SUBMISSION}facts/adopt/", facts.adopt, name="facts_adopt"),
    path(f"{_SUBMISSION}facts/explain/", facts.explain, name="facts_explain"),
    path(f"{_SUBMISSION}facts/reconcile/", facts.reconcile, name="facts_reconcile"),
    path(f"{_SUBMISSION}findings/", checks.findings, name="findings"),
    path(f"{_SUBMISSION}findings/explain/", checks.explain, name="finding_explain"),
    path(f"{_SUBMISSION}findings/withdraw/", checks.withdraw, name="finding_withdraw"),
    path("checks/", checks.newest, name="checks_newest"),
    path("checks/<uuid:public_id>/", checks.rules, name="checks"),
    path("checks/rules/<uuid:public_id>/", checks.rule, name="check_rule"),
    # city: heat, returns, comments, versions
    path(f"{_COLLECTION}heat/", heat.heat, name="heat"),
    path("submissions/batch/", city.batch, name="batch"),
    path("returns/", returns.reasons, name="return_reasons"),
    path("returns/items/<uuid:public_id>/answer/", returns.answer, name="return_answer"),
    path(f"{_SUBMISSION}comments/<slug:code>/", comments.comment, name="comment"),
    path("comments/<uuid:public_id>/settle/", comments.comment_settle, name="comment_settle"),
    path("comments/<uuid:public_id>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path(f"{_SUBMISSION}versions/", versions.versions, name="versions"),
    path(f"{_SUBMISSION}compare/", versions.compare, name="compare"),
]
