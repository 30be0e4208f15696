"""Pages of experts."""

from django.urls import path

from applications.views import experts

_SHEET = "applications/panel/<uuid:public_id>"

urlpatterns = [
    path("applications/panel/", experts.panel, name="panel"),
    path(f"{_SHEET}/", experts.sheet, name="panel_sheet"),
    path(f"{_SHEET}/files/<slug:digest>/", experts.material, name="panel_file"),
]
