"""Everybody's open sessions, and the operator who may end them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.foundation.sign_in import queries, services
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.sign_in import notices
from recoup.interfaces.web.sign_in.demands import fresh
from recoup.interfaces.web.sign_in.pages import OWN


@require_GET
@never_cache
@needs(Right.MANAGE_STAFF)
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Who is signed in, from where and with what."""
    rows = queries.open_sessions(at=timezone.now(), this_key=request.session.session_key)
    return render(request, f"{OWN}/sign_ins.html", {"sessions": rows})


@require_POST
@needs(Right.MANAGE_STAFF)
@fresh
def end(request: HttpRequest, user_id: int) -> HttpResponse:
    """End all of a person's sessions, at once; one's own present one is spared."""
    ended = services.end_sessions(user_id=user_id, spare_key=request.session.session_key)
    if ended:
        notices.note(Act.SESSION_ENDED, user_id, sessions=ended, by="operator")
    messages.success(request, _("The sessions have ended."))
    return redirect("sign_ins")
