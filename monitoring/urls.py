"""URLs of monitoring."""

from django.urls import path

from monitoring.views import county, listing, method, overview, warning

app_name = "monitoring"
urlpatterns = [
    path("", listing.warnings, name="warnings"),
    path("warnings.xlsx", listing.warnings_xlsx, name="warnings_xlsx"),
    path("overview/", overview.overview, name="overview"),
    path("watch/", overview.watch_now, name="watch"),
    path("method/", method.method, name="method"),
    path("counties/<uuid:public_id>/", county.county, name="county"),
    path("<uuid:public_id>/", warning.warning, name="warning"),
    path("<uuid:public_id>/answer/", warning.answer, name="answer"),
    path("<uuid:public_id>/follow/", warning.follow, name="follow"),
]
