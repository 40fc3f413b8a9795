"""comms: calls and their results."""

from django.db import models
from django.db.models import Q

from recoup.modules.comms.rules import CallResult


class Call(models.Model):
    """One call to a contact point, as the collector logged it. A fact: never changed."""

    contract_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    contact_point_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    business_on = models.DateField()
    actor_id = models.BigIntegerField()
    result = models.CharField(max_length=16)
    inbound = models.BooleanField(default=False, db_default=False)
    answered = models.BooleanField()
    right_party = models.BooleanField()
    identity_checked = models.BooleanField()
    note = models.TextField(default="", blank=True)
    next_step = models.CharField(max_length=24)
    next_step_on = models.DateField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        app_label = "comms"
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=[r.value for r in CallResult]), name="call_result_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["party_id", "at"], name="call_to_party"),
            models.Index(fields=["actor_id", "business_on"], name="call_of_actor"),
        ]
