"""URLs of landing pages, inbox, audit and health."""

from django.urls import path

from county_portal.home import health, views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("inbox/", views.inbox, name="inbox"),
    path("audit/", views.audit, name="audit"),
    path("audit/export/", views.audit_export, name="audit_export"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("version", health.version, name="version"),
]
