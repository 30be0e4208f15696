"""The grading room: runs and years compared, changes decomposed, transitions, distributions, what is missing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
