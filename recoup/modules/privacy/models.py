"""privacy: schedules, deletions, holds, requests, consents, impact assessments, processing records.

Nothing here holds personal data but the words somebody wrote about a request; people stand as ids.
"""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from recoup.modules.compliance.grounds import Ground
from recoup.modules.privacy.rules import (
    LONGEST_BACKUP_MONTHS,
    AssessmentReason,
    Channel,
    DataKind,
    HoldScope,
    IdentityCheck,
    ItemState,
    RequestKind,
    RequestState,
    RestrictionCause,
    RestrictionScope,
    RetentionAction,
    Risk,
    RunState,
    SensitiveKind,
)


def _known(field: str, values: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [value.value for value in values]})


class RetentionRule(models.Model):
    """How many months after its end a kind of data goes, and by which article.

    Without a lender it holds for every lender that has no rule of its own. A backup holds every
    lender's data, so its term is one for all.
    """

    kind = models.CharField(max_length=16)
    lender_id = models.BigIntegerField(null=True)
    months = models.SmallIntegerField()
    action = models.CharField(max_length=12)
    basis = models.CharField(max_length=200)
    changed_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "lender_id"], nulls_distinct=False, name="one_rule_per_kind"
            ),
            models.CheckConstraint(
                condition=_known("kind", DataKind) & _known("action", RetentionAction),
                name="retention_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=DataKind.OBLIGOR, months__gte=120)
                | Q(kind=DataKind.NOTES, months__gte=36)
                | Q(kind__in=["THIRD_PERSON", "VEHICLE", "QUARANTINE"], months__gte=0)
                | Q(kind=DataKind.BACKUP, months__range=(1, LONGEST_BACKUP_MONTHS), lender_id=None),
                name="kept_as_long_as_the_law_says",
            ),
        ]


class LegalHold(models.Model):
    """Somebody or something is not forgotten while this stands: a suit, an inquiry, a complaint."""

    lender_id = models.BigIntegerField()
    scope = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    reason = models.CharField(max_length=2000)
    reference = models.CharField(max_length=100, default="", db_default="")
    until = models.DateField(null=True)
    placed_by = models.BigIntegerField()
    placed_at = models.DateTimeField()
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(max_length=2000, default="", db_default="")

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("scope", HoldScope), name="hold_scope_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["scope", "subject_id"], condition=Q(lifted_at=None), name="standing_hold"
            ),
        ]


class Restriction(models.Model):
    """Somebody or a contract is kept and not used: past its term, or after an objection.

    While one stands, the rows it means carry `is_locked` (sql/functions/restrict.sql): only who
    keeps privacy or inspects sees them. Nobody placed those of cause TERM: the schedules do.
    """

    lender_id = models.BigIntegerField()
    scope = models.CharField(max_length=8)
    subject_id = models.BigIntegerField()
    cause = models.CharField(max_length=12)
    reason = models.CharField(max_length=2000, default="", db_default="")
    placed_by = models.BigIntegerField(null=True)
    placed_at = models.DateTimeField()
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(max_length=2000, default="", db_default="")

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("scope", RestrictionScope) & _known("cause", RestrictionCause),
                name="restriction_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(cause=RestrictionCause.TERM, placed_by=None)
                | (~Q(cause=RestrictionCause.TERM) & Q(placed_by__isnull=False) & ~Q(reason="")),
                name="people_say_why_they_restrict",
            ),
            models.UniqueConstraint(
                fields=["scope", "subject_id", "cause"],
                condition=Q(lifted_at=None),
                name="one_standing_restriction_per_cause",
            ),
        ]


class ErasureRun(models.Model):
    """A deletion: planned as a dry run, let go by a second person, done batch by batch."""

    as_of = models.DateField()
    state = models.CharField(max_length=8)
    planned_by = models.BigIntegerField()
    planned_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lender_ids = models.JSONField(default=list)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("state", RunState), name="erasure_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.LISTING, RunState.PLANNED, RunState.DROPPED])
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("planned_by"))),
                name="a_second_person_lets_a_deletion_go",
            ),
        ]


class ErasureItem(models.Model):
    """What a deletion forgets: one person, one contract's notes, one car, one batch's rows."""

    run = models.ForeignKey(ErasureRun, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    lender_id = models.BigIntegerField()
    ended_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, default=ItemState.PLANNED, db_default=ItemState.PLANNED)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "subject_id"], name="forgotten_once_per_run"
            ),
            models.CheckConstraint(
                condition=_known("state", ItemState) & _known("kind", DataKind),
                name="erasure_item_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "id"],
                condition=Q(state=ItemState.PLANNED),
                name="erasure_item_to_do",
            ),
        ]


class RequestTerm(models.Model):
    """Within how many days each kind of request is answered."""

    kind = models.CharField(max_length=12, primary_key=True)
    days = models.SmallIntegerField()

    class Meta:
        app_label = "privacy"


class DataRequest(models.Model):
    """A person asked something about their data; who made sure it was they, what was answered."""

    lender_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=8)
    detail = models.CharField(max_length=2000, default="", db_default="")
    received_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=12)
    recorded_by = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    identity_check = models.CharField(max_length=16, default="", db_default="")
    identified_by = models.BigIntegerField(null=True)
    identified_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=2000, default="", db_default="")
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    file_sha256 = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("kind", RequestKind)
                & _known("state", RequestState)
                & _known("channel", Channel)
                & (Q(identity_check="") | _known("identity_check", IdentityCheck)),
                name="request_codes_are_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED)
                | (Q(identified_by__isnull=False) & ~Q(answer="")),
                name="answered_after_the_identity_is_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(answer=""),
                name="a_refusal_gives_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["party_id"], name="request_of_party"),
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=[RequestState.RECEIVED, RequestState.IDENTIFIED]),
                name="open_request",
            ),
        ]


class ConsentWording(models.Model):
    """The words people agree to, by version; a new version never changes an old one."""

    code = models.CharField(max_length=32)
    version = models.SmallIntegerField()
    sensitive_kind = models.CharField(max_length=12)
    text_zh = models.TextField()
    text_en = models.TextField()
    in_force_on = models.DateField()

    class Meta:
        app_label = "privacy"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_wording_per_version"),
            models.CheckConstraint(
                condition=_known("sensitive_kind", SensitiveKind), name="sensitive_kind_is_known"
            ),
        ]


class Use(models.Model):
    """What personal data are used for, and on what ground; asked by compliance/grounds.py."""

    code = models.CharField(max_length=20, primary_key=True)
    ground = models.CharField(max_length=16)
    citation = models.CharField(max_length=200)
    wording_code = models.CharField(max_length=32, default="", db_default="")
    reason = models.CharField(max_length=2000, default="", db_default="")
    changed_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("ground", Ground)
                & (~Q(ground=Ground.CONSENT) | ~Q(wording_code="")),
                name="a_use_has_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(changed_by=None) | ~Q(reason=""), name="who_changes_a_ground_says_why"
            ),
        ]


class Consent(models.Model):
    """A person agreed separately (单独同意) to one use of one kind of sensitive data."""

    lender_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT)
    given_on = models.DateField()
    channel = models.CharField(max_length=8)
    evidence = models.CharField(max_length=200)
    recorded_by = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_channel = models.CharField(max_length=8, default="", db_default="")
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("channel", Channel), name="consent_channel_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="withdrawn_after_it_was_given",
            ),
            models.UniqueConstraint(
                fields=["party_id", "wording"],
                condition=Q(withdrawn_on=None),
                name="one_standing_consent_per_wording",
            ),
        ]


class Assessment(models.Model):
    """An impact assessment (个人信息保护影响评估): made, approved by another, kept three years."""

    reason = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    processing = models.TextField()
    necessity = models.TextField()
    risks = models.TextField()
    measures = models.TextField()
    risk = models.CharField(max_length=8)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    review_on = models.DateField()
    keep_until = models.DateField()

    class Meta:
        app_label = "privacy"
        constraints = [
            models.CheckConstraint(
                condition=_known("reason", AssessmentReason) & _known("risk", Risk),
                name="assessment_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="a_second_person_approves_an_assessment",
            ),
        ]
