"""vehicles: the car behind a contract. `sealing` makes what is kept of plate and VIN."""

from django.db import models
from django.db.models import Q

from recoup.foundation.vault.fields import BlindIndexField, SealedField
from recoup.modules.vehicles import rules

OF_VEHICLE = "SELECT k.lender_id, k.number FROM contracts_contract k WHERE k.id = t.contract_id"


def plain_plate(text: str, _: str) -> str:
    """What plates and VINs are indexed by."""
    return rules.plain_plate(text)


class Vehicle(models.Model):
    """The financed vehicle (担保车辆)."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.CASCADE)
    make = models.CharField(max_length=64)
    model = models.CharField(max_length=64, default="", db_default="")
    model_year = models.SmallIntegerField(null=True)
    is_new = models.BooleanField(null=True)
    plate_sealed = SealedField(whose=OF_VEHICLE, null=True)
    plate_masked = models.CharField(max_length=rules.LONGEST_PLATE, default="", db_default="")
    plate_index = BlindIndexField(of="plate_sealed", field="plate", plain=plain_plate, null=True)
    vin_sealed = SealedField(whose=OF_VEHICLE, null=True)
    vin_masked = models.CharField(max_length=rules.LONGEST_VIN, default="", db_default="")
    vin_index = BlindIndexField(of="vin_sealed", field="vin", plain=plain_plate, null=True)
    colour = models.CharField(max_length=32, default="", db_default="")
    value_minor = models.BigIntegerField(null=True)
    valued_on = models.DateField(null=True)
    lien_registered = models.BooleanField(null=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)

    class Meta:
        app_label = "vehicles"
        constraints = [
            models.UniqueConstraint(fields=["contract"], name="one_vehicle_per_contract"),
        ]
        indexes = [
            models.Index(
                fields=["plate_index"],
                condition=Q(plate_index__isnull=False),
                name="vehicle_by_plate",
            ),
            models.Index(
                fields=["vin_index"], condition=Q(vin_index__isnull=False), name="vehicle_by_vin"
            ),
        ]
