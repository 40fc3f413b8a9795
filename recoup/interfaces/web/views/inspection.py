"""Inspection: a case as it stood on any day, on a page or as one file to take along."""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import queries as record
from recoup.interfaces.inspection.package import Maker, chapters, package
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import number_asked
from recoup.interfaces.web.people import name_on_screen, signed_in
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.shell import shell_of
from recoup.modules.inspection import services
from recoup.modules.inspection.rules import CaseFile, SeveralContracts

LONGEST = 64


@require_GET
@needs(Right.INSPECT)
def inspection(request: HttpRequest) -> HttpResponse:
    """Which contract, on which day; then to the case."""
    number = request.GET.get("number", "").replace("\0", "").strip()[:LONGEST]
    day, wrong = _day(request)
    choices: list[tuple[int, str]] = []
    if number and not wrong:
        try:
            contract_id = services.contract_numbered(
                number, lender_id=number_asked(request, "lender")
            )
        except SeveralContracts as no:
            wrong, choices = words_of(no), services.lenders_of(number)
        except Refused as no:
            wrong = words_of(no)
        else:
            address = reverse("inspected_case", args=[contract_id])
            return redirect(f"{address}?{urlencode({'as_of': day.isoformat()})}")
    context = {"number": number, "as_of": day, "wrong": wrong, "choices": choices}
    return render(request, "web/inspection/ask.html", context, status=422 if wrong else 200)


@require_GET
@needs(Right.INSPECT)
def case(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The case as it stood, chapter by chapter."""
    day, wrong = _day(request)
    try:
        found = _inspect(contract_id, day)
    except Refused as no:
        context = {"number": "", "as_of": day, "wrong": words_of(no)}
        return render(request, "web/inspection/ask.html", context, status=422)
    context = {"case": found, "chapters": chapters(found), "wrong": wrong, "tag": "part"}
    return render(request, "web/inspection/case.html", context)


@require_POST
@needs(Right.INSPECT)
def file(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The same as one file; that it was taken along is on record with its fingerprint."""
    day = parse_day(request.POST.get("as_of", "")) or _last_day(request)
    try:
        found = _inspect(contract_id, day)
    except Refused as no:
        context = {"number": "", "as_of": day, "wrong": words_of(no)}
        return render(request, "web/inspection/ask.html", context, status=422)
    made = package(found, _maker(request))
    services.hand_out(case=found, manifest_sha256=made.manifest_sha256)
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "no-store"
    return response


def parse_day(text: str) -> date | None:
    """A day as an input of type date sends it."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _inspect(contract_id: int, day: date) -> CaseFile:
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return services.inspect(
        contract_id=contract_id, as_of=day, known_by=end, today=timezone.localdate()
    )


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day asked for, else the last one there is; and what is wrong with it."""
    said = request.GET.get("as_of", "")
    found = parse_day(said)
    if said and found is None:
        return _last_day(request), _("This is not a day.")
    return found or _last_day(request), ""


def _last_day(request: HttpRequest) -> date:
    return shell_of(request).business_day or timezone.localdate()


def _maker(request: HttpRequest) -> Maker:
    state = record.state()
    return Maker(
        name=name_on_screen(request),
        employee_number=signed_in(request).employee_number,
        at=timezone.now(),
        events=state.events,
        anchor=state.anchors,
        anchored_at=state.anchored_at,
    )
