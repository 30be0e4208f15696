"""Appeals against a line of a published result."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
