"""What the reviewing office does."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
