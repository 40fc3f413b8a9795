"""Addresses of the case page: calls, promises, payments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
