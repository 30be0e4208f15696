"""How the province chooses."""

from django.urls import path

from applications.views import experts, formal, selection

_ROUND = "applications/rounds/<uuid:public_id>"
_CANDIDATE = "applications/candidates/<uuid:public_id>"

urlpatterns = [
    path(f"{_ROUND}/selection/", selection.selection, name="selection"),
    path(f"{_ROUND}/selection/export/", selection.export, name="selection_export"),
    path(f"{_ROUND}/panel/", experts.setup, name="panel_setup"),
    path(f"{_ROUND}/panel/criteria/", experts.criteria, name="panel_criteria"),
    path(f"{_ROUND}/panel/assign/", experts.assign, name="panel_assign"),
    path(f"{_CANDIDATE}/", formal.candidate, name="candidate"),
    path(f"{_CANDIDATE}/check/", formal.check, name="formal_check"),
    path(f"{_CANDIDATE}/correction/", formal.correction, name="correction"),
]
