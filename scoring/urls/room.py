"""The grading room: a run beside another, spread, and what it was graded without."""

from django.urls import path

from scoring.views import room

_RUN = "scoring/runs/<uuid:public_id>/"

urlpatterns = [
    path("scoring/room/", room.room, name="room"),
    path(f"{_RUN}compare/", room.compare, name="compare"),
    path(f"{_RUN}compare/comparison.xlsx", room.compare_workbook, name="compare_workbook"),
    path(f"{_RUN}compare/<uuid:region_id>/", room.change, name="change"),
    path(f"{_RUN}moves/", room.moves, name="moves"),
    path(f"{_RUN}spread/", room.spread, name="spread"),
    path(f"{_RUN}gaps/", room.gaps, name="gaps"),
    path(f"{_RUN}gaps/gaps.xlsx", room.gaps_file, name="gaps_file"),
]
