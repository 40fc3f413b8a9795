"""foundation: the journal of long jobs, so that one that was killed goes on where it stopped."""

from django.db import models
from django.db.models import Q


class JobRun(models.Model):
    """A long job for one business day: which steps are done."""

    name = models.CharField(max_length=32)
    business_day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=1)

    class Meta:
        app_label = "foundation"
        constraints = [
            models.UniqueConstraint(fields=["name", "business_day"], name="one_run_per_day"),
        ]
        indexes = [
            models.Index(
                fields=["name", "-business_day"],
                condition=Q(finished_at__isnull=False),
                name="finished_runs",
            ),
        ]


class JobStep(models.Model):
    """A step that is done; written in the step's own transaction."""

    run = models.ForeignKey(JobRun, on_delete=models.CASCADE)
    name = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    rows = models.BigIntegerField()

    class Meta:
        app_label = "foundation"
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="a_step_is_done_once"),
        ]
