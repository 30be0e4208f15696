"""URLs of administration."""

from django.urls import path

from county_portal.administration.views import (
    announcements,
    calendar,
    handover,
    newcomers,
    offices,
    people,
    regions,
    sign_ins,
    texts,
)

app_name = "administration"
urlpatterns = [
    path("people/export/", people.export, name="people_export"),
    path("people/template/", people.template, name="people_template"),
    path("people/upload/", people.upload, name="people_upload"),
    path("people/confirm/", newcomers.confirm, name="people_confirm"),
    path("people/slips/<uuid:public_id>/", newcomers.slips, name="slips"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/edit/", people.edit, name="person_edit"),
    path("people/<uuid:public_id>/handover/", handover.handover, name="handover"),
    path("offices/", offices.offices, name="offices"),
    path("offices/new/", offices.create, name="office_new"),
    path("offices/<uuid:public_id>/", offices.office, name="office"),
    path("offices/<uuid:public_id>/name/", offices.rename, name="office_rename"),
    path("offices/<uuid:public_id>/order/", offices.order, name="office_order"),
    path("offices/<uuid:public_id>/close/", offices.close, name="office_close"),
    path("regions/", regions.regions, name="regions"),
    path("regions/new/", regions.create, name="region_new"),
    path("regions/changes/<uuid:public_id>/withdraw/", regions.withdraw, name="region_withdraw"),
    path("regions/<uuid:public_id>/", regions.region, name="region"),
    path("regions/<uuid:public_id>/<slug:kind>/", regions.change, name="region_change"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("announcements/", announcements.announcements, name="announcements"),
    path("announcements/new/", announcements.create, name="announcement_new"),
    path("announcements/<uuid:public_id>/", announcements.announcement, name="announcement"),
    path("announcements/<uuid:public_id>/edit/", announcements.edit, name="announcement_edit"),
    path("announcements/<uuid:public_id>/files/", announcements.attach, name="announcement_attach"),
    path(
        "announcements/<uuid:public_id>/files/<uuid:file_id>/remove/",
        announcements.detach,
        name="announcement_detach",
    ),
    path(
        "announcements/<uuid:public_id>/publish/",
        announcements.publish,
        name="announcement_publish",
    ),
    path(
        "announcements/<uuid:public_id>/withdraw/",
        announcements.withdraw,
        name="announcement_withdraw",
    ),
    path("announcements/<uuid:public_id>/renew/", announcements.renew, name="announcement_renew"),
    path(
        "announcements/<uuid:public_id>/discard/",
        announcements.discard,
        name="announcement_discard",
    ),
    path("texts/", texts.texts, name="texts"),
    path("texts/<slug:name>/", texts.text, name="text"),
    path("texts/<slug:name>/restore/", texts.restore, name="text_restore"),
    path("sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("sign-ins/export/", sign_ins.export, name="sign_ins_export"),
    path("sign-ins/own/", sign_ins.own, name="own_sign_ins"),
]
