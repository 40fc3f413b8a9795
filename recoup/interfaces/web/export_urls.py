"""Addresses of the export page."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import exports

urlpatterns: list[URLPattern] = [
    path("exports", exports.exports, name="exports"),
    path("exports/decisions", exports.decisions, name="export_decisions"),
    path("exports/<int:export_id>/decision", exports.decide, name="decide_export"),
    path("exports/<int:export_id>/file", exports.fetch, name="fetch_export"),
]
