"""An application as its county works on it."""

from django.urls import path

from applications.views import county, document, moves, rows, table, table_saving

urlpatterns = [
    path("applications/rounds/<uuid:public_id>/begin/", county.begin, name="begin"),
    path("applications/<uuid:public_id>/", county.application, name="application"),
    path("applications/<uuid:public_id>/to/<str:section>/", county.section, name="section"),
    path("applications/<uuid:public_id>/document/", document.document, name="document"),
    path(
        "applications/<uuid:public_id>/document/edit/",
        document.document_edit,
        name="document_edit",
    ),
    path(
        "applications/<uuid:public_id>/document/file/",
        document.document_file,
        name="document_file",
    ),
    path(
        "applications/<uuid:public_id>/approval/file/",
        document.approval_file,
        name="approval_file",
    ),
    path("applications/<uuid:public_id>/finish/", moves.finish, name="finish"),
    path("applications/<uuid:public_id>/resume/", moves.resume, name="resume"),
    path("applications/<uuid:public_id>/approval/", moves.approve, name="approve_county"),
    path("applications/<uuid:public_id>/submit/", moves.submit, name="submit"),
    path("applications/<uuid:public_id>/recall/", moves.recall, name="recall"),
    path("applications/<uuid:public_id>/table/", table.table, name="table"),
    path("applications/<uuid:public_id>/table/edit/", table.table_edit, name="table_edit"),
    path("applications/<uuid:public_id>/table/rows/", table_saving.rows_save, name="rows_save"),
    path("applications/<uuid:public_id>/table/fill/", table.table_fill, name="table_fill"),
    path("applications/<uuid:public_id>/table/own/", rows.own_row_add, name="own_row_add"),
    path(
        "applications/own-rows/<uuid:public_id>/",
        rows.own_row,
        name="own_row",
    ),
    path(
        "applications/own-rows/<uuid:public_id>/remove/",
        rows.own_row_remove,
        name="own_row_remove",
    ),
    path(
        "applications/<uuid:public_id>/table/<int:order>/evidence/",
        rows.row_evidence,
        name="row_evidence",
    ),
    path(
        "applications/evidence/<uuid:public_id>/remove/",
        rows.row_evidence_remove,
        name="row_evidence_remove",
    ),
    path(
        "applications/evidence/<uuid:public_id>/file/",
        rows.row_evidence_file,
        name="row_evidence_file",
    ),
]
