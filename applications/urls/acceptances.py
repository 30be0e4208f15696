"""总结验收."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
