"""Experts, runs, lists, and what everybody may read."""

from django.urls import path

from scoring.views import lists, panel, public, runs

_PANEL = "scoring/panel/<uuid:public_id>/<slug:code>/"
_RUN = "scoring/runs/<uuid:public_id>/"
_LIST = "scoring/lists/<uuid:public_id>/"
_PUBLIC = "lists/<uuid:public_id>/"

urlpatterns = [
    # experts
    path("scoring/panel/", panel.panel, name="panel"),
    path(_PANEL, panel.sheet, name="panel_sheet"),
    # runs of the province
    path("scoring/runs/", runs.runs, name="runs"),
    path("scoring/runs/start/<uuid:public_id>/", runs.start, name="run_start"),
    path(_RUN, runs.run, name="run"),
    path(f"{_RUN}progress/", runs.progress, name="run_progress"),
    path(f"{_RUN}verify/", runs.verify, name="run_verify"),
    path(f"{_RUN}run.zip", runs.archive, name="run_archive"),
    path(f"{_RUN}results.xlsx", runs.workbook, name="run_workbook"),
    path(f"{_RUN}counties/<uuid:region_id>/", runs.result, name="result"),
    path(f"{_RUN}list/", lists.draft, name="list_draft"),
    # its lists
    path("scoring/lists/", lists.lists, name="lists"),
    path(_LIST, lists.detail, name="list"),
    path(f"{_LIST}progress/", lists.progress, name="list_progress"),
    path(f"{_LIST}consent/", lists.consent, name="list_consent"),
    path(f"{_LIST}publish/", lists.publish, name="list_publish"),
    path(f"{_LIST}withdraw/", lists.withdraw, name="list_withdraw"),
    # everybody
    path("lists/", public.lists, name="public_lists"),
    path(_PUBLIC, public.detail, name="public_list"),
    path(f"{_PUBLIC}list.pdf", public.pdf, name="public_pdf"),
    path(f"{_PUBLIC}list.docx", public.docx, name="public_docx"),
    path(f"{_PUBLIC}list.xlsx", public.xlsx, name="public_xlsx"),
]
