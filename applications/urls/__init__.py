"""URLs of the pilot programme: what offices do, and what everybody may read under programme/."""

from applications.urls import (
    acceptances,
    city,
    county,
    experts,
    pilots,
    plans,
    public,
    rounds,
    selection,
)

app_name = "applications"
urlpatterns = [
    *rounds.urlpatterns,
    *county.urlpatterns,
    *plans.urlpatterns,
    *city.urlpatterns,
    *selection.urlpatterns,
    *experts.urlpatterns,
    *pilots.urlpatterns,
    *acceptances.urlpatterns,
    *public.urlpatterns,
]
