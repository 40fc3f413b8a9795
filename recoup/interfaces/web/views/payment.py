"""The account page: any past day, posting a payment, and reversing one."""

from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.ui.formats import money_text
from recoup.interfaces.web.account_page import AccountPage, account_page, payment_preview
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import read_day, read_money
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import errors_by_field, words_of
from recoup.interfaces.web.views.case import business_day
from recoup.modules.approvals import queries as approvals
from recoup.modules.contracts import queries as contracts
from recoup.modules.desk import money
from recoup.modules.desk.money import Posted
from recoup.modules.ledger import services
from recoup.modules.ledger.rules import Channel, PaymentNotPositive, ValueDateAhead

BY_HAND = (Channel.TRANSFER, Channel.ONLINE, Channel.AUTO_DEBIT, Channel.CASH)


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """The form as it was typed, beside what is wrong with it."""

    amount: str = ""
    value_on: str = ""
    channel: str = Channel.TRANSFER
    reference: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentInput:
    amount: Money
    value_on: date
    channel: Channel


@require_GET
@needs(Right.SEE_CASES)
def account(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The account as of the business day, or of the day asked for."""
    today = business_day(request)
    wrong = dict[str, list[str]]()
    asked = request.GET.get("as_of", "")
    day = read_day(asked, "as_of", wrong) if asked else today
    form = PaymentForm(value_on=today.isoformat(), reference=_fresh_reference())
    status = 422 if wrong else 200
    return _render(request, contract_id, form, as_of=day or today, wrong=wrong, status=status)


@require_POST
@needs(Right.POST_PAYMENTS)
def record_payment(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Post a payment; a refusal gives the form back as it was typed."""
    form = _typed(request)
    given, errors = _read(form, contract_id)
    if given is not None:
        try:
            posted = money.post_payment(
                contract_id=contract_id,
                amount=given.amount,
                value_on=given.value_on,
                channel=given.channel,
                reference=form.reference.strip(),
                actor_id=actor_id(request),
                at=timezone.now(),
                as_of=business_day(request),
            )
        except Refused as no:
            errors = errors_by_field([no])
        else:
            return _say_what_now(request, contract_id, given.amount, posted)
    form = PaymentForm(form.amount, form.value_on, form.channel, form.reference, errors)
    return _render(request, contract_id, form, status=422)


@require_POST
@needs(Right.POST_PAYMENTS)
def preview(request: HttpRequest, contract_id: int) -> HttpResponse:
    """What the payment would settle, before it is posted."""
    given, errors = _read(_typed(request), contract_id)
    context: dict[str, object] = {"errors": [w for said in errors.values() for w in said]}
    if given is not None:
        try:
            context["preview"] = _preview(request, contract_id, given)
        except Refused as no:
            context["errors"] = [words_of(no)]
    return render(request, "web/account/_preview.html", context)


@require_POST
@needs(Right.REVERSE_PAYMENTS)
def reverse_payment(request: HttpRequest, contract_id: int, payment_id: int) -> HttpResponse:
    """A payment did not stand; whoever posted it does not say so themselves."""
    reason = request.POST.get("reason", "").strip()
    try:
        if not reason:
            raise Refused(_("Say why; it is kept with the payment."))
        services.reverse_payment(
            contract_id=contract_id,
            payment_id=payment_id,
            reason=reason[:200],
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=business_day(request),
        )
    except Refused as no:
        messages.error(request, words_of(no))
    else:
        messages.success(request, _("Payment reversed; the account is derived anew without it."))
    return redirect("account", contract_id=contract_id)


def _say_what_now(
    request: HttpRequest, contract_id: int, amount: Money, posted: Posted
) -> HttpResponse:
    """To the payment, or to the request that waits in its place."""
    account_url = reverse("account", args=[contract_id])
    if posted.payment_id is None:
        said = _("%(amount)s is above what you post alone: a second person decides.")
        messages.info(request, said % {"amount": money_text(amount)})
        return redirect(f"{account_url}#requests")
    said = _("Payment of %(amount)s posted.") % {"amount": money_text(amount)}
    messages.success(request, said)
    return redirect(f"{account_url}#payment-{posted.payment_id}")


def _fresh_reference() -> str:
    """A reference of our own: a form sent twice is then one payment; a bank's may replace it."""
    return f"M-{uuid4().hex[:8].upper()}"


def _preview(request: HttpRequest, contract_id: int, given: PaymentInput) -> object:
    as_of = business_day(request)
    if given.amount.minor <= 0:
        raise PaymentNotPositive
    if given.value_on > as_of:
        raise ValueDateAhead(value_on=given.value_on.isoformat(), as_of=as_of.isoformat())
    return payment_preview(
        contract_id=contract_id, amount=given.amount, value_on=given.value_on, as_of=as_of
    )


def _typed(request: HttpRequest) -> PaymentForm:
    typed = request.POST
    return PaymentForm(
        typed.get("amount", ""),
        typed.get("value_on", ""),
        typed.get("channel", ""),
        typed.get("reference", "")[:100],
    )


def _read(form: PaymentForm, contract_id: int) -> tuple[PaymentInput | None, dict[str, list[str]]]:
    errors = dict[str, list[str]]()
    amount = read_money(form.amount, contracts.currency_of(contract_id=contract_id), errors)
    value_on = read_day(form.value_on, "value_on", errors)
    if form.channel not in BY_HAND:
        errors["channel"] = [_("Choose how the money came in.")]
    if errors or amount is None or value_on is None:
        return None, errors
    return PaymentInput(amount, value_on, Channel(form.channel)), errors


def _render(
    request: HttpRequest,
    contract_id: int,
    form: PaymentForm,
    *,
    as_of: date | None = None,
    wrong: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = business_day(request)
    page: AccountPage | None = account_page(
        contract_id=contract_id, as_of=as_of or today, business_day=today
    )
    if page is None:
        raise Http404
    audit.record(Act.ACCOUNT_SEEN, "contract", contract_id, facts={"as_of": page.as_of.isoformat()})
    context = {
        "page": page,
        "form": form,
        "wrong": wrong or {},
        "channels": BY_HAND,
        "requests": approvals.of_contract(contract_id=contract_id),
        "reader_id": actor_id(request),
        "is_synthetic": page.file.borrower.is_synthetic,
    }
    return render(request, "web/account/page.html", context, status=status)
