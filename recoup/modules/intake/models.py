"""intake: files handed over, how their columns map, and the rows that were refused."""

from django.db import models
from django.db.models import Q

from recoup.foundation.vault.fields import SealedField
from recoup.modules.intake.rules import BatchState, Stage

OF_ROW = (
    "SELECT b.lender_id, t.batch_id || '/' || t.row_number"
    " FROM intake_batch b WHERE b.id = t.batch_id"
)


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
    """One file taken in, or refused as a whole.

    `spec_sha256` is the fingerprint of the mapping it was read by; `columns` is the file's header.
    `stage` and `progress_pct` say how far a running batch is.
    """

    lender = models.ForeignKey("parties.Lender", on_delete=models.PROTECT)
    kind = models.CharField(max_length=16)
    mapping_code = models.CharField(max_length=64, default="")
    schedule_from_terms = models.BooleanField(default=False, db_default=False)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    spec_sha256 = models.CharField(max_length=64, default="")
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=12, default=BatchState.RECEIVED)
    stage = models.CharField(max_length=12, default=Stage.WAITING, db_default=Stage.WAITING)
    progress_pct = models.SmallIntegerField(default=0, db_default=0)
    columns = models.JSONField(default=list)
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
            # A file with bad rows may come again: what it referred to may be known by then.
            models.UniqueConstraint(
                fields=["lender", "kind", "sha256", "spec_sha256"],
                condition=Q(state=BatchState.DONE, rows_bad=0),
                name="one_done_batch_per_file",
            ),
        ]
        indexes = [models.Index(fields=["lender", "sha256"], name="batch_of_file")]


class QuarantinedRow(models.Model):
    """A row that could not be taken in: where, and why, in words any language can say.

    `column` is named as in the file. Sealed: `cell_sealed`, what reading found in the cell (text
    and the reason's values), and `raw_sealed`, the row's cells in the order of the header.
    `value` and `params` are those of judging, which names contracts and days, nobody's data.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=16, default="", db_default="")
    row_number = models.BigIntegerField()
    column = models.CharField(max_length=64)
    value = models.CharField(max_length=200, default="", db_default="")
    code = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    is_personal = models.BooleanField(default=False, db_default=False)
    cell_sealed = SealedField(whose=OF_ROW, null=True)
    raw_sealed = SealedField(whose=OF_ROW, null=True)

    class Meta:
        app_label = "intake"
        indexes = [models.Index(fields=["batch", "row_number"], name="quarantine_of_batch")]
