"""URLs of uplift."""

from django.urls import URLPattern

app_name = "uplift"
urlpatterns: list[URLPattern] = []
