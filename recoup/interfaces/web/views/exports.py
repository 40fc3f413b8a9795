"""Exports: ask for a list, decide on another's, fetch one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.contrib.django import app

from recoup.core.refusals import Refused
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.allowed import holds, needs
from recoup.interfaces.web.export_form import ExportForm
from recoup.interfaces.web.people import actor_id, name_on_screen, signed_in
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.views.case import business_day
from recoup.modules.exports import queries, services
from recoup.modules.exports.services import Asker

# Said by the door for every page: which right is missing, or where the second factor is given.
AT_THE_DOOR = (access.NotAllowed, access.SecondFactorNeeded)


@require_http_methods(["GET", "POST"])
@needs(Right.EXPORT)
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, and the form that asks for another."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            export_id = _ask(request, form)
        except AT_THE_DOOR:
            raise
        except Refused as no:
            form.add_error(None, words_of(no))
        else:
            _say_what_now(request, export_id)
            return redirect("exports")
    at = timezone.now()
    own = [(row, row.is_there(at)) for row in queries.of_person(actor_id(request))]
    context = {"form": form, "own": own}
    status = 422 if form.errors else 200
    return render(request, "web/exports/exports.html", context, status=status)


@require_GET
@needs(Right.APPROVE_EXPORTS)
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was taken out lately, by whom."""
    lenders = access.current().lender_ids
    context = {"waiting": queries.waiting(lenders), "recent": queries.recent(lenders)}
    return render(request, "web/exports/decisions.html", context)


def _form(request: HttpRequest) -> ExportForm:
    lenders = queries.lenders_of(access.current().lender_ids)
    asked = {name: request.GET[name] for name in ("list_code", "bucket") if name in request.GET}
    data = request.POST if request.method == "POST" else None
    return ExportForm(data, lenders, holds(Right.REVEAL), initial=asked)


def _ask(request: HttpRequest, form: ExportForm) -> int:
    user = signed_in(request)
    return services.ask(
        wanted=form.wanted(),
        purpose=form.purpose_given(),
        reason=form.cleaned_data["reason"],
        asker=Asker(actor_id(request), name_on_screen(request), user.employee_number),
        language=get_language() or "zh-hans",
        at=timezone.now(),
        as_of=business_day(request),
        enqueue=_enqueue,
    )


def _enqueue(export_id: int) -> None:
    app.configure_task("prepare_export", queue="exports").defer(export_id=export_id)


def _say_what_now(request: HttpRequest, export_id: int) -> None:
    row = queries.export(export_id)
    if row is not None and row.state == "WAITING":
        messages.info(
            request,
            _("%(number)s is above what your role takes out alone: a second person decides.")
            % {"number": row.number},
        )
        return
    messages.success(request, _("The export is being made; it will stand below in a moment."))


@require_POST
@needs(Right.APPROVE_EXPORTS)
def decide(request: HttpRequest, export_id: int) -> HttpResponse:
    """Let somebody else's export be made, or refuse it."""
    approve = request.POST.get("decision") == "approve"
    try:
        services.decide(
            export_id=export_id,
            approve=approve,
            reason=request.POST.get("reason", ""),
            actor_id=actor_id(request),
            at=timezone.now(),
            enqueue=_enqueue,
        )
    except AT_THE_DOOR:
        raise
    except Refused as no:
        messages.error(request, words_of(no))
    else:
        messages.success(request, _("Approved.") if approve else _("Refused."))
    return redirect("export_decisions")


@require_GET
@needs(Right.EXPORT)
@never_cache
def fetch(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file, for whoever asked for it, as long as its link holds."""
    try:
        file = services.fetch(export_id=export_id, actor_id=actor_id(request), at=timezone.now())
    except AT_THE_DOOR:
        raise
    except Refused as no:
        messages.error(request, words_of(no))
        return redirect("exports")
    response = StreamingHttpResponse(file.pieces, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
