"""arrears: one row per contract in arrears and business day."""

from django.db import models


class Snapshot(models.Model):
    """What was overdue on a contract at the end of `as_of`, as known now; no row: nothing was."""

    pk = models.CompositePrimaryKey("as_of", "contract_id")
    as_of = models.DateField()
    contract_id = models.BigIntegerField()
    lender_id = models.BigIntegerField()
    dpd_raw = models.IntegerField()
    dpd_net = models.IntegerField()
    bucket = models.SmallIntegerField()
    tier = models.SmallIntegerField()
    unpaid_dues = models.SmallIntegerField()
    oldest_due_on = models.DateField(null=True)
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    exposure_minor = models.BigIntegerField()

    class Meta:
        app_label = "arrears"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bucket__range=(0, 7), tier__range=(1, 5), dpd_raw__gte=0),
                name="snapshot_is_in_range",
            ),
        ]


class FormerSnapshot(models.Model):
    """What a night had found of a day before something about that day became known: history.

    It held until `known_until`. Empty amounts: nothing was overdue as far as was known.
    """

    as_of = models.DateField()
    contract_id = models.BigIntegerField()
    lender_id = models.BigIntegerField()
    known_until = models.DateTimeField()
    dpd_raw = models.IntegerField(null=True)
    dpd_net = models.IntegerField(null=True)
    bucket = models.SmallIntegerField(null=True)
    tier = models.SmallIntegerField(null=True)
    unpaid_dues = models.SmallIntegerField(null=True)
    oldest_due_on = models.DateField(null=True)
    principal_minor = models.BigIntegerField(null=True)
    interest_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    penalty_minor = models.BigIntegerField(null=True)
    exposure_minor = models.BigIntegerField(null=True)

    class Meta:
        app_label = "arrears"
        indexes = [
            models.Index(fields=["as_of", "contract_id", "known_until"], name="former_of_day")
        ]
