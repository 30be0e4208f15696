"""Hints for reviewers."""

from django.urls import path

from scoring.views import watch

urlpatterns = [
    path("scoring/watch/", watch.collections, name="watch"),
    path("scoring/watch/<uuid:public_id>/", watch.hints, name="watch_hints"),
]
