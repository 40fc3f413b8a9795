"""Addresses of the intake pages."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import intake

urlpatterns: list[URLPattern] = [
    path("intake", intake.intake, name="intake"),
    path("intake/<int:batch_id>", intake.batch, name="intake_batch"),
    path("intake/<int:batch_id>/progress", intake.progress, name="intake_progress"),
    path("intake/<int:batch_id>/start", intake.start, name="intake_start"),
    path("intake/<int:batch_id>/discard", intake.discard, name="intake_discard"),
    path("intake/<int:batch_id>/quarantine.csv", intake.quarantine, name="intake_quarantine"),
]
