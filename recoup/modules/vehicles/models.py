"""vehicles: the car behind a contract."""

from django.db import models


class Vehicle(models.Model):
    """The financed vehicle (担保车辆)."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.CASCADE)
    make = models.CharField(max_length=64)
    model = models.CharField(max_length=64, default="", db_default="")
    model_year = models.SmallIntegerField(null=True)
    is_new = models.BooleanField(null=True)
    plate = models.CharField(max_length=16, default="", db_default="")
    vin = models.CharField(max_length=17, default="", db_default="")
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
                fields=["plate"], opclasses=["varchar_pattern_ops"], name="vehicle_by_plate"
            ),
        ]
