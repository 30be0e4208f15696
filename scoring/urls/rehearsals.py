"""Trying a scheme on past years' frozen data."""

from django.urls import path

from scoring.views import rehearsals

_ONE = "scoring/rehearsals/<uuid:public_id>/"

urlpatterns = [
    path("scoring/rehearsals/", rehearsals.rehearsals, name="rehearsals"),
    path(_ONE, rehearsals.rehearsal, name="rehearsal"),
    path(f"{_ONE}progress/", rehearsals.progress, name="rehearsal_progress"),
    path(f"{_ONE}rehearsal.xlsx", rehearsals.workbook, name="rehearsal_workbook"),
]
