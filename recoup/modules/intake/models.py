"""intake: files handed over, how their columns map, and the rows that were refused."""

from django.db import models
from django.db.models import Q

from recoup.modules.intake.rules import BatchState


class Mapping(models.Model):
    """How a lender's columns become the standard layout; saved once, used for every file."""

    lender = models.ForeignKey("parties.Lender", on_delete=models.CASCADE, null=True)
    code = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    spec = models.JSONField()

    class Meta:
        app_label = "intake"
        constraints = [
            models.UniqueConstraint(fields=["lender", "code"], name="one_mapping_per_code"),
        ]


class Batch(models.Model):
    """One file taken in, or refused as a whole."""

    lender = models.ForeignKey("parties.Lender", on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    mapping_code = models.CharField(max_length=64, default="")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=12, default=BatchState.RECEIVED)
    rows_total = models.BigIntegerField(default=0)
    rows_good = models.BigIntegerField(default=0)
    rows_bad = models.BigIntegerField(default=0)
    rows_unchanged = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=64, default="")
    refusal_params = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "intake"
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "kind", "sha256"],
                condition=Q(state=BatchState.DONE),
                name="one_done_batch_per_file",
            ),
        ]


class QuarantinedRow(models.Model):
    """A row that could not be taken in: where, and why, in words any language can say."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    row_number = models.BigIntegerField()
    column = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)

    class Meta:
        app_label = "intake"
