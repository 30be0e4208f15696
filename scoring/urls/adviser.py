"""The county: how far to the next class, and what-if scenarios."""

from django.urls import path

from scoring.views import adviser, scenarios

_AHEAD = "scoring/ahead/"
_RESULT = f"{_AHEAD}results/<uuid:public_id>/"
_SHEET = f"{_AHEAD}sheets/<uuid:public_id>/"
_SCENARIO = f"{_AHEAD}scenarios/<uuid:public_id>/"

urlpatterns = [
    path(_AHEAD, adviser.ahead, name="ahead"),
    path(_RESULT, adviser.ahead_result, name="ahead_result"),
    path(f"{_RESULT}scenarios/", scenarios.scenarios_result, name="scenarios_result"),
    path(f"{_RESULT}scenarios/new/", scenarios.scenario_on_result, name="scenario_on_result"),
    path(_SHEET, adviser.ahead_sheet, name="ahead_sheet"),
    path(f"{_SHEET}scenarios/", scenarios.scenarios_sheet, name="scenarios_sheet"),
    path(f"{_SHEET}scenarios/new/", scenarios.scenario_on_sheet, name="scenario_on_sheet"),
    path(_SCENARIO, scenarios.scenario, name="scenario"),
    path(f"{_SCENARIO}remove/", scenarios.scenario_remove, name="scenario_remove"),
]
