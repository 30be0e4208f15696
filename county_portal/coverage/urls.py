"""URLs of the coverage goals."""

from django.urls import path

from county_portal.coverage.views import goals

app_name = "coverage"
urlpatterns = [path("", goals.goals, name="goals")]
