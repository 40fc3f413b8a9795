"""Addresses of the approvals inbox."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import approvals

urlpatterns: list[URLPattern] = [
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/<int:approval_id>/decision", approvals.decide, name="decide_approval"),
    path("approvals/<int:approval_id>/withdrawal", approvals.withdraw, name="withdraw_approval"),
]
