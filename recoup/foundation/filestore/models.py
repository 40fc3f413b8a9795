"""filestore: what lies in the store, and what it was filed for. Never the content itself."""

from django.db import models
from django.db.models import Q

from recoup.foundation.filestore.rules import Kind, Purpose, Verdict
from recoup.foundation.vault.fields import SealedField


class Content(models.Model):
    """One content of one lender: its fingerprint, where it lies, its sealed key.

    Equal contents of two lenders are two rows, two objects and two keys. Erasing forgets the key:
    what may be left of the object, on a disk or in a backup, opens no more.
    """

    lender_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    object_name = models.CharField(max_length=80, unique=True)
    sealed_key = SealedField(null=True, whose="SELECT t.lender_id, t.object_name")
    verdict = models.CharField(max_length=12)
    scanner = models.CharField(max_length=100, default="", db_default="")
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "filestore"
        constraints = [
            models.UniqueConstraint(
                fields=["lender_id", "sha256"],
                condition=Q(erased_at=None),
                name="one_content_per_lender",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="file_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[v.value for v in Verdict]), name="verdict_is_known"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None, sealed_key__isnull=False)
                | Q(erased_at__isnull=False, sealed_key=None),
                name="erased_content_has_no_key",
            ),
        ]


class File(models.Model):
    """A content filed for a purpose, about something: a batch, a call, a contract."""

    lender_id = models.BigIntegerField()
    content = models.ForeignKey(Content, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=16)
    subject = models.CharField(max_length=32, default="", db_default="")
    subject_id = models.BigIntegerField(null=True)
    contract_id = models.BigIntegerField(null=True)
    filed_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    keep_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased_for = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        app_label = "filestore"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]), name="file_purpose_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="file_of_subject"),
            models.Index(fields=["contract_id"], name="file_of_contract"),
            models.Index(
                fields=["keep_until"], condition=Q(erased_at=None), name="file_to_erase_on"
            ),
        ]
