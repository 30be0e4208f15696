"""An application as its county works on it."""

from django.urls import path

from applications.views import county, document, moves

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
]
