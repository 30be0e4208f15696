"""URLs of scoring: the office's pages under scoring/, the public's under lists/."""

from scoring.urls import (
    adviser,
    appeals,
    base,
    explaining,
    rehearsals,
    robustness,
    room,
    schemes,
    watch,
)

app_name = "scoring"
urlpatterns = [
    *base.urlpatterns,
    *schemes.urlpatterns,
    *explaining.urlpatterns,
    *adviser.urlpatterns,
    *room.urlpatterns,
    *robustness.urlpatterns,
    *rehearsals.urlpatterns,
    *appeals.urlpatterns,
    *watch.urlpatterns,
]
