"""Addresses of the record of who saw and changed what, and of inspection."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import audit, inspection

urlpatterns: list[URLPattern] = [
    path("audit", audit.record, name="audit"),
    path("inspection", inspection.inspection, name="inspection"),
    path("inspection/<int:contract_id>", inspection.case, name="inspected_case"),
    path("inspection/<int:contract_id>/file", inspection.file, name="inspection_file"),
]
