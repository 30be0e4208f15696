"""Rounds 申报批次, and where everybody of the offices begins."""

from django.urls import path

from applications.views import home, rounds

urlpatterns = [
    path("applications/", home.home, name="home"),
    path("applications/rounds/", rounds.rounds, name="rounds"),
    path("applications/rounds/<uuid:public_id>/", rounds.detail, name="round"),
]
