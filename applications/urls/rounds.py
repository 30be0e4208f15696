"""Rounds 申报批次."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
