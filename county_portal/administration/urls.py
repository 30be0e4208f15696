"""URLs of administration."""

from django.urls import path

from county_portal.administration.views import handover, people, sign_ins

app_name = "administration"
urlpatterns = [
    path("people/export/", people.export, name="people_export"),
    path("people/template/", people.template, name="people_template"),
    path("people/upload/", people.upload, name="people_upload"),
    path("people/confirm/", people.confirm, name="people_confirm"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/edit/", people.edit, name="person_edit"),
    path("people/<uuid:public_id>/handover/", handover.handover, name="handover"),
    path("sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("sign-ins/export/", sign_ins.export, name="sign_ins_export"),
    path("sign-ins/own/", sign_ins.own, name="own_sign_ins"),
]
