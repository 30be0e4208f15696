"""Basics and the implementation plan."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
