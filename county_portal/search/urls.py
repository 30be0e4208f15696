"""URLs of search."""

from django.urls import path

from county_portal.search.views import finding

app_name = "search"
urlpatterns = [
    path("", finding.search, name="search"),
    path("suggestions/", finding.suggestions, name="suggestions"),
    path("indicators/<uuid:version_id>/<slug:code>/", finding.indicator, name="indicator"),
]
