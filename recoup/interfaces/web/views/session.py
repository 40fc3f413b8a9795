"""The language one reads in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from recoup.interfaces.web.language import SPOKEN, remember_language
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.sign_in.address import own_address
from recoup.modules.workforce import services


@login_not_required
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Keep the language on the user, and in a cookie for the sign-in page."""
    language = request.POST.get("language", "")
    response = redirect(own_address(request, request.POST.get("next", "")))
    if language in SPOKEN and request.user.is_authenticated:
        services.change_language(user_id=actor_id(request), language=language)
    return remember_language(response, language)
