"""Saving a call from the composer; the next case at once, if asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from recoup.foundation.access.rights import Right
from recoup.interfaces.ui.formats import short_day_text
from recoup.interfaces.ui.labels import label_of
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import CallForm, CallInput, read_form, typed_form
from recoup.interfaces.web.case_page import CasePage
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import errors_by_field
from recoup.interfaces.web.views.case import business_day, context_of, page_of, render_page
from recoup.modules.assignment import services as assignment
from recoup.modules.comms.rules import CallRefused
from recoup.modules.contracts import queries as contracts
from recoup.modules.desk import services
from recoup.modules.desk.services import LoggedCall


@require_POST
@needs(Right.WORK_CASES)
def log_call(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Save the call; a refusal gives the form back as it was typed."""
    form = typed_form(request.POST)
    currency = contracts.currency_of(contract_id=contract_id)
    given, errors = read_form(form, currency)
    if given is None:
        return _refused(request, contract_id, form.with_errors(errors))
    try:
        saved = _save(request, contract_id, form, given)
    except CallRefused as no:
        return _refused(request, contract_id, form.with_errors(errors_by_field(no.reasons)))
    said = _said(saved)
    if request.POST.get("then") == "next":
        return _next_case(request, said)
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        return redirect("case", contract_id=contract_id)
    page = page_of(request, contract_id)
    context = context_of(request, page, None) | {"oob": True, "said": said}
    return render(request, "web/case/saved.html", context)


def _save(request: HttpRequest, contract_id: int, form: CallForm, given: CallInput) -> LoggedCall:
    return services.log_call(
        contract_id=contract_id,
        contact_point_id=given.contact_point_id,
        result=given.result,
        inbound=form.inbound,
        identity_checked=form.identity_checked,
        note=form.note,
        promise=given.promise,
        form_key=given.form_key,
        actor_id=actor_id(request),
        at=timezone.now(),
        as_of=business_day(request),
    )


def _refused(request: HttpRequest, contract_id: int, form: CallForm) -> HttpResponse:
    page: CasePage = page_of(request, contract_id)
    if request.headers.get("HX-Request"):
        context = context_of(request, page, form)
        return render(request, "web/case/_composer.html", context, status=422)
    return render_page(request, page, form=form, status=422)


def _next_case(request: HttpRequest, said: str) -> HttpResponse:
    """Take the next case of the reader's worklist and go there; to the worklist when it is done."""
    taken = assignment.take_next(
        collector_id=actor_id(request), at=timezone.now(), as_of=business_day(request)
    )
    messages.success(request, said)
    done = f"{reverse('worklist')}?done=1"
    to = reverse("case", args=[taken.contract_id]) if taken else done
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(to)
    return redirect(to)


def _said(saved: LoggedCall) -> str:
    return _("Call saved. Next: %(step)s, %(day)s.") % {
        "step": label_of("next_step", saved.next_step).text,
        "day": short_day_text(saved.next_step_on),
    }
