"""assignment: the worklist of each collector on a business day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class WorklistItem(models.Model):
    """A case to work today, its place, and why it stands there."""

    as_of = models.DateField()
    collector_id = models.BigIntegerField()
    rank = models.IntegerField()
    case_id = models.BigIntegerField()
    contract_id = models.BigIntegerField()
    priority = models.IntegerField()
    reasons = ArrayField(models.CharField(max_length=32))
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "assignment"
        constraints = [
            models.UniqueConstraint(fields=["as_of", "case_id"], name="one_worklist_item_per_case"),
        ]
        indexes = [
            models.Index(fields=["as_of", "collector_id", "rank"], name="worklist_of_collector"),
            models.Index(
                fields=["as_of", "collector_id", "rank"],
                condition=Q(taken_at=None, done_at=None),
                name="worklist_waiting",
            ),
        ]
