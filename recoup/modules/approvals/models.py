"""approvals: what was asked for, by whom, and who let it be done; who may grant how much."""

from django.db import models
from django.db.models import F, Q

from recoup.modules.approvals.rules import Kind, State


class Limit(models.Model):
    """How much of a kind a role does without asking (`alone`) and grants to others (`grants`).

    House policy, as data. A row with a lender takes the place of the general one for that lender.
    A role without a row does and grants nothing.
    """

    kind = models.CharField(max_length=16)
    role = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    lender_id = models.BigIntegerField(null=True)
    alone_minor = models.BigIntegerField()
    grants_minor = models.BigIntegerField()

    class Meta:
        app_label = "approvals"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "role", "currency", "lender_id"],
                nulls_distinct=False,
                name="one_money_limit_per_role",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind], alone_minor__gte=0)
                & Q(grants_minor__gte=0),
                name="money_limit_is_in_range",
            ),
        ]


class Request(models.Model):
    """One act that needs a second person, or was within the asker's own limit (`is_alone`).

    `facts` say what exactly is to be done, in codes and numbers; no personal data stand there.
    """

    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    contract_id = models.BigIntegerField()
    lender_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    form_key = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=State.ASKED)
    is_alone = models.BooleanField(default=False, db_default=False)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, default="", db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "approvals"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind], amount_minor__gt=0)
                & Q(state__in=[s.value for s in State]),
                name="request_is_in_range",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_their_own_request",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.ASKED, State.WITHDRAWN], decided_by=None)
                | Q(is_alone=True, decided_by=None, state__in=[State.GRANTED, State.DONE])
                | Q(is_alone=False, decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_request_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DONE, done_at__isnull=False)
                | (~Q(state=State.DONE) & Q(done_at=None)),
                name="a_done_request_says_when",
            ),
            models.UniqueConstraint(fields=["asked_by", "form_key"], name="one_request_per_form"),
        ]
        indexes = [
            models.Index(
                fields=["lender_id", "id"], condition=Q(state=State.ASKED), name="request_waiting"
            ),
            models.Index(fields=["asked_by", "-id"], name="request_of_person"),
            models.Index(fields=["contract_id"], name="request_of_contract"),
        ]
