"""Who is signed in, as the pages see them."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

from recoup.modules.workforce.queries import name_of

if TYPE_CHECKING:
    from recoup.modules.workforce.models import User


def signed_in(request: HttpRequest) -> "User":
    """The signed-in person; the middleware has let nobody else in."""
    return cast("User", request.user)


def actor_id(request: HttpRequest) -> int:
    """The id of the person who acts, for services."""
    return int(signed_in(request).pk)


def name_on_screen(request: HttpRequest) -> str:
    """How the signed-in person is called."""
    user = signed_in(request)
    return name_of(user.display_name, user.username)
