"""Originals: seeing one is an act, with purpose and reason, and lasts until the page is left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.views.case import business_day, page_of, render_page
from recoup.modules.contracts.queries import ContractFile
from recoup.modules.desk import services
from recoup.modules.parties.queries import ContactPointRow
from recoup.modules.parties.rules import NothingToReveal, Purpose
from recoup.modules.parties.services import Asked, NumberInFull


@require_POST
@needs(Right.REVEAL)
def show_personal_data(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Everyone named in the contract in full, once."""
    try:
        shown = services.reveal_file(
            contract_id=contract_id,
            asked=_asked(request, contract_id),
            as_of=business_day(request),
        )
    except Refused as no:
        messages.error(request, words_of(no))
        return render_page(request, page_of(request, contract_id), status=422)
    return render_page(request, page_of(request, contract_id), shown=shown)


@require_POST
@needs(Right.REVEAL)
def show_number(request: HttpRequest, contract_id: int) -> HttpResponse:
    """One number in full, to be dialled now: for HTMX only its place in the list."""
    number, refused = None, ""
    try:
        number = _number(request, contract_id)
    except Refused as no:
        refused = words_of(no)
    page = page_of(request, contract_id)
    status = 422 if refused else 200
    point = _point(page.file, request.POST.get("contact_point", ""))
    if request.headers.get("HX-Request") and point is not None:
        context = {"page": page, "point": point, "number": number, "refused": refused}
        return render(request, "web/case/_point.html", context, status=status)
    if refused:
        messages.error(request, refused)
    return render_page(request, page, number=number, status=status)


def _number(request: HttpRequest, contract_id: int) -> NumberInFull:
    said = request.POST.get("contact_point", "")
    if not said.isdecimal() or len(said) > 18:
        raise NothingToReveal
    return services.reveal_number(
        contract_id=contract_id,
        contact_point_id=int(said),
        asked=_asked(request, contract_id, usual=Purpose.CALL),
        as_of=business_day(request),
    )


def _asked(
    request: HttpRequest, contract_id: int, usual: Purpose = Purpose.IDENTITY_CHECK
) -> Asked:
    """What was asked; a purpose nobody knows is the usual one."""
    said = request.POST.get("purpose", "")
    return Asked(
        purpose=Purpose(said) if said in Purpose.__members__ else usual,
        reason=request.POST.get("reason", ""),
        actor_id=actor_id(request),
        at=timezone.now(),
        contract_id=contract_id,
    )


def _point(file: ContractFile, said: str) -> ContactPointRow | None:
    points = (point for named in file.people for point in named.person.contact_points)
    return next((point for point in points if str(point.id) == said), None)
