"""A draft scheme tried on past years."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
