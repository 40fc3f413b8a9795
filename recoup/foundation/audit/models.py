"""audit: events in chains of hashes, the head of each chain, and the signed anchors."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Somebody saw or changed something. Append-only, written by the database's function alone.

    `number` counts within the chain without gaps; `hash` is taken over the event's text and the
    hash before it. `contract_ids` are the contracts whose data was shown or touched.
    """

    pk = models.CompositePrimaryKey("chain", "number")
    chain = models.SmallIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    system = models.CharField(max_length=64, default="", db_default="")
    db_role = models.CharField(max_length=63)
    act = models.CharField(max_length=24)
    subject = models.CharField(max_length=63)
    subject_id = models.BigIntegerField(null=True)
    lender_id = models.BigIntegerField(null=True)
    contract_ids = ArrayField(models.BigIntegerField(), null=True)
    facts = models.JSONField(default=dict)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        app_label = "audit"
        constraints = [
            # What stands on its own line of the hashed text holds no line break.
            models.CheckConstraint(
                condition=Q(act__regex=r"^[A-Z_]+$", subject__regex=r"^[a-z0-9_.]+$")
                & ~Q(system__contains="\n"),
                name="event_is_one_line_per_field",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "subject_id", "at"], name="event_of_subject"),
            models.Index(fields=["actor_id", "at"], name="event_of_actor"),
            models.Index(
                fields=["subject", "at"],
                condition=Q(act__in=["WATCHED", "UNWATCHED"]),
                name="event_of_watch",
            ),
            models.Index(fields=["act", "at"], name="event_of_act"),
            models.Index(
                fields=["lender_id", "at"],
                condition=Q(lender_id__isnull=False),
                name="audit_event_of_lender",
            ),
            models.Index(fields=["at"], name="event_by_time"),
            GinIndex(fields=["contract_ids"], name="event_of_contracts"),
        ]


class Former(models.Model):
    """What a row was before it was changed or deleted: the kept columns, personal data masked.

    Written by the watch alone. `change` ties it to the event that holds the sum of the hashes.
    Where somebody is forgotten the values go and the hash stays; each row has a salt, so that
    nobody guesses from the hash what they were.
    """

    subject = models.CharField(max_length=63)
    subject_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    lender_id = models.BigIntegerField(null=True)
    until = models.DateTimeField()
    change = models.BigIntegerField()
    row = models.JSONField()
    hash = models.BinaryField()
    is_forgotten = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "audit"
        indexes = [
            models.Index(fields=["subject", "subject_id", "until"], name="former_of_row"),
            models.Index(fields=["subject", "owner_id", "until"], name="former_of_owner"),
        ]


class Head(models.Model):
    """Where a chain ends. Locked by whoever writes the next event, until they commit."""

    chain = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    class Meta:
        app_label = "audit"


class Anchor(models.Model):
    """All heads at a moment, signed with a key that the database never sees. Append-only."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    text = models.TextField()
    signature = models.BinaryField()

    class Meta:
        app_label = "audit"
