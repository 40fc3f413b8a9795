"""The case page: everything about one contract in collections, and the acts upon it."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import CallForm, blank_form
from recoup.interfaces.web.case_page import CasePage, case_page
from recoup.interfaces.web.people import actor_id, signed_in
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.shell import shell_of
from recoup.modules.cases import services
from recoup.modules.cases.queries import TimelineGroup
from recoup.modules.comms.rules import CODES
from recoup.modules.compliance.profiles import RULES
from recoup.modules.desk.services import FileInFull
from recoup.modules.parties.rules import NEEDS_NO_WORDS, Purpose
from recoup.modules.parties.services import NumberInFull

SHORT_HISTORY, LONG_HISTORY = 12, 200
# A call shows its one number; everything else is asked for with a reason.
PURPOSES_IN_WORDS = tuple(purpose for purpose in Purpose if purpose not in NEEDS_NO_WORDS)


@require_GET
@needs(Right.SEE_CASES)
def case(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The page; asked for by HTMX with a group, only its timeline."""
    page = page_of(request, contract_id)
    if request.headers.get("HX-Target") == "history":
        return render(request, "web/case/_history.html", {"page": page})
    return render_page(request, page)


@require_POST
@needs(Right.WORK_CASES)
def hold(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Stop all contact until the case is released."""
    return _move(request, contract_id, services.hold_case, _("The case is on hold."))


@require_POST
@needs(Right.WORK_CASES)
def release(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Let contact go on."""
    return _move(request, contract_id, services.release_case, _("The case is open again."))


def page_of(request: HttpRequest, contract_id: int) -> CasePage:
    """The page's facts for this reader, now. Raises Http404."""
    group = request.GET.get("kind", "")
    page = case_page(
        contract_id=contract_id,
        reader_id=actor_id(request),
        as_of=business_day(request),
        at=timezone.now(),
        group=TimelineGroup(group) if group in TimelineGroup.__members__ else TimelineGroup.ALL,
        limit=LONG_HISTORY if "all" in request.GET else SHORT_HISTORY,
    )
    if page is None:
        raise Http404
    audit.record(Act.CASE_SEEN, "contract", contract_id)
    return page


def render_page(
    request: HttpRequest,
    page: CasePage,
    *,
    form: CallForm | None = None,
    shown: FileInFull | None = None,
    number: NumberInFull | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, with the composer as it was typed if it was, and what is shown in full."""
    context = context_of(request, page, form) | {
        "shown": shown.people if shown else None,
        "car": shown.car if shown else None,
        "number": number,
        "is_clear": bool(shown),
    }
    return render(request, "web/case/page.html", context, status=status)


def context_of(request: HttpRequest, page: CasePage, form: CallForm | None) -> dict[str, object]:
    """What the page's fragments need, whichever of them is shown."""
    overdue = page.standing.overdue if page.standing else None
    return {
        "page": page,
        "form": form or blank_form(overdue=overdue, as_of=page.as_of),
        "codes": CODES,
        "rules": RULES,
        "purposes": PURPOSES_IN_WORDS,
        "employee_number": signed_in(request).employee_number,
        "is_synthetic": page.is_synthetic,
    }


def business_day(request: HttpRequest) -> date:
    """The business day; before the first night, today."""
    return shell_of(request).business_day or timezone.localdate()


def _move(
    request: HttpRequest, contract_id: int, service: Callable[..., None], done: str
) -> HttpResponse | HttpResponseRedirect:
    refused = _act(request, contract_id, service)
    if refused:
        messages.error(request, refused)
        return render_page(request, page_of(request, contract_id), status=422)
    messages.success(request, done)
    return redirect("case", contract_id=contract_id)


def _act(request: HttpRequest, contract_id: int, service: Callable[..., None], **more: str) -> str:
    """Do what needs a reason; return why not, in words, or nothing."""
    try:
        service(
            contract_id=contract_id,
            reason=request.POST.get("reason", ""),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=business_day(request),
            **more,
        )
    except Refused as no:
        return words_of(no)
    return ""
