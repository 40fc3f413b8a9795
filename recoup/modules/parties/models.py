"""parties: lenders, people and companies, and the ways to reach them.

What tells who somebody is stands three times: sealed, masked (shown in lists), and as a blind
index (for finding it again). `sealing` makes all three.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Right

from recoup.foundation.vault.fields import BlindIndexField, SealedField
from recoup.modules.parties import rules
from recoup.modules.parties.rules import CALLABLE, ContactKind, PartyKind, Purpose

OF_PARTY = "SELECT t.lender_id, t.ref"
OF_CONTACT = (
    "SELECT p.lender_id, p.ref || '/' || t.kind FROM parties_party p WHERE p.id = t.party_id"
)


def plain_name(text: str, _: str) -> str:
    """What names are indexed by."""
    return rules.plain_name(text)


def plain_id(text: str, _: str) -> str:
    """What identity numbers are indexed by."""
    return rules.plain_id(text)


def plain_contact(text: str, row: str) -> str:
    """What a contact point is indexed by; the row's name ends with its kind."""
    return rules.plain_contact(row.rpartition("/")[2], text)


class Lender(models.Model):
    """Who entrusts us with a portfolio (委托方)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="CNY", db_default="CNY")

    class Meta:
        app_label = "parties"


class Party(models.Model):
    """A borrower, co-borrower, guarantor or contact person, as one lender knows them."""

    lender = models.ForeignKey(Lender, on_delete=models.PROTECT)
    ref = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, default=PartyKind.PERSON, db_default=PartyKind.PERSON)
    name_sealed = SealedField(whose=OF_PARTY)
    name_masked = models.CharField(max_length=200)
    name_index = BlindIndexField(of="name_sealed", field="name", plain=plain_name)
    id_type = models.CharField(max_length=16, default="", db_default="")
    id_number_sealed = SealedField(whose=OF_PARTY, null=True)
    id_number_masked = models.CharField(max_length=64, default="", db_default="")
    id_number_index = BlindIndexField(
        of="id_number_sealed", field="id_number", plain=plain_id, null=True
    )
    born_on_sealed = SealedField(whose=OF_PARTY, null=True)
    born_on_masked = models.CharField(max_length=10, default="", db_default="")
    born_on_index = BlindIndexField(of="born_on_sealed", field="born_on", null=True)
    language = models.CharField(max_length=16, default="", db_default="")
    region = models.CharField(max_length=64, default="", db_default="")
    employer_sealed = SealedField(whose=OF_PARTY, null=True)
    employer_masked = models.CharField(max_length=200, default="", db_default="")
    employer_index = BlindIndexField(
        of="employer_sealed", field="employer", plain=plain_name, null=True
    )
    occupation = models.CharField(max_length=100, default="", db_default="")
    income_minor = models.BigIntegerField(null=True)
    spending_minor = models.BigIntegerField(null=True)
    credit_score = models.SmallIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)
    # Set by the database from the register of restrictions (privacy): kept, and not used.
    is_locked = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "parties"
        constraints = [
            models.UniqueConstraint(fields=["lender", "ref"], name="one_party_per_lender_and_ref"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in PartyKind]),
                name="party_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["name_index"], name="party_by_name"),
            models.Index(
                fields=["id_number_index"],
                condition=Q(id_number_index__isnull=False),
                name="party_by_id_number",
            ),
            models.Index(fields=["id"], condition=Q(is_locked=True), name="locked_party"),
        ]


class ContactPoint(models.Model):
    """A phone number, e-mail or address of a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE)
    kind = models.CharField(max_length=8)
    value_sealed = SealedField(whose=OF_CONTACT)
    value_masked = models.CharField(max_length=300)
    last_four = models.GeneratedField(
        expression=Right("value_masked", 4),
        output_field=models.CharField(max_length=4),
        db_persist=True,
    )
    value_index = BlindIndexField(of="value_sealed", field="contact", plain=plain_contact)
    holder = models.CharField(max_length=16, default="SELF", db_default="SELF")
    is_valid = models.BooleanField(default=True, db_default=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "value_index"], name="one_contact_point_per_value"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ContactKind]),
                name="contact_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["value_index"], name="contact_by_value"),
            # The masked form shows the last four digits, so they are no secret to be indexed blind.
            models.Index(
                fields=["last_four"],
                condition=Q(kind__in=sorted(CALLABLE)),
                name="contact_by_last_four",
            ),
        ]


class Reveal(models.Model):
    """Somebody saw an original: who, whose, what for. Appended only."""

    actor_id = models.BigIntegerField()
    at = models.DateTimeField()
    party = models.ForeignKey(Party, on_delete=models.CASCADE)
    contact_point_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=16)
    reason = models.CharField(max_length=500, default="", db_default="")

    class Meta:
        app_label = "parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]),
                name="reveal_purpose_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["actor_id", "purpose", "at"], name="reveals_of_actor"),
        ]


class RevealLimit(models.Model):
    """How many originals one person may see for a purpose within an hour."""

    purpose = models.CharField(max_length=16, primary_key=True)
    per_hour = models.IntegerField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "parties"
