"""One line of a result explained; the four statuses; pages as of a date; agreed scores of panels."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
