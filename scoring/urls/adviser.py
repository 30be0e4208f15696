"""The county: how far to the next class, and what-if scenarios."""

from django.urls import path

from scoring.views import adviser

_AHEAD = "scoring/ahead/"

urlpatterns = [
    path(_AHEAD, adviser.ahead, name="ahead"),
    path(f"{_AHEAD}results/<uuid:public_id>/", adviser.ahead_result, name="ahead_result"),
    path(f"{_AHEAD}sheets/<uuid:public_id>/", adviser.ahead_sheet, name="ahead_sheet"),
]
