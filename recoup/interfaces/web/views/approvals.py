"""Approvals: ask at the account, decide in the inbox."""

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.core.money import Money
from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.acting import text_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.call_form import read_money
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import errors_by_field
from recoup.interfaces.web.views.case import business_day
from recoup.modules.approvals import queries, services
from recoup.modules.approvals.queries import RequestRow
from recoup.modules.approvals.rules import Kind
from recoup.modules.contracts import queries as contracts
from recoup.modules.desk import money
from recoup.modules.desk.money import WAIVED_PARTS, Wanted
from recoup.modules.ledger.rules import AccountUnknown, Part

ASKED_AT_THE_ACCOUNT = {
    "waiver": Kind.WAIVER,
    "write-off": Kind.WRITE_OFF,
    "refund": Kind.REFUND,
    "transfer": Kind.TRANSFER,
}

SHOWN = ("waiting", "mine", "decided")


@dataclass(frozen=True, slots=True)
class AskForm:
    """The form as it was typed, beside what is wrong with it."""

    amount: str = ""
    reason: str = ""
    part: str = Part.PENALTY
    payment: str = ""
    to_number: str = ""
    key: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@require_GET
@needs(Right.SEE_CASES)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for whoever reads, what they asked for, what was decided; one of them in full."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    rows = _rows(request, show)
    asked = request.GET.get("id", "")
    at = next((i for i, row in enumerate(rows) if str(row.id) == asked), 0)
    chosen = rows[at] if rows else None
    audit.record(
        Act.LISTED,
        "approvals",
        None,
        contract_ids=[row.contract_id for row in rows],
        facts={"rows": len(rows)},
    )
    context = {
        "show": show,
        "rows": rows,
        "chosen": chosen,
        "before": rows[at - 1].id if at else None,
        "after": rows[at + 1].id if at + 1 < len(rows) else None,
        "grants": _grants(request, chosen) if chosen else None,
        "reader_id": actor_id(request),
        "is_synthetic": any(row.is_synthetic for row in rows),
        "needs_factor": not access.current().may(Right.APPROVE_MONEY),
    }
    return render(request, "web/approvals/approvals.html", context)


@require_POST
@needs(Right.APPROVE_MONEY)
def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Grant somebody else's request, and it is done; or refuse it."""
    grant = request.POST.get("decision") == "grant"
    is_decided = tried(
        request,
        lambda: services.decide(
            request_id=approval_id,
            grant=grant,
            reason=text_of(request, "reason"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("Granted and done.") if grant else _("Refused; nothing was done."),
    )
    return redirect(_inbox() if is_decided else f"{_inbox()}?id={approval_id}")


@require_POST
@needs(Right.SEE_CASES)
def withdraw(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Take one's own request back."""
    tried(
        request,
        lambda: services.withdraw(
            request_id=approval_id, actor_id=actor_id(request), at=timezone.now()
        ),
        _("Withdrawn."),
    )
    return redirect(f"{_inbox()}?show=mine")


@require_http_methods(["GET", "POST"])
@needs(Right.SEE_CASES)
def ask(request: HttpRequest, contract_id: int, what: str) -> HttpResponse:
    """Ask for a waiver, a write-off, a refund, or that a payment be moved."""
    kind = ASKED_AT_THE_ACCOUNT.get(what)
    if kind is None:
        raise Http404
    form = AskForm(key=_key(""), payment=_digits(request.GET.get("payment", "")))
    if request.method == "POST":
        form = _typed(request)
        if _asked(request, contract_id, kind, form):
            return redirect(f"{reverse('account', args=[contract_id])}#requests")
    return _render(request, contract_id, kind, form)


def _asked(request: HttpRequest, contract_id: int, kind: Kind, form: AskForm) -> bool:
    """Ask, and say what became of it; what is wrong stands in the form's errors."""
    amount = read_money(form.amount, contracts.currency_of(contract_id=contract_id), form.errors)
    if amount is None:
        return False
    try:
        asked = money.ask(
            wanted=_wanted(contract_id, kind, form, amount),
            form_key=UUID(form.key),
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=business_day(request),
        )
    except (access.NotAllowed, access.SecondFactorNeeded):
        raise
    except Refused as no:
        form.errors.update(errors_by_field([no]))
        return False
    if asked.is_granted:
        messages.success(request, _("Done: it was within your own limit."))
    else:
        messages.info(request, _("Asked for: a second person decides, and then it is done."))
    return True


def _wanted(contract_id: int, kind: Kind, form: AskForm, amount: Money) -> Wanted:
    return Wanted(
        kind,
        contract_id,
        amount,
        form.reason,
        Part(form.part) if kind is Kind.WAIVER else None,
        int(form.payment) if form.payment else None,
        form.to_number,
    )


def _typed(request: HttpRequest) -> AskForm:
    """What was sent; what no browser of ours would send is taken as not sent."""
    part = text_of(request, "part")
    return AskForm(
        amount=text_of(request, "amount")[:40],
        reason=text_of(request, "reason"),
        part=part if part in WAIVED_PARTS else Part.PENALTY,
        payment=_digits(text_of(request, "payment")),
        to_number=text_of(request, "to_number").strip()[:64],
        key=_key(text_of(request, "key")),
    )


def _key(text: str) -> str:
    """The form's key, so that a form sent twice is one request."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 18 else ""


def _render(request: HttpRequest, contract_id: int, kind: Kind, form: AskForm) -> HttpResponse:
    file = contracts.contract_file(contract_id=contract_id)
    if file is None:
        raise Http404
    try:
        there = _there(request, contract_id, kind, form, file.contract.principal.currency)
        alone = money.alone(kind, contract_id, user_id=actor_id(request), at=timezone.now())
    except AccountUnknown as no:
        raise Http404 from no
    if request.method == "GET":
        form = replace(form, part=next((part for part, open_ in there if open_.minor), form.part))
    audit.record(Act.ACCOUNT_SEEN, "contract", contract_id, facts={"as_of": _day(request)})
    context = {
        "file": file,
        "kind": kind,
        "form": form,
        "there": there,
        "is_anything_there": any(amount.minor for _part, amount in there),
        "as_of": business_day(request),
        "alone": alone,
        "is_synthetic": file.borrower.is_synthetic,
    }
    status = 422 if form.errors else 200
    return render(request, "web/approvals/ask.html", context, status=status)


def _there(
    request: HttpRequest, contract_id: int, kind: Kind, form: AskForm, currency: str
) -> list[tuple[str, Money]]:
    """How much there is to ask for, by part where a part is chosen. Raises AccountUnknown."""
    choices = WAIVED_PARTS if kind is Kind.WAIVER else (Part.PENALTY,)
    nothing, as_of = Money(0, currency), business_day(request)
    each = (_wanted(contract_id, kind, replace(form, part=part), nothing) for part in choices)
    return [
        (wanted.part or "", Money(money.room(wanted=wanted, as_of=as_of), currency))
        for wanted in each
    ]


def _grants(request: HttpRequest, row: RequestRow) -> Money:
    """How much of this whoever reads may grant."""
    limit = queries.limit_of(
        user_id=actor_id(request),
        kind=row.kind,
        currency=row.amount.currency,
        lender_id=row.lender_id,
        day=timezone.now().date(),
    )
    return Money(limit.grants_minor, row.amount.currency)


def _rows(request: HttpRequest, show: str) -> list[RequestRow]:
    if show == "mine":
        return queries.mine(user_id=actor_id(request))
    if show == "decided":
        return queries.decided()
    return queries.waiting(for_user=actor_id(request))


def _day(request: HttpRequest) -> str:
    return business_day(request).isoformat()


def _inbox() -> str:
    return reverse("approvals")
