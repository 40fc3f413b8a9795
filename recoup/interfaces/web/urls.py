"""Addresses of the staff console."""

from django.urls import URLPattern

from recoup.interfaces.web.case_urls import urlpatterns as case_urls
from recoup.interfaces.web.intake_urls import urlpatterns as intake_urls

urlpatterns: list[URLPattern] = [*case_urls, *intake_urls]
