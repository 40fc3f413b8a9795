"""The register of paper files and keys: what is kept, who has it, what should be back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import Chip, page_asked, pager
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.interfaces.web.shell import shell_of
from recoup.modules.custody import queries, services
from recoup.modules.custody.queries import ItemRow
from recoup.modules.custody.rules import ItemKind, ItemState

PAGE_SIZE = 50


@require_GET
@needs(Right.KEEP_CUSTODY)
def custody(request: HttpRequest) -> HttpResponse:
    """The keeper's page: what is late first, then the register."""
    as_of, page = _day(request), page_asked(request)
    show, said = request.GET.get("show", "out"), request.GET.get("q", "").strip()[:64]
    state = "" if said else {"all": "", "in": "IN"}.get(show, "OUT")
    rows = queries.items(
        as_of=as_of, state=state, said=said, limit=PAGE_SIZE + 1, skip=(page - 1) * PAGE_SIZE
    )
    shown = rows[:PAGE_SIZE]
    counts = queries.counts(as_of=as_of)
    context = {
        "counts": counts,
        "chips": _chips(counts, "" if said else show),
        "said": said,
        "rows": shown,
        "as_of": as_of,
        "pager": pager(page, PAGE_SIZE, len(shown), more=len(rows) > PAGE_SIZE),
    }
    return render(request, "web/custody/list.html", context)


def _chips(counts: queries.Counts, show: str) -> list[Chip]:
    known = {"out": (_("Out"), counts.out), "in": (_("Here"), counts.kept - counts.out)}
    chips = [Chip(f"?show={k}", text, show == k, count) for k, (text, count) in known.items()]
    return [*chips, Chip("?show=all", _("Everything"), show == "all")]


@require_http_methods(["GET", "POST"])
@needs(Right.KEEP_CUSTODY)
def register(request: HttpRequest) -> HttpResponse:
    """Enter a thing; what is wrong with it is said above the form, which keeps what was typed."""
    if request.method == "POST":
        try:
            item_id = _register(request)
        except Refused as no:
            messages.error(request, words_of(no))
        else:
            messages.success(request, _("Entered in the register."))
            return redirect("custody_item", item_id=item_id)
    context = {"kinds": list(ItemKind), "lenders": queries.lenders(), "typed": request.POST}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/custody/register.html", context, status=status)


def _register(request: HttpRequest) -> int:
    typed = request.POST
    kind, lender = typed.get("kind", ""), typed.get("lender", "")
    if kind not in set(ItemKind) or lender not in {str(row.id) for row in queries.lenders()}:
        raise Http404
    return services.register(
        lender_id=int(lender),
        kind=ItemKind(kind),
        label=typed.get("label", ""),
        place=typed.get("place", ""),
        contract_number=typed.get("contract", ""),
        note=typed.get("note", ""),
        **_when(request),
    )


@require_GET
@needs(Right.KEEP_CUSTODY)
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One thing: where it is, what can be done with it, everything that happened to it."""
    return _page(request, _item(request, item_id))


def _page(request: HttpRequest, row: ItemRow, status: int = 200) -> HttpResponse:
    context = {
        "item": row,
        "movements": queries.movements(item_id=row.id),
        "colleagues": queries.colleagues(but=actor_id(request)) if _is_in(row) else [],
        "as_of": _day(request),
        "typed": request.POST,
    }
    return render(request, "web/custody/item.html", context, status=status)


def _is_in(row: ItemRow) -> bool:
    return row.state is ItemState.IN


@require_POST
@needs(Right.KEEP_CUSTODY)
def borrow(request: HttpRequest, item_id: int) -> HttpResponse:
    """Lend it to a colleague."""
    typed = request.POST
    return _done(
        request,
        item_id,
        services.borrow,
        _("Lent; it is due back on the day you said."),
        borrower=typed.get("borrower", ""),
        reason=typed.get("reason", ""),
        due_on=_day_typed(typed.get("due_on", "")),
    )


@require_POST
@needs(Right.KEEP_CUSTODY)
def prolong(request: HttpRequest, item_id: int) -> HttpResponse:
    """Let the borrower keep it until another day."""
    typed = request.POST
    return _done(
        request,
        item_id,
        services.prolong,
        _("The day it is due back was changed."),
        due_on=_day_typed(typed.get("due_on", "")) or _day(request),
        reason=typed.get("reason", ""),
    )


@require_POST
@needs(Right.KEEP_CUSTODY)
def give_back(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take it back."""
    place = request.POST.get("place", "")
    return _done(request, item_id, services.give_back, _("Taken back."), place=place)


@require_POST
@needs(Right.KEEP_CUSTODY)
def move(request: HttpRequest, item_id: int) -> HttpResponse:
    """Put it elsewhere."""
    place = request.POST.get("place", "")
    return _done(request, item_id, services.move, _("The place was changed."), place=place)


@require_POST
@needs(Right.KEEP_CUSTODY)
def hand_over(request: HttpRequest, item_id: int) -> HttpResponse:
    """Give it out of our keeping for good."""
    reason = request.POST.get("reason", "")
    return _done(request, item_id, services.hand_over, _("Handed over."), reason=reason)


def _done(
    request: HttpRequest, item_id: int, service: Callable[..., None], said: str, **asked: Any
) -> HttpResponse:
    """Do it and go back to the thing's page; a refusal is said there, and nothing is lost."""
    row = _item(request, item_id)
    try:
        service(item_id=item_id, **asked, **_when(request))
    except Refused as no:
        messages.error(request, words_of(no))
        return _page(request, row, status=422)
    messages.success(request, said)
    return redirect("custody_item", item_id=item_id)


def _item(request: HttpRequest, item_id: int) -> ItemRow:
    row = queries.item(item_id=item_id, as_of=_day(request))
    if row is None:
        raise Http404
    return row


def _when(request: HttpRequest) -> dict[str, Any]:
    return {"actor_id": actor_id(request), "at": timezone.now(), "as_of": _day(request)}


def _day(request: HttpRequest) -> date:
    """The business day; before the first night, the calendar's."""
    return shell_of(request).business_day or timezone.localdate()


def _day_typed(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """What the signed-in person has, and when it is due back."""
    rows = queries.held_by(user_id=actor_id(request), as_of=_day(request))
    return render(request, "web/custody/held.html", {"rows": rows, "as_of": _day(request)})
