"""URLs of guides."""

from django.urls import path

from county_portal.guides.views import practice, reading

app_name = "guides"
urlpatterns = [
    path("", reading.index, name="index"),
    path("handbooks/<slug:key>/", reading.handbook, name="handbook"),
    path("pictures/<str:name>.png", reading.picture, name="picture"),
    path("practice/enter/", practice.enter, name="practice_enter"),
    path("practice/switch/", practice.switch, name="practice_switch"),
    path("practice/leave/", practice.leave, name="practice_leave"),
    path("<str:name>/", reading.guide, name="guide"),
]
