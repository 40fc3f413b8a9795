"""webhooks: who is told what, the events, and what became of telling each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from recoup.foundation.vault.fields import SealedField
from recoup.modules.webhooks.rules import DeliveryState, SubscriptionState


class Subscription(models.Model):
    """A lender's address and the kinds of events that are sent there."""

    lender_id = models.BigIntegerField()
    address = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=32))
    state = models.CharField(max_length=8, default=SubscriptionState.ACTIVE)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    failures = models.IntegerField(default=0, db_default=0)
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "webhooks"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in SubscriptionState]),
                name="subscription_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(address__startswith="https://"), name="subscription_is_https"
            ),
            models.CheckConstraint(condition=~Q(kinds=[]), name="subscription_is_for_something"),
            models.UniqueConstraint(
                fields=["lender_id", "address"],
                condition=~Q(state=SubscriptionState.ENDED),
                name="one_subscription_per_address",
            ),
            models.UniqueConstraint(fields=["id", "lender_id"], name="subscription_of_lender"),
        ]


class Secret(models.Model):
    """What a subscription's events are signed with, sealed; valid until it ends."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE)
    lender_id = models.BigIntegerField()
    name = models.CharField(max_length=32, unique=True)
    sealed = SealedField(whose="SELECT t.lender_id, t.name")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "webhooks"


class Event(models.Model):
    """Something that happened: written by triggers, in the transaction in which it happened.

    `public_id` is how its receivers know it; `source_id` is the row it was taken from, once.
    """

    public_id = models.UUIDField(db_default=Func(function="gen_random_uuid"), unique=True)
    lender_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now())
    business_on = models.DateField(null=True)
    contract_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    source_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, db_default={})

    class Meta:
        app_label = "webhooks"
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="event_is_told_once"),
            models.UniqueConstraint(fields=["id", "lender_id"], name="event_of_lender"),
        ]
        indexes = [models.Index(fields=["written_at"], name="event_by_age")]


class Delivery(models.Model):
    """One event for one subscription: tried until it is taken or given up.

    `next_at` empty: at once. The database holds event and subscription to the same lender.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, db_constraint=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, db_constraint=False)
    lender_id = models.BigIntegerField()
    state = models.CharField(
        max_length=9, default=DeliveryState.WAITING, db_default=DeliveryState.WAITING
    )
    tries = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    answer_status = models.SmallIntegerField(null=True)
    answer_why = models.CharField(max_length=100, default="", db_default="")
    answer_ms = models.IntegerField(null=True)

    class Meta:
        app_label = "webhooks"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]),
                name="delivery_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["event", "subscription"], name="one_delivery_per_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "id"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(F("subscription"), F("id").desc(), name="delivery_of_subscription"),
        ]
