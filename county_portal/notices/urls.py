"""URLs of notices."""

from django.urls import path

from county_portal.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.settings, name="settings"),
    path("<uuid:public_id>/", views.follow, name="open"),
    path("<uuid:public_id>/read/", views.read, name="read"),
]
