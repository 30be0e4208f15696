"""Pilots, their term, targets, tasks and townships."""

from django.urls import path

from applications.views import pilot_changes, pilot_offices, pilots, townships

urlpatterns = [
    path("pilots/", pilots.pilots, name="pilots"),
    path("pilots/list.xlsx", pilots.pilots_xlsx, name="pilots_xlsx"),
    path("pilots/townships/", townships.townships, name="townships"),
    path("pilots/<uuid:public_id>/", pilots.pilot, name="pilot"),
    path("pilots/<uuid:public_id>/term/<slug:act>/", pilots.term, name="pilot_term"),
    path("pilots/<uuid:public_id>/offices/", pilot_offices.hand_over, name="pilot_offices"),
    path("pilots/<uuid:public_id>/change/", pilot_changes.ask, name="target_change_ask"),
    path("pilots/changes/<uuid:public_id>/", pilot_changes.change, name="target_change"),
    path(
        "pilots/changes/<uuid:public_id>/decide/",
        pilot_changes.decide,
        name="target_change_decide",
    ),
    path(
        "pilots/changes/<uuid:public_id>/take-back/",
        pilot_changes.take_back,
        name="target_change_take_back",
    ),
    path(
        "pilots/changes/<uuid:public_id>/file/",
        pilot_changes.change_file,
        name="target_change_file",
    ),
    path("pilots/tasks/<uuid:public_id>/", pilot_changes.task, name="pilot_task"),
]
