"""Editing schemes: versions, indicators, golden cases, import and export."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
