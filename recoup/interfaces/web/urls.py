"""Addresses of the staff console."""

from django.conf import settings
from django.urls import URLPattern, path

from recoup.interfaces.web.approval_urls import urlpatterns as approval_urls
from recoup.interfaces.web.audit_urls import urlpatterns as audit_urls
from recoup.interfaces.web.case_urls import urlpatterns as case_urls
from recoup.interfaces.web.custody_urls import urlpatterns as custody_urls
from recoup.interfaces.web.export_urls import urlpatterns as export_urls
from recoup.interfaces.web.intake_urls import urlpatterns as intake_urls
from recoup.interfaces.web.privacy_urls import urlpatterns as privacy_urls
from recoup.interfaces.web.sign_in.urls import urlpatterns as sign_in_urls
from recoup.interfaces.web.staff_urls import urlpatterns as staff_urls
from recoup.interfaces.web.views import gallery, placing, search, session, team, watermark, worklist
from recoup.interfaces.web.webhook_urls import urlpatterns as webhook_urls

urlpatterns: list[URLPattern] = [
    *sign_in_urls,
    path("language", session.change_language, name="language"),
    path("", worklist.worklist, name="worklist"),
    path("next", worklist.next_case, name="next_case"),
    path("cases", worklist.cases, name="cases"),
    path("cases/place", placing.place_cases, name="place_cases"),
    path("promises", worklist.promises, name="promises"),
    path("search", search.search, name="search"),
    path("team", team.team, name="team"),
    path("watermark.svg", watermark.watermark, name="watermark"),
    *approval_urls,
    *audit_urls,
    *case_urls,
    *custody_urls,
    *export_urls,
    *intake_urls,
    *privacy_urls,
    *staff_urls,
    *webhook_urls,
]
if not settings.HTTPS:  # for those who build pages; not where real people's data are
    urlpatterns.append(path("gallery", gallery.gallery, name="gallery"))
