"""The URL map."""

from django.urls import include, path

urlpatterns = [
    path("", include("county_portal.home.urls")),
    path("", include("county_portal.accounts.urls")),
    path("notices/", include("county_portal.notices.urls")),
    path("jobs/", include("county_portal.jobs.urls")),
    path("documents/", include("county_portal.documents.urls")),
    path("v/", include("county_portal.documents.verify_urls")),
    path("indicators/", include("indicators.urls")),
    path("", include("applications.urls")),
    path("", include("scoring.urls")),
    path("", include("reports.urls")),
]

handler400 = "county_portal.home.errors.bad_request"
handler403 = "county_portal.home.errors.forbidden"
handler404 = "county_portal.home.errors.not_found"
handler500 = "county_portal.home.errors.server_error"
