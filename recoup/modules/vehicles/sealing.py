"""Plates and frame numbers as they are kept: sealed, masked, indexed."""

from recoup.modules.parties.sealing import NOTHING, Kept, PersonalData, named_forms
from recoup.modules.vehicles import rules

# What a sealed value is bound to, before the slash and the contract's number.
PLATE = "vehicles_vehicle.plate_sealed"
VIN = "vehicles_vehicle.vin_sealed"


def plate(data: PersonalData, number: str, text: str) -> Kept:
    """The number plate of the contract's car."""
    plain = rules.plain_plate(text)
    return data.of_vehicle(f"{PLATE}/{number}", text, rules.masked_plate(text), plain, "plate")


def vin(data: PersonalData, number: str, text: str) -> Kept:
    """Its vehicle identification number."""
    plain = rules.plain_plate(text)
    return data.of_vehicle(f"{VIN}/{number}", text, rules.masked_vin(text), plain, "vin")


def vehicle_columns(
    *, lender_id: int, number: str, plate_text: str = "", vin_text: str = ""
) -> dict[str, bytes | str | None]:
    """The personal columns of a vehicle's row."""
    data = PersonalData.of(lender_id)
    return named_forms(
        {
            "plate": plate(data, number, plate_text) if plate_text else NOTHING,
            "vin": vin(data, number, vin_text) if vin_text else NOTHING,
        }
    )
