"""Robustness of a run and the review of boundary cases."""

from django.urls import path

from scoring.views import robustness

_STUDY = "scoring/runs/<uuid:public_id>/robustness/"
_COUNTY = f"{_STUDY}counties/<uuid:region_id>/"

urlpatterns = [
    path(_STUDY, robustness.study, name="robustness"),
    path(f"{_STUDY}start/", robustness.start, name="robustness_start"),
    path(f"{_STUDY}progress/", robustness.progress, name="robustness_progress"),
    path(f"{_STUDY}report.json", robustness.report, name="robustness_report"),
    path(_COUNTY, robustness.county, name="robustness_county"),
    path(f"{_COUNTY}review/", robustness.review, name="robustness_review"),
]
