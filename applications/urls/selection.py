"""How the province chooses."""

from django.urls import path

from applications.views import selection

_ROUND = "applications/rounds/<uuid:public_id>"

urlpatterns = [
    path(f"{_ROUND}/selection/", selection.selection, name="selection"),
    path(f"{_ROUND}/selection/export/", selection.export, name="selection_export"),
]
