"""Placing cases with an agency: those ticked or a whole list, looked at again, then confirmed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.acting import number_of, text_of
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.case_filter import case_choice
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.shell import shell_of
from recoup.modules.assignment import lists, rules, services
from recoup.modules.assignment.lists import Hands
from recoup.modules.workforce.queries import agencies


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, all hands together."""

    cases: int
    held: int
    listed: int
    placed: int
    overdue: list[Money]


@require_http_methods(["GET", "POST"])
@needs(Right.ASSIGN_CASES)
def place_cases(request: HttpRequest) -> HttpResponse:
    """Say what will happen to the chosen cases; when confirmed, do it and go back to the list."""
    as_of = shell_of(request).business_day
    if as_of is None:
        return render(request, "web/worklist/before_first_night.html")
    refusal = ""
    if request.method == "POST":
        try:
            moved = services.place(
                choice=case_choice(request),
                agency_id=_agency(request),
                seen=number_of(request, "seen"),
                actor_id=actor_id(request),
                at=timezone.now(),
                as_of=as_of,
            )
        except (NotAllowed, SecondFactorNeeded):
            raise
        except Refused as no:
            refusal = words_of(no)
        else:
            messages.success(request, _said(moved, is_back=_agency(request) is None))
            return redirect(f"/cases?{_list(request)}")
    hands = lists.hands_of(case_choice(request), as_of=as_of)
    context = {
        "hands": hands,
        "chosen": _together(hands),
        "agencies": agencies(),
        "most": rules.MOST_PLACED,
        "typed": request.POST,
        "back": _list(request),
        "refusal": refusal,
    }
    return render(request, "web/worklist/place.html", context, status=422 if refusal else 200)


def _agency(request: HttpRequest) -> int | None:
    """Where to: an agency, or None for back. Raises AgencyUnknown for what is neither."""
    if text_of(request, "act") == "back":
        return None
    text = text_of(request, "agency")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise rules.AgencyUnknown
    return int(text)


def _said(moved: int, *, is_back: bool) -> str:
    if is_back:
        words = ngettext(
            "%(n)d case is taken back; the night gives it to a collector.",
            "%(n)d cases are taken back; the night gives them to collectors.",
            moved,
        )
    else:
        words = ngettext(
            "%(n)d case is placed with the agency, from now on.",
            "%(n)d cases are placed with the agency, from now on.",
            moved,
        )
    return words % {"n": moved}


def _list(request: HttpRequest) -> str:
    """The address of the list the cases were chosen from."""
    asked = request.GET.copy()
    for name in ("case", "which", "page"):
        asked.pop(name, None)
    return asked.urlencode()


def _together(hands: list[Hands]) -> Chosen:
    sums = dict[str, Money]()
    for part in hands:
        currency = part.overdue.currency
        sums[currency] = sums[currency] + part.overdue if currency in sums else part.overdue
    return Chosen(
        cases=sum(part.cases for part in hands),
        held=sum(part.held for part in hands),
        listed=sum(part.listed for part in hands),
        placed=sum(part.cases for part in hands if part.agency_id is not None),
        overdue=list(sums.values()),
    )
