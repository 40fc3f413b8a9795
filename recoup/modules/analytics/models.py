"""analytics: the day's flow between buckets, counted once by the night."""

from django.db import models


class DayFlow(models.Model):
    """How many contracts, with how much overdue, went from one bucket to another on a day."""

    as_of = models.DateField()
    lender_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    from_bucket = models.SmallIntegerField()
    to_bucket = models.SmallIntegerField()
    contracts = models.IntegerField()
    overdue_minor = models.BigIntegerField()
    exposure_minor = models.BigIntegerField()

    class Meta:
        app_label = "analytics"
        indexes = [models.Index(fields=["as_of"], name="flow_of_day")]
