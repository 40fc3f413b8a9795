"""contracts: the terms as signed, and the parties to them."""

from django.db import models

from recoup.modules.contracts.rules import ContractState, RepaymentMethod, Role


class Contract(models.Model):
    """A loan or lease contract. Rates are annual, in millionths: 8.4 % is 84000."""

    lender = models.ForeignKey("parties.Lender", on_delete=models.PROTECT)
    number = models.CharField(max_length=64)
    borrower = models.ForeignKey("parties.Party", on_delete=models.PROTECT)
    product = models.CharField(max_length=64, default="", db_default="")
    currency = models.CharField(max_length=3)
    principal_minor = models.BigIntegerField()
    annual_rate_micro = models.IntegerField()
    term_months = models.SmallIntegerField()
    method = models.CharField(max_length=20, default=RepaymentMethod.EQUAL_INSTALMENT)
    signed_on = models.DateField(null=True)
    first_due_on = models.DateField()
    matures_on = models.DateField(null=True)
    region = models.CharField(max_length=64, default="", db_default="")
    state = models.CharField(
        max_length=12, default=ContractState.ACTIVE, db_default=ContractState.ACTIVE
    )
    # Set by the database from the register of restrictions (privacy): kept, and not used.
    is_locked = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "contracts"
        constraints = [
            models.UniqueConstraint(fields=["lender", "number"], name="one_contract_per_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in ContractState]),
                name="contract_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=[m.value for m in RepaymentMethod]),
                name="repayment_method_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    principal_minor__gt=0,
                    annual_rate_micro__range=(0, 1_000_000),
                    term_months__gt=0,
                ),
                name="contract_terms_are_in_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["number"], opclasses=["varchar_pattern_ops"], name="contract_by_number"
            ),
            models.Index(fields=["id"], condition=models.Q(is_locked=True), name="locked_contract"),
        ]


class ContractParty(models.Model):
    """A co-borrower, guarantor or contact person of a contract (the borrower stands on it)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT)
    role = models.CharField(max_length=12)

    class Meta:
        app_label = "contracts"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "party", "role"], name="one_role_per_party"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="role_is_known"
            ),
        ]
