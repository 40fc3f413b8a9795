"""parties: lenders, people and companies, and the ways to reach them."""

from django.db import models

from recoup.modules.parties.rules import ContactKind, PartyKind


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
    name = models.CharField(max_length=200)
    id_type = models.CharField(max_length=16, default="", db_default="")
    id_number = models.CharField(max_length=64, default="", db_default="")
    born_on = models.DateField(null=True)
    language = models.CharField(max_length=16, default="", db_default="")
    region = models.CharField(max_length=64, default="", db_default="")
    employer = models.CharField(max_length=200, default="", db_default="")
    occupation = models.CharField(max_length=100, default="", db_default="")
    income_minor = models.BigIntegerField(null=True)
    spending_minor = models.BigIntegerField(null=True)
    credit_score = models.SmallIntegerField(null=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "parties"
        constraints = [
            models.UniqueConstraint(fields=["lender", "ref"], name="one_party_per_lender_and_ref"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in PartyKind]),
                name="party_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="party_by_name"),
        ]


class ContactPoint(models.Model):
    """A phone number, e-mail or address of a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE)
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=300)
    holder = models.CharField(max_length=16, default="SELF", db_default="SELF")
    is_valid = models.BooleanField(default=True, db_default=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "value"], name="one_contact_point_per_value"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in ContactKind]),
                name="contact_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["value"], opclasses=["varchar_pattern_ops"], name="contact_by_value"
            ),
        ]
