"""ledger: the account of each contract, its dues, payments, and the entries between accounts.

Facts (dues as scheduled, receipts, payments, adjustments, reversals) never change. What of a due is
settled so far (paid or let go of) is derived from them and kept beside it, so that the night reads
only what is open.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from recoup.foundation.vault.fields import SealedField
from recoup.modules.ledger.rules import (
    BOOKED_ONCE,
    FIRST_OWN_ACCOUNT,
    AccountCode,
    AdjustmentKind,
    Channel,
    Part,
    SourceKind,
)


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
    last_adjustment_on = models.DateField(null=True)
    last_adjustment_id = models.BigIntegerField(null=True)

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
    """One instalment or cost: what is due on a day, and what of it is settled so far.

    `*_paid_minor` counts what was let go of as well as what was paid; the entries tell which.
    """

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


class Receipt(models.Model):
    """Money in before it is known whose: a bank line, cash, a provider's word. A fact.

    `reference` is unique per `source`. Cash is numbered without a gap per lender and year, by the
    database. `open_minor` is what of it is neither placed nor returned, derived from the entries.
    """

    lender_id = models.BigIntegerField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=16)
    source = models.CharField(max_length=64)
    reference = models.CharField(max_length=100)
    payer_sealed = SealedField(
        whose="SELECT t.lender_id, t.source || '/' || t.reference", null=True
    )
    payer_masked = models.CharField(max_length=200, default="", db_default="")
    cash_year = models.SmallIntegerField(null=True)
    cash_number = models.IntegerField(null=True)
    open_minor = models.BigIntegerField()
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, open_minor__range=(0, F("amount_minor"))),
                name="receipt_is_not_spent_twice",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[c.value for c in Channel]),
                name="receipt_channel_is_known",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.CASH, cash_number__gt=0, cash_year__isnull=False)
                | (~Q(channel=Channel.CASH) & Q(cash_number=None, cash_year=None)),
                name="cash_has_a_number",
            ),
            models.UniqueConstraint(
                fields=["lender_id", "source", "reference"], name="one_receipt_per_reference"
            ),
            models.UniqueConstraint(
                fields=["lender_id", "cash_year", "cash_number"],
                condition=Q(cash_number__isnull=False),
                name="one_cash_receipt_per_number",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lender_id", "value_on"],
                condition=Q(open_minor__gt=0),
                name="receipt_open",
            ),
        ]


class CashNumber(models.Model):
    """The last number of a lender's cash receipts in a year; only the database's trigger writes."""

    pk = models.CompositePrimaryKey("lender_id", "year")
    lender_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        app_label = "ledger"


class Return(models.Model):
    """Money received that went back to who sent it, unplaced: a fact."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT)
    lender_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    value_on = models.DateField()
    reason = models.CharField(max_length=200)
    request_id = models.BigIntegerField(null=True, unique=True)
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="return_is_positive"),
        ]


class Payment(models.Model):
    """Money received on a contract: a fact. `receipt_id` is the receipt it was placed from, if any.

    `value_on` is when it counts, `received_at` when we learned of it.
    """

    contract_id = models.BigIntegerField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=16)
    reference = models.CharField(max_length=100, default="", db_default="")
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)
    receipt_id = models.BigIntegerField(null=True)

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
            models.Index(
                fields=["receipt_id"],
                condition=Q(receipt_id__isnull=False),
                name="payment_of_receipt",
            ),
        ]


class Reversal(models.Model):
    """A payment that did not stand (bounced, posted by mistake): a new fact, never a deletion.

    `request_id`: what a second person allowed (of a payment moved to another contract).
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, primary_key=True)
    contract_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    reversed_on = models.DateField()
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)
    request_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        indexes = [
            models.Index(
                fields=["reversed_on"], condition=Q(posted_at=None), name="reversal_unposted"
            ),
        ]


class Transfer(models.Model):
    """A payment that belonged to another contract: reversed there from its first day, paid here.

    What was not moved stays as a new payment (`rest_payment_id`) where it was.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, primary_key=True)
    contract_id = models.BigIntegerField()
    to_contract_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    to_payment_id = models.BigIntegerField()
    rest_payment_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    request_id = models.BigIntegerField(unique=True)
    maker_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & ~Q(contract_id=F("to_contract_id")),
                name="transfer_moves_money_elsewhere",
            ),
        ]
        indexes = [models.Index(fields=["contract_id"], name="transfer_of_contract")]


class Adjustment(models.Model):
    """What changes an account without money coming in: a waiver, a write-off, a refund. A fact.

    `part` and `seq` bind a waiver or write-off to one component or one due. `request_id` is the
    approval; `maker_id` who asked for it, `recorded_by` who was there when it was done.
    """

    contract_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    part = models.CharField(max_length=12, default="", db_default="")
    seq = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=200)
    request_id = models.BigIntegerField()
    maker_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                & Q(kind__in=[k.value for k in AdjustmentKind])
                & Q(part__in=["", *(p.value for p in Part)])
                & (~Q(kind=AdjustmentKind.REFUND) | Q(part="", seq=None)),
                name="adjustment_is_in_range",
            ),
            models.UniqueConstraint(
                fields=["request_id", "kind", "part", "seq"],
                name="one_adjustment_per_request",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["contract_id", "value_on"], name="adjustment_of_contract"),
            models.Index(
                fields=["value_on"], condition=Q(posted_at=None), name="adjustment_unposted"
            ),
        ]


class AdjustmentReversal(models.Model):
    """A waiver, write-off or refund that did not stand: a new fact."""

    adjustment = models.OneToOneField(Adjustment, on_delete=models.PROTECT, primary_key=True)
    contract_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    reversed_on = models.DateField()
    request_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ledger"
        indexes = [
            models.Index(
                fields=["reversed_on"],
                condition=Q(posted_at=None),
                name="adj_reversal_unposted",
            ),
        ]


class Remittance(models.Model):
    """Client money handed to the lender, and what we keep of it as our fee: a fact."""

    lender_id = models.BigIntegerField()
    value_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0, db_default=0)
    reference = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        app_label = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, fee_minor__gte=0)
                & (Q(amount_minor__gt=0) | Q(fee_minor__gt=0)),
                name="remittance_is_positive",
            ),
            models.UniqueConstraint(
                fields=["lender_id", "reference"], name="one_remittance_per_reference"
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
    `value_on` is when it was true, `booked_at` when we booked it. `source_kind` and `source_id`
    name the fact behind it. Entries of a lender as a whole (suspense, remittances) have no
    contract but a `lender_id`; their currency is that of the source, else that of the account.
    """

    contract_id = models.BigIntegerField(null=True)
    source_id = models.BigIntegerField()
    seq = models.SmallIntegerField(null=True)
    debit = models.SmallIntegerField()
    credit = models.SmallIntegerField()
    source_kind = models.SmallIntegerField(
        default=SourceKind.PAYMENT, db_default=SourceKind.PAYMENT
    )
    amount_minor = models.BigIntegerField()
    value_on = models.DateField()
    booked_at = models.DateTimeField()
    lender_id = models.BigIntegerField(null=True)

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
            models.CheckConstraint(
                condition=Q(source_kind__in=[k.value for k in SourceKind])
                & (
                    Q(contract_id__isnull=False, lender_id=None)
                    | Q(contract_id=None, lender_id__isnull=False)
                ),
                name="entry_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(debit__lt=FIRST_OWN_ACCOUNT, credit__lt=FIRST_OWN_ACCOUNT)
                | Q(debit__gte=FIRST_OWN_ACCOUNT, credit__gte=FIRST_OWN_ACCOUNT)
                | Q(source_kind=SourceKind.FEE_SETTLEMENT),
                name="client_money_stays_apart",
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(debit__in=[a.value for a in BOOKED_ONCE])
                & ~Q(source_kind=SourceKind.ADJUSTMENT),
                name="one_posting_per_source",
            ),
        ]
        indexes = [
            models.Index(fields=["contract_id"], name="entry_of_contract"),
            models.Index(
                fields=["lender_id", "value_on"],
                condition=Q(lender_id__isnull=False),
                name="entry_of_lender",
            ),
        ]
