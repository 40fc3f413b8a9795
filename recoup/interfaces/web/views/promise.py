"""A promise given outside a call: by letter, by message, at the counter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import read_promise
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.views.case import business_day, page_of, render_page
from recoup.modules.contracts import queries as contracts
from recoup.modules.plans import services
from recoup.modules.plans.services import PromiseRefused


@require_POST
@needs(Right.WORK_CASES)
def take_promise(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Take the promise; what is wrong with it is said above the page."""
    wrong = dict[str, list[str]]()
    currency = contracts.currency_of(contract_id=contract_id)
    amount, due_on = request.POST.get("amount", ""), request.POST.get("due_on", "")
    promise = read_promise(amount, due_on, currency, wrong)
    said = [words for found in wrong.values() for words in found]
    if promise is not None:
        try:
            services.take_promise(
                contract_id=contract_id,
                promise=promise,
                actor_id=actor_id(request),
                at=timezone.now(),
                as_of=business_day(request),
            )
        except PromiseRefused as no:
            said = [words_of(reason) for reason in no.reasons]
        except Refused as no:
            said = [words_of(no)]
    for words in said:
        messages.error(request, words)
    if said:
        return render_page(request, page_of(request, contract_id), status=422)
    messages.success(request, _("Promise saved."))
    return redirect("case", contract_id=contract_id)
