"""exports: who took which rows out of the house, why, and who let them."""

from django.db import models
from django.db.models import F, Q

from recoup.modules.exports.rules import ExportState, FileFormat, ListCode, Purpose


class RowLimit(models.Model):
    """How many rows of one lender a role may take out in a day: alone, and with approval."""

    role = models.CharField(max_length=16)
    is_unmasked = models.BooleanField()
    alone = models.IntegerField()
    at_most = models.IntegerField()

    class Meta:
        app_label = "exports"
        constraints = [
            models.UniqueConstraint(fields=["role", "is_unmasked"], name="one_limit_per_role"),
            models.CheckConstraint(
                condition=Q(alone__gte=0, at_most__gte=F("alone")), name="row_limit_is_in_range"
            ),
        ]


class Export(models.Model):
    """One list of one lender, asked for by one person. `wanted` are the filters.

    `reach`, `team_id` and `agency_id` are how far the asker saw when they asked. `secret` keys the
    hidden marks; `sketch` holds a keyed digest of each row's identifier.
    """

    lender_id = models.BigIntegerField()
    list_code = models.CharField(max_length=16)
    file_format = models.CharField(max_length=8)
    is_unmasked = models.BooleanField(default=False, db_default=False)
    wanted = models.JSONField(default=dict)
    language = models.CharField(max_length=16)
    business_on = models.DateField()
    purpose = models.CharField(max_length=16)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8)
    asked_by = models.BigIntegerField()
    asked_name = models.CharField(max_length=150)
    asked_number = models.CharField(max_length=32, default="", db_default="")
    asked_at = models.DateTimeField()
    reach = models.CharField(max_length=8)
    team_id = models.BigIntegerField(null=True)
    agency_id = models.BigIntegerField(null=True)
    rows_asked = models.IntegerField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, default="", db_default="")
    rows = models.IntegerField(null=True)
    file_id = models.BigIntegerField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="", db_default="")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=64, default="", db_default="")
    secret = models.BinaryField()
    sketch = models.BinaryField(default=b"")

    class Meta:
        app_label = "exports"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in ExportState])
                & Q(list_code__in=[c.value for c in ListCode])
                & Q(file_format__in=[f.value for f in FileFormat])
                & Q(purpose__in=[p.value for p in Purpose]),
                name="export_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_their_own_export",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | Q(rows__isnull=False, file_id__isnull=False, expires_at__isnull=False),
                name="a_ready_export_has_its_file",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_of_person"),
            models.Index(
                fields=["id"], condition=Q(state=ExportState.WAITING), name="export_waiting"
            ),
            models.Index(
                fields=["expires_at"], condition=Q(state=ExportState.READY), name="export_ready"
            ),
        ]


class Download(models.Model):
    """The file was handed out."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField()

    class Meta:
        app_label = "exports"
