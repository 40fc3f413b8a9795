"""plans: promises to pay."""

from django.db import models
from django.db.models import Q

from recoup.modules.plans.rules import PromiseState


class Promise(models.Model):
    """A borrower's word to pay an amount by a day (承诺还款)."""

    contract_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    taken_on = models.DateField()
    due_on = models.DateField()
    taken_at = models.DateTimeField()
    taken_by = models.BigIntegerField()
    state = models.CharField(max_length=12, default=PromiseState.OPEN, db_default=PromiseState.OPEN)
    paid_minor = models.BigIntegerField(default=0, db_default=0)
    decided_on = models.DateField(null=True)

    class Meta:
        app_label = "plans"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PromiseState]),
                name="promise_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, due_on__gte=models.F("taken_on")),
                name="promise_is_in_range",
            ),
            models.UniqueConstraint(
                fields=["contract_id"],
                condition=Q(state=PromiseState.OPEN),
                name="one_open_promise_per_contract",
            ),
        ]
        indexes = [
            models.Index(fields=["contract_id", "-id"], name="promise_of_contract"),
            models.Index(fields=["decided_on"], name="promise_decided"),
            models.Index(fields=["taken_by", "taken_on"], name="promise_taken"),
            models.Index(
                fields=["due_on"], condition=Q(state=PromiseState.OPEN), name="promise_falls_due"
            ),
        ]
