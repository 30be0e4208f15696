"""The county: how far to the next class, and what-if scenarios."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
