"""Webhooks: where a lender's events are sent, whether they arrive, and sending them again."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.core.refusals import Refused
from recoup.foundation.access.rights import Right
from recoup.interfaces.web.acting import Unreadable, number_of, tried
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import Chip, number_asked
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.refusal_words import words_of
from recoup.modules.webhooks import queries, rules, services
from recoup.modules.webhooks.queries import SubscriptionRow
from recoup.modules.webhooks.rules import KEEP_OLD_DAYS, DeliveryState, EventKind

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@never_cache
@needs(Right.KEEP_WEBHOOKS)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every subscription, and the form for another; its secret is shown in the answer alone."""
    if request.method == "POST":
        try:
            return _shown(request, *_subscribe(request))
        except Refused as no:
            return _list(request, refusal=words_of(no), status=422)
    return _list(request)


def _subscribe(request: HttpRequest) -> tuple[int, str]:
    typed = request.POST
    made = services.subscribe(
        lender_code=typed.get("lender", ""),
        address=typed.get("address", ""),
        kinds=typed.getlist("kind"),
        actor_id=actor_id(request),
        at=timezone.now(),
    )
    return made.id, made.secret


def _list(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    rows = queries.subscriptions()
    context = {
        "rows": rows,
        "failing": [row for row in rows if row.state == rules.SubscriptionState.FAILING],
        "lenders": queries.lenders(),
        "kinds": [kind.value for kind in EventKind],
        "chosen": request.POST.getlist("kind"),
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "web/webhooks/list.html", context, status=status)


def _shown(request: HttpRequest, webhook_id: int, secret: str) -> HttpResponse:
    context = {"webhook_id": webhook_id, "secret": secret}
    return render(request, "web/webhooks/secret.html", context)


@require_GET
@needs(Right.KEEP_WEBHOOKS)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One subscription: how it is, what can be done, and what became of each event."""
    return _page(request, _row(webhook_id))


def _page(request: HttpRequest, row: SubscriptionRow, *, status: int = 200) -> HttpResponse:
    asked = request.GET.get("show", "")
    state = asked if asked in set(DeliveryState) else ""
    found = queries.deliveries(
        row.id, state=state, before=number_asked(request, "before"), limit=PAGE_SIZE + 1
    )
    context = {
        "row": row,
        "secrets": queries.secrets_of(row.id, at=timezone.now()),
        "deliveries": found[:PAGE_SIZE],
        "older": found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        "show": state,
        "chips": _chips(row, state),
        "keep_old_days": KEEP_OLD_DAYS,
        "kept_days": rules.KEPT_FOR.days,
    }
    return render(request, "web/webhooks/webhook.html", context, status=status)


def _chips(row: SubscriptionRow, state: str) -> list[Chip]:
    return [
        Chip("?show=", _("Everything"), state == ""),
        Chip(
            "?show=WAITING",
            pgettext("webhook", "Waiting"),
            state == DeliveryState.WAITING,
            row.waiting,
        ),
        Chip("?show=GIVEN_UP", _("Given up"), state == DeliveryState.GIVEN_UP, row.given_up),
    ]


@require_POST
@needs(Right.KEEP_WEBHOOKS)
def test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send a test event."""
    said = _("A test event is on its way; what comes of it stands below within seconds.")
    return _done(
        request,
        webhook_id,
        said,
        lambda: services.send_test(subscription_id=webhook_id, at=timezone.now()),
    )


@require_POST
@never_cache
@needs(Right.KEEP_WEBHOOKS)
def rotate(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """A new secret, shown in this answer alone."""
    _row(webhook_id)
    days = request.POST.get("days", "")
    if days not in {str(known) for known in KEEP_OLD_DAYS}:
        messages.error(request, words_of(Unreadable()))
        return redirect("webhook", webhook_id=webhook_id)
    secret = services.rotate_secret(
        subscription_id=webhook_id, keep_old_days=int(days), at=timezone.now()
    )
    return _shown(request, webhook_id, secret)


@require_POST
@needs(Right.KEEP_WEBHOOKS)
def pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send nothing for now."""
    said = _("Paused. What happens meanwhile is kept and sent when you resume.")
    return _done(request, webhook_id, said, lambda: services.pause(subscription_id=webhook_id))


@require_POST
@needs(Right.KEEP_WEBHOOKS)
def resume(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Go on with all that waits."""
    said = _("It goes on, with all that waits.")
    return _done(request, webhook_id, said, lambda: services.resume(subscription_id=webhook_id))


@require_POST
@needs(Right.KEEP_WEBHOOKS)
def end(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send nothing any more."""
    _row(webhook_id)
    tried(
        request,
        lambda: services.end(subscription_id=webhook_id),
        _("Ended. Nothing is sent to this address any more."),
    )
    return redirect("webhooks")


@require_POST
@needs(Right.KEEP_WEBHOOKS)
def replay(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send one delivery again, or all since a moment."""
    _row(webhook_id)
    try:
        count = _replay(request, webhook_id)
    except Refused as no:
        messages.error(request, words_of(no))
    else:
        said = ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", count)
        messages.success(request, said % {"n": count})
    return redirect("webhook", webhook_id=webhook_id)


def _replay(request: HttpRequest, webhook_id: int) -> int:
    if "delivery" in request.POST:
        services.replay_one(subscription_id=webhook_id, delivery_id=number_of(request, "delivery"))
        return 1
    return services.replay_since(
        subscription_id=webhook_id, since=_moment(request), at=timezone.now()
    )


def _moment(request: HttpRequest) -> datetime:
    """A moment as the browser sends it, in the house's time. Raises Unreadable."""
    try:
        said = parse_datetime(request.POST.get("since", ""))
    except ValueError:
        said = None
    if said is None or said.tzinfo is not None or not 2000 <= said.year <= 2200:
        raise Unreadable
    return timezone.make_aware(said)


def _done(
    request: HttpRequest, webhook_id: int, said: str, act: Callable[[], object]
) -> HttpResponse:
    _row(webhook_id)
    tried(request, act, said)
    return redirect("webhook", webhook_id=webhook_id)


def _row(webhook_id: int) -> SubscriptionRow:
    try:
        return queries.subscription(webhook_id)
    except rules.SubscriptionUnknown:
        raise Http404 from None
