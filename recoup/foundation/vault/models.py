"""vault: the wrapped data keys of each lender, and how far a change of keys is."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from recoup.foundation.vault.rules import Purpose, RotationState


class DataKey(models.Model):
    """A data key of a lender (0: the installation's own), readable only through a KEK.

    `keeper` names the KEK. The active one seals; the others still open what they sealed.
    """

    lender_id = models.BigIntegerField()
    purpose = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True, db_default=True)
    keeper = models.CharField(max_length=200)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "vault"
        constraints = [
            models.UniqueConstraint(
                fields=["lender_id", "purpose"],
                condition=Q(is_active=True),
                name="one_active_key_per_lender",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]), name="key_purpose_is_known"
            ),
            models.CheckConstraint(condition=Q(id__lt=2**32), name="key_number_fits_its_bytes"),
        ]


class Rotation(models.Model):
    """One change of a lender's data key: which column it is at, and how far in it."""

    lender_id = models.BigIntegerField()
    purpose = models.CharField(max_length=8, default=Purpose.SEAL, db_default=Purpose.SEAL)
    new_key_id = models.BigIntegerField()
    state = models.CharField(max_length=8, default=RotationState.RUNNING)
    column = models.CharField(max_length=128, default="", db_default="")
    after_id = models.BigIntegerField(default=0, db_default=0)
    rows = models.BigIntegerField(default=0, db_default=0)
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "vault"
        constraints = [
            models.UniqueConstraint(
                fields=["lender_id", "purpose"],
                condition=~Q(state=RotationState.DONE),
                name="one_rotation_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RotationState]),
                name="rotation_state_is_known",
            ),
        ]
