"""ledger: the account of each contract, its dues, payments, and the entries between accounts.

Facts (dues as scheduled, payments, reversals) never change. What a due has been paid so far is
derived from them and kept beside it, so that the night reads only what is open.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from recoup.modules.ledger.rules import AccountCode, Channel


class AllocationRule(models.Model):
    """In which order a payment settles what is owed; low ranks first (Civil Code art. 561)."""

    code = models.CharField(max_length=32, primary_key=True)
    by_instalment = models.BooleanField()
    cost_rank = models.SmallIntegerField()
    penalty_rank = models.SmallIntegerField()
    interest_rank = models.SmallIntegerField()
    principal_rank = models.SmallIntegerField()

    class Meta:
        app_label = "ledger"


class Account(models.Model):
    """The loan account: the terms that move money, and its running balances."""

    contract = models.OneToOneField(
        "contracts.Contract", on_delete=models.PROTECT, primary_key=True
    )
    lender_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    penalty_rate_micro = models.IntegerField()
    penalty_day_basis = models.SmallIntegerField(default=360, db_default=360)
    penalty_on_interest = models.BooleanField(default=True, db_default=True)
    penalty_cap_pct = models.SmallIntegerField(null=True)
    grace_days = models.SmallIntegerField(default=0, db_default=0)
    tolerance_pct = models.SmallIntegerField(default=0, db_default=0)
    allocation_rule = models.ForeignKey(AllocationRule, on_delete=models.PROTECT)
    principal_open_minor = models.BigIntegerField(default=0, db_default=0)
    unallocated_minor = models.BigIntegerField(default=0, db_default=0)
    last_payment_on = models.DateField(null=True)
    last_payment_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(unallocated_minor__gte=0), name="unallocated_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(penalty_day_basis__in=[360, 365]), name="penalty_day_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(penalty_rate_micro__gte=0, grace_days__gte=0),
                name="penalty_terms_are_in_range",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_pct__range=(0, 99)), name="tolerance_is_in_range"
            ),
        ]


class Due(models.Model):
    """One instalment or cost: what is due on a day, and what of it is paid so far."""

    pk = models.CompositePrimaryKey("contract_id", "seq")
    contract_id = models.BigIntegerField()
    seq = models.SmallIntegerField()
    due_on = models.DateField()
    accrued_on = models.DateField()
    settled_on = models.DateField(null=True)
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField(default=0, db_default=0)
    principal_paid_minor = models.BigIntegerField(default=0, db_default=0)
    interest_paid_minor = models.BigIntegerField(default=0, db_default=0)
    cost_paid_minor = models.BigIntegerField(default=0, db_default=0)
    penalty_paid_minor = models.BigIntegerField(default=0, db_default=0)
    minor_days = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(principal_paid_minor__range=(0, F("principal_minor")))
                & Q(interest_paid_minor__range=(0, F("interest_minor")))
                & Q(cost_paid_minor__range=(0, F("cost_minor")))
                & Q(penalty_paid_minor__gte=0, minor_days__gte=0),
                name="due_is_not_paid_more_than_it_is",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "contract_id"],
                condition=Q(settled_on=None),
                name="due_unsettled",
            ),
        ]


class Payment(models.Model):
    """Money received: a fact. `value_on` is when it counts, `received_at` when we learned of it."""

    contract_id = models.BigIntegerField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=16)
    reference = models.CharField(max_length=100, default="", db_default="")
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]), name="channel_is_known"
            ),
            models.UniqueConstraint(
                fields=["contract_id", "reference"],
                condition=~Q(reference=""),
                name="one_payment_per_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["contract_id", "value_on"], name="payment_of_contract"),
            models.Index(fields=["value_on"], condition=Q(posted_at=None), name="payment_unposted"),
        ]


class Reversal(models.Model):
    """A payment that did not stand (bounced, posted by mistake): a new fact, never a deletion."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, primary_key=True)
    contract_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    reversed_on = models.DateField()
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ledger"
        indexes = [
            models.Index(
                fields=["reversed_on"], condition=Q(posted_at=None), name="reversal_unposted"
            ),
        ]


class Extension(models.Model):
    """Dues moved to later months by agreement (展期): a fact; the dues show the new days."""

    contract_id = models.BigIntegerField()
    months = models.SmallIntegerField()
    seqs = ArrayField(models.SmallIntegerField())
    reason = models.CharField(max_length=200)
    decided_on = models.DateField()
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(condition=Q(months__gt=0), name="extension_moves_forward"),
        ]
        indexes = [models.Index(fields=["contract_id"], name="extension_of_contract")]


class Entry(models.Model):
    """An amount moved from one account (credit) to another (debit): balanced by construction.

    Append-only; the database refuses UPDATE, DELETE and TRUNCATE. `seq` is the due it concerns.
    `value_on` is when it was true, `booked_at` when we booked it.
    """

    contract_id = models.BigIntegerField()
    payment_id = models.BigIntegerField()
    seq = models.SmallIntegerField(null=True)
    debit = models.SmallIntegerField()
    credit = models.SmallIntegerField()
    amount_minor = models.BigIntegerField()
    value_on = models.DateField()
    booked_at = models.DateTimeField()

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & ~Q(debit=F("credit"))
                & Q(debit__in=[a.value for a in AccountCode])
                & Q(credit__in=[a.value for a in AccountCode]),
                name="entry_moves_money_between_known_accounts",
            ),
        ]
        indexes = [models.Index(fields=["contract_id"], name="entry_of_contract")]
