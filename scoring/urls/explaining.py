"""One line of a result explained; the four statuses; pages as of a date; agreed scores of panels."""

from django.urls import path

from scoring.views import explaining

_OWN = "scoring/results/<uuid:public_id>/<uuid:region_id>/"

urlpatterns = [
    path(_OWN, explaining.own_result, name="own_result"),
]
