"""strategy: versions of rules, and what they decided for each case each night."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Version(models.Model):
    """A set of rules, first match wins; at most one is live."""

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    live_from = models.DateField(null=True)
    is_live = models.BooleanField(default=False)

    class Meta:
        app_label = "strategy"
        constraints = [
            models.UniqueConstraint(
                fields=["is_live"], condition=Q(is_live=True), name="one_live_strategy"
            ),
        ]


class Rule(models.Model):
    """If a case's facts lie in these ranges, it is in this segment and gets this treatment."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE)
    position = models.SmallIntegerField()
    segment = models.CharField(max_length=32)
    treatment = models.CharField(max_length=32)
    dpd_from = models.IntegerField(default=0)
    dpd_to = models.IntegerField(default=99999)
    overdue_from_minor = models.BigIntegerField(default=0)
    broken_promises_from = models.SmallIntegerField(default=0)
    weight = models.SmallIntegerField(default=100)

    class Meta:
        app_label = "strategy"
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_rule_per_position"),
        ]


class Decision(models.Model):
    """What the strategy said of a case on a night, and why."""

    pk = models.CompositePrimaryKey("as_of", "case_id")
    as_of = models.DateField()
    case_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    rule_position = models.SmallIntegerField()
    segment = models.CharField(max_length=32)
    treatment = models.CharField(max_length=32)
    priority = models.IntegerField()
    reasons = ArrayField(models.CharField(max_length=32))

    class Meta:
        app_label = "strategy"
