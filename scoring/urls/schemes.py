"""Editing schemes: versions, indicators, golden cases, import and export."""

from django.urls import path

from scoring.views import scheme_cases, scheme_editing, scheme_files, schemes

_SCHEME = "scoring/schemes/<uuid:public_id>/"
_INDICATOR = f"{_SCHEME}indicators/<int:position>/"

urlpatterns = [
    path("scoring/schemes/", schemes.schemes, name="schemes"),
    path(_SCHEME, schemes.scheme, name="scheme"),
    path(f"{_SCHEME}compare/<uuid:other_id>/", schemes.compare, name="scheme_compare"),
    path(f"{_SCHEME}begin/", schemes.begin, name="scheme_begin"),
    path(f"{_SCHEME}test/", schemes.test, name="scheme_test"),
    path(f"{_SCHEME}lock/", schemes.lock, name="scheme_lock"),
    path(f"{_SCHEME}discard/", schemes.discard, name="scheme_discard"),
    path(f"{_SCHEME}general/", scheme_editing.general, name="scheme_general"),
    path(f"{_SCHEME}indicators/add/", scheme_editing.add, name="scheme_add"),
    path(_INDICATOR, scheme_editing.indicator, name="scheme_indicator"),
    path(f"{_INDICATOR}rule/", scheme_editing.rule, name="scheme_rule"),
    path(f"{_INDICATOR}move/", scheme_editing.move, name="scheme_move"),
    path(f"{_INDICATOR}remove/", scheme_editing.remove, name="scheme_remove"),
    path(f"{_SCHEME}cases/", scheme_cases.cases, name="scheme_cases"),
    path(f"{_SCHEME}cases/add/", scheme_cases.case_add, name="scheme_case_add"),
    path(
        f"{_SCHEME}cases/<uuid:case_id>/remove/",
        scheme_cases.case_remove,
        name="scheme_case_remove",
    ),
    path(f"{_SCHEME}scheme.xlsx", scheme_files.workbook, name="scheme_workbook"),
    path(f"{_SCHEME}scheme.json", scheme_files.document, name="scheme_json"),
    path(f"{_SCHEME}import/", scheme_files.import_file, name="scheme_import"),
]
