"""How the province chooses."""

from django.urls import path

from applications.views import deciding, experts, figures, formal, layout, notice, selection

_ROUND = "applications/rounds/<uuid:public_id>"
_LIST = "applications/lists/<uuid:public_id>"
_OBJECTION = "applications/objections/<uuid:public_id>"
_CANDIDATE = "applications/candidates/<uuid:public_id>"

urlpatterns = [
    path(f"{_ROUND}/selection/", selection.selection, name="selection"),
    path(f"{_ROUND}/selection/export/", selection.export, name="selection_export"),
    path(f"{_ROUND}/selection/figures/", figures.figures, name="selection_figures"),
    path(f"{_ROUND}/panel/", experts.setup, name="panel_setup"),
    path(f"{_ROUND}/panel/criteria/", experts.criteria, name="panel_criteria"),
    path(f"{_ROUND}/panel/assign/", experts.assign, name="panel_assign"),
    path(f"{_CANDIDATE}/", formal.candidate, name="candidate"),
    path(f"{_CANDIDATE}/check/", formal.check, name="formal_check"),
    path(f"{_CANDIDATE}/correction/", formal.correction, name="correction"),
    path(f"{_ROUND}/layout/", layout.layout, name="layout"),
    path(f"{_ROUND}/layout/compare/", layout.compare, name="layout_compare"),
    path(f"{_ROUND}/layout/discard/", layout.discard, name="layout_discard"),
    path(f"{_ROUND}/list/", deciding.pilot_list, name="pilot_list"),
    path(f"{_ROUND}/list/draft/", deciding.draft, name="list_draft"),
    path(f"{_LIST}/notice/", deciding.notice, name="list_notice"),
    path(f"{_LIST}/withdraw/", deciding.withdraw, name="list_withdraw"),
    path(f"{_LIST}/publish/", deciding.publish, name="list_publish"),
    path(f"{_LIST}/objections/new/", deciding.objection_new, name="objection_new"),
    path(f"{_OBJECTION}/", deciding.objection, name="objection"),
    path(f"{_OBJECTION}/file/", deciding.objection_file, name="objection_file"),
    path("programme/notices/<uuid:public_id>/", notice.notice, name="public_notice"),
]
