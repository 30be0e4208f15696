"""Robustness of a run and the review of boundary cases."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
