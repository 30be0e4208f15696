"""What everybody may read, under programme/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
