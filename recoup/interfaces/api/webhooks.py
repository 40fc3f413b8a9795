"""Webhooks: where a lender's events are sent, what became of each, and sending again."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from recoup.foundation.access.rights import Right
from recoup.interfaces.api import schemas
from recoup.interfaces.api.keys import caller_of
from recoup.interfaces.api.operations import operation, page, position_of, read
from recoup.modules.webhooks import queries, services

router = Router(tags=["webhooks"])


@router.get("/webhooks", response=schemas.Webhooks)
@operation(Right.KEEP_WEBHOOKS)
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    """Every subscription of the lenders this key is for."""
    read(request, "webhooks")
    return {"items": queries.subscriptions()}


@router.post("/webhooks", response={201: schemas.WebhookMade})
@operation(Right.KEEP_WEBHOOKS)
def subscribe_webhook(request: HttpRequest, body: schemas.WebhookGiven) -> Status[Any]:
    """Have events sent to an https address; their secret is in this answer and never again."""
    made = services.subscribe(
        lender_code=body.lender,
        address=body.address,
        kinds=body.kinds,
        actor_id=caller_of(request).access.user_id,
        at=timezone.now(),
    )
    return Status(201, {"webhook": queries.subscription(made.id), "secret": made.secret})


@router.get("/webhooks/{webhook_id}", response=schemas.Webhook)
@operation(Right.KEEP_WEBHOOKS)
def read_webhook(request: HttpRequest, webhook_id: schemas.Id) -> queries.SubscriptionRow:
    """One subscription, and how it is."""
    row = queries.subscription(webhook_id)
    read(request, "webhook", webhook_id)
    return row


@router.delete("/webhooks/{webhook_id}", response={204: None})
@operation(Right.KEEP_WEBHOOKS)
def end_webhook(request: HttpRequest, webhook_id: schemas.Id) -> Status[Any]:
    """Send nothing there any more; what waits is dropped."""
    services.end(subscription_id=webhook_id)
    return Status(204, None)


@router.post("/webhooks/{webhook_id}/pause", response=schemas.Webhook)
@operation(Right.KEEP_WEBHOOKS)
def pause_webhook(
    request: HttpRequest, webhook_id: schemas.Id, body: schemas.Nothing
) -> queries.SubscriptionRow:
    """Send nothing for now; what happens is kept for thirty days."""
    services.pause(subscription_id=webhook_id)
    return queries.subscription(webhook_id)


@router.post("/webhooks/{webhook_id}/resume", response=schemas.Webhook)
@operation(Right.KEEP_WEBHOOKS)
def resume_webhook(
    request: HttpRequest, webhook_id: schemas.Id, body: schemas.Nothing
) -> queries.SubscriptionRow:
    """Go on, at once, with all that waits."""
    services.resume(subscription_id=webhook_id)
    return queries.subscription(webhook_id)


@router.post("/webhooks/{webhook_id}/secret", response=schemas.SecretMade)
@operation(Right.KEEP_WEBHOOKS)
def rotate_webhook_secret(
    request: HttpRequest, webhook_id: schemas.Id, body: schemas.SecretGiven
) -> dict[str, Any]:
    """A new signing secret; the one before signs beside it for so many days."""
    secret = services.rotate_secret(
        subscription_id=webhook_id, keep_old_days=body.keep_old_days, at=timezone.now()
    )
    return {"secret": secret}


@router.post("/webhooks/{webhook_id}/test", response={202: schemas.TestSent})
@operation(Right.KEEP_WEBHOOKS)
def test_webhook(
    request: HttpRequest, webhook_id: schemas.Id, body: schemas.Nothing
) -> Status[Any]:
    """Send an event of the kind `webhook.test`, within seconds."""
    event_id = services.send_test(subscription_id=webhook_id, at=timezone.now())
    return Status(202, {"event_id": event_id})


@router.post("/webhooks/{webhook_id}/replay", response={202: schemas.Replayed})
@operation(Right.KEEP_WEBHOOKS)
def replay_webhook(
    request: HttpRequest,
    webhook_id: schemas.Id,
    body: schemas.ReplayOne | schemas.ReplaySince,
) -> Status[Any]:
    """Send again one delivery, or all events written since a moment; each keeps its id."""
    if isinstance(body, schemas.ReplayOne):
        services.replay_one(subscription_id=webhook_id, delivery_id=body.delivery_id)
        return Status(202, {"deliveries": 1})
    count = services.replay_since(subscription_id=webhook_id, since=body.since, at=timezone.now())
    return Status(202, {"deliveries": count})


@router.get("/webhooks/{webhook_id}/deliveries", response=schemas.Deliveries)
@operation(Right.KEEP_WEBHOOKS)
def list_webhook_deliveries(
    request: HttpRequest,
    webhook_id: schemas.Id,
    state: schemas.DeliveryState | None = None,
    cursor: schemas.Cursor | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """What was sent, is to be sent, or was given up, newest first."""
    queries.subscription(webhook_id)
    rows = queries.deliveries(
        webhook_id,
        state=state or "",
        before=position_of(cursor) if cursor else None,
        limit=limit + 1,
    )
    read(request, "webhook", webhook_id)
    return page(rows, limit)
