"""Rounds 申报批次, and where everybody of the offices begins."""

from django.urls import path

from applications.views import exceptions, home, rounds

urlpatterns = [
    path("applications/", home.home, name="home"),
    path("applications/rounds/", rounds.rounds, name="rounds"),
    path("applications/rounds/new/", rounds.round_create, name="round_create"),
    path("applications/rounds/<uuid:public_id>/", rounds.detail, name="round"),
    path("applications/rounds/<uuid:public_id>/edit/", rounds.round_edit, name="round_edit"),
    path("applications/rounds/<uuid:public_id>/open/", rounds.round_open, name="round_open"),
    path("applications/rounds/<uuid:public_id>/close/", rounds.round_close, name="round_close"),
    path(
        "applications/rounds/<uuid:public_id>/discard/", rounds.round_discard, name="round_discard"
    ),
    path(
        "applications/rounds/<uuid:public_id>/postpone/", exceptions.postpone, name="round_postpone"
    ),
    path("applications/rounds/<uuid:public_id>/basis/", rounds.round_basis, name="round_basis"),
    path(
        "applications/rounds/<uuid:public_id>/places/<uuid:office_id>/",
        exceptions.quota,
        name="round_quota",
    ),
    path("applications/<uuid:public_id>/extend/", exceptions.extend, name="extend"),
]
