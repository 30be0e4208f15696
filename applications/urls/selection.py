"""How the province chooses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
