"""Which cases a list shows: read from its address, and by the page that places them."""

from django.http import HttpRequest

from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.allowed import works_cases
from recoup.interfaces.web.pages import number_asked
from recoup.interfaces.web.people import actor_id
from recoup.modules.assignment.lists import Choice


def of_everyone(request: HttpRequest) -> bool:
    """Whether all cases one may see are asked for; who has none of their own sees no others."""
    if not works_cases():
        return True
    if request.GET.get("of") != "all":
        return False
    access.require(Right.SEE_TEAM)
    return True


def whose(request: HttpRequest) -> int:
    """One's own list; a leader may open another's."""
    collector_id = number_asked(request, "collector")
    if collector_id is None or collector_id == actor_id(request):
        return actor_id(request)
    access.require(Right.SEE_TEAM)
    return collector_id


def case_filter(request: HttpRequest) -> Choice:
    """The cases of the list at this address."""
    everyones = of_everyone(request)
    return Choice(
        collector_id=None if everyones else whose(request),
        team_id=number_asked(request, "team") if everyones else None,
        bucket=number_asked(request, "bucket"),
        agency_id=number_asked(request, "agency") if everyones else None,
    )


def case_choice(request: HttpRequest) -> Choice:
    """Those of the list that were ticked, or the whole list."""
    asked = case_filter(request)
    if request.GET.get("which") == "all":
        return asked
    ticked = {int(text) for text in request.GET.getlist("case") if _is_number(text)}
    return Choice(
        asked.collector_id, asked.team_id, asked.bucket, asked.agency_id, tuple(sorted(ticked))
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
