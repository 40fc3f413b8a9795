"""Addresses of the webhooks' pages."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import webhooks

urlpatterns: list[URLPattern] = [
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:webhook_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<int:webhook_id>/test", webhooks.test, name="webhook_test"),
    path("webhooks/<int:webhook_id>/secret", webhooks.rotate, name="webhook_secret"),
    path("webhooks/<int:webhook_id>/pause", webhooks.pause, name="webhook_pause"),
    path("webhooks/<int:webhook_id>/resume", webhooks.resume, name="webhook_resume"),
    path("webhooks/<int:webhook_id>/end", webhooks.end, name="webhook_end"),
    path("webhooks/<int:webhook_id>/replay", webhooks.replay, name="webhook_replay"),
]
