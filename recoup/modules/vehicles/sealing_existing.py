"""Cars of an installation from before sealing: sealed in portions, so that it may be killed."""

from typing import Any

from recoup.modules.parties.sealing import NOTHING, PersonalData
from recoup.modules.parties.sealing_existing import seal_portions
from recoup.modules.vehicles import sealing

_VEHICLES = """
SELECT v.id, k.lender_id, k.number, v.plate, v.vin
  FROM vehicles_vehicle v JOIN contracts_contract k ON k.id = v.contract_id
 WHERE v.plate <> '' OR v.vin <> '' ORDER BY v.id LIMIT %(most)s
"""
_KEEP = """
UPDATE vehicles_vehicle
   SET plate_sealed = %s, plate_masked = %s, plate_index = %s,
       vin_sealed = %s, vin_masked = %s, vin_index = %s, plate = '', vin = ''
 WHERE id = %s
"""


def seal_vehicles() -> int:
    """Seal every plate and VIN that still stands in clear; how many cars there were."""
    return seal_portions(_VEHICLES, _KEEP, _vehicle)


def _vehicle(data: PersonalData, row: dict[str, Any]) -> list[object]:
    number, plate, vin = row["number"], row["plate"], row["vin"]
    return [
        *(sealing.plate(data, number, plate) if plate else NOTHING),
        *(sealing.vin(data, number, vin) if vin else NOTHING),
        row["id"],
    ]
