"""cases: the unit of work and its timeline."""

from django.db import models
from django.db.models import F, Q

from recoup.modules.cases.rules import LIVE, CaseState, TimelineKind


class Case(models.Model):
    """One contract in collections, from entering (入催) to leaving (出催)."""

    contract_id = models.BigIntegerField()
    lender_id = models.BigIntegerField()
    state = models.CharField(max_length=8, default=CaseState.OPEN, db_default=CaseState.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    bucket = models.SmallIntegerField()
    segment = models.CharField(max_length=32, default="", db_default="")
    treatment = models.CharField(max_length=32, default="", db_default="")
    collector_id = models.BigIntegerField(null=True)
    assigned_on = models.DateField(null=True)
    agency_id = models.BigIntegerField(null=True)
    last_worked_at = models.DateTimeField(null=True)
    last_result = models.CharField(max_length=32, default="", db_default="")
    next_step = models.CharField(max_length=32, default="", db_default="")
    next_step_on = models.DateField(null=True)
    # Set by the database from the register of restrictions (privacy): kept, and not used.
    is_locked = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "cases"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in CaseState]), name="case_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in LIVE], closed_on=None)
                | Q(state__in=[CaseState.CURED, CaseState.CLOSED], closed_on__isnull=False),
                name="closed_case_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["contract_id"],
                condition=Q(closed_on=None),
                name="one_live_case_per_contract",
            ),
        ]
        indexes = [
            models.Index(
                fields=["collector_id"], condition=Q(closed_on=None), name="live_case_of_collector"
            ),
            models.Index(  # the list of all cases is read in this order, a page at a time
                F("bucket").desc(),
                F("id"),
                condition=Q(closed_on=None),
                name="live_case_by_bucket",
            ),
            models.Index(
                fields=["agency_id"],
                condition=Q(closed_on=None, agency_id__isnull=False),
                name="live_case_of_agency",
            ),
            models.Index(
                fields=["contract_id"],
                condition=Q(closed_on__isnull=False),
                name="closed_case_of_contract",
            ),
        ]


class TimelineEntry(models.Model):
    """What happened to a contract in collections: append-only, guarded by the database."""

    contract_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    business_on = models.DateField()
    actor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=24)
    facts = models.JSONField(default=dict, db_default={})

    class Meta:
        app_label = "cases"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in TimelineKind]), name="timeline_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["contract_id", "-id"], name="timeline_of_contract")]
