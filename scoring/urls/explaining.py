"""One line of a result explained; the four statuses; pages as of a date; agreed scores of panels."""

from django.urls import path

from scoring.views import explaining, panel

_RUN = "scoring/runs/<uuid:public_id>/"
_PANEL = "scoring/panel/<uuid:public_id>/<slug:code>/"
_OWN = "scoring/results/<uuid:public_id>/<uuid:region_id>/"

urlpatterns = [
    path(_OWN, explaining.own_result, name="own_result"),
    path(f"{_OWN}statuses/", explaining.own_statuses, name="own_statuses"),
    path(f"{_RUN}counties/<uuid:region_id>/statuses/", explaining.statuses, name="statuses"),
    path("scoring/panels/", panel.panels, name="panels"),
    path(f"{_PANEL}spread/", panel.spread, name="panel_spread"),
    path(f"{_PANEL}agree/", panel.agree, name="panel_agree"),
    path(f"{_RUN}differences/", explaining.differences, name="differences"),
]
