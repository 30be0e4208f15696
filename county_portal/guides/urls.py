"""URLs of guides."""

from django.urls import path

from county_portal.guides.views import reading

app_name = "guides"
urlpatterns = [
    path("", reading.index, name="index"),
    path("handbooks/<slug:key>/", reading.handbook, name="handbook"),
    path("pictures/<str:name>.png", reading.picture, name="picture"),
    path("<str:name>/", reading.guide, name="guide"),
]
