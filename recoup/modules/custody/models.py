"""custody: things in our keeping, and every movement of each."""

from django.db import models
from django.db.models import Q

from recoup.modules.custody.rules import ItemKind, ItemState, MovementKind


class Item(models.Model):
    """A thing we keep. Who has it and until when follows from its last movement."""

    lender_id = models.BigIntegerField()
    contract_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=64)
    place = models.CharField(max_length=100)
    note = models.CharField(max_length=200, default="", db_default="")
    state = models.CharField(max_length=4, default=ItemState.IN, db_default=ItemState.IN)
    holder_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)

    class Meta:
        app_label = "custody"
        constraints = [
            models.UniqueConstraint(fields=["lender_id", "label"], name="one_item_per_label"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ItemKind]), name="item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.OUT, holder_id__isnull=False, due_on__isnull=False)
                | Q(state__in=[ItemState.IN, ItemState.GONE], holder_id=None, due_on=None),
                name="what_is_out_has_a_holder_and_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["contract_id"], name="item_of_contract"),
            models.Index(
                fields=["due_on"], condition=Q(state=ItemState.OUT), name="item_out_by_day"
            ),
        ]


class Movement(models.Model):
    """Something happened to a thing. Append-only; the database refuses anything else."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    lender_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    business_on = models.DateField()
    actor_id = models.BigIntegerField()
    holder_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    place = models.CharField(max_length=100, default="", db_default="")
    reason = models.CharField(max_length=200, default="", db_default="")

    class Meta:
        app_label = "custody"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in MovementKind]),
                name="movement_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MovementKind.BORROWED)
                | (Q(holder_id__isnull=False, due_on__isnull=False) & ~Q(reason="")),
                name="a_loan_says_who_until_when_and_why",
            ),
        ]
