"""How long what is kept; deletions, let go by a second person; holds, and what is not used."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django import app

from recoup.foundation.access import context as access
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.acting import code_of, day_or_none, number_of, text_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.people import actor_id
from recoup.modules.privacy import queries, rules, services
from recoup.modules.privacy.rules import DataKind, HoldScope


@require_GET
@needs(Right.KEEP_PRIVACY)
def retention(request: HttpRequest) -> HttpResponse:
    """The schedules, the deletions, the holds and the restrictions."""
    lenders = access.current().lender_ids
    context = {
        "rules": queries.rules(),
        "runs": queries.runs(lenders),
        "holds": queries.holds(lenders),
        "restrictions": queries.restrictions(lenders),
        "by_schedule": queries.restricted_by_schedule(lenders),
        "causes": rules.BY_PEOPLE,
        "reader_id": actor_id(request),
        "kinds": tuple(DataKind),
        "lenders": queries.lenders_of(lenders),
    }
    return render(request, "web/privacy/retention.html", context)


@require_POST
@needs(Right.KEEP_PRIVACY)
def set_months(request: HttpRequest) -> HttpResponse:
    """Give a lender a schedule of its own."""
    tried(
        request,
        lambda: services.set_months(
            kind=code_of(request, "kind", DataKind),
            lender_id=number_of(request, "lender"),
            months=number_of(request, "months"),
            basis=text_of(request, "basis"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("The lender has a schedule of its own."),
    )
    return redirect("retention")


@require_POST
@needs(Right.KEEP_PRIVACY)
def hold(request: HttpRequest) -> HttpResponse:
    """Keep everything of a contract, or of a whole lender, from being forgotten."""
    tried(request, lambda: _hold(request), _("The hold stands; nothing it covers is deleted."))
    return redirect("retention")


def _hold(request: HttpRequest) -> None:
    lender_id, number = number_of(request, "lender"), text_of(request, "number").strip()
    contract_id = queries.contract_of(number, lender_id) if number else None
    services.place_hold(
        scope=HoldScope.CONTRACT if contract_id is not None else HoldScope.LENDER,
        subject_id=lender_id if contract_id is None else contract_id,
        lender_id=lender_id,
        reason=text_of(request, "reason"),
        reference=text_of(request, "reference"),
        until=day_or_none(request, "until"),
        actor_id=actor_id(request),
        at=timezone.now(),
        as_of=timezone.localdate(),
    )


@require_POST
@needs(Right.KEEP_PRIVACY)
def plan(request: HttpRequest) -> HttpResponse:
    """A dry run."""
    tried(
        request,
        lambda: services.plan_erasure(
            actor_id=actor_id(request),
            at=timezone.now(),
            as_of=timezone.localdate(),
            enqueue=lambda run_id: _defer("list_due", run_id),
        ),
        _("What is due is being listed; nothing is changed."),
    )
    return redirect("retention")


@require_POST
@needs(Right.KEEP_PRIVACY)
def decide(request: HttpRequest, run_id: int) -> HttpResponse:
    """Let a listed deletion go, or drop it."""
    if request.POST.get("decision") == "approve":
        tried(
            request,
            lambda: services.approve_erasure(
                run_id=run_id,
                actor_id=actor_id(request),
                at=timezone.now(),
                enqueue=lambda run: _defer("forget", run),
            ),
            _("The deletion goes on behind the page."),
        )
    else:
        tried(request, lambda: services.drop_erasure(run_id=run_id), _("The list was dropped."))
    return redirect("retention")


@require_POST
@needs(Right.KEEP_PRIVACY)
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """End a hold."""
    tried(
        request,
        lambda: services.lift_hold(
            hold_id=hold_id,
            reason=text_of(request, "reason"),
            actor_id=actor_id(request),
            at=timezone.now(),
        ),
        _("The hold is lifted."),
    )
    return redirect("retention")


def _defer(task: str, run_id: int) -> None:
    app.configure_task(task, queue="privacy").defer(run_id=run_id)
