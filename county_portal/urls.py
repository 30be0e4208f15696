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
    path("warnings/", include("monitoring.urls")),
    path("uplift/", include("uplift.urls")),
    path("measures/", include("measures.urls")),
    path("dashboards/", include("dashboards.urls")),
    path("", include("opendata.urls")),
    path("system/", include("county_portal.administration.urls")),
    path("announcements/", include("county_portal.administration.board_urls")),
    path("guides/", include("county_portal.guides.urls")),
    path("search/", include("county_portal.search.urls")),
    path("coverage/", include("county_portal.coverage.urls")),
]

handler400 = "county_portal.home.errors.bad_request"
handler403 = "county_portal.home.errors.forbidden"
handler404 = "county_portal.home.errors.not_found"
handler500 = "county_portal.home.errors.server_error"
