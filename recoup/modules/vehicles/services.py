"""The showing of a car's originals: who may, and what for, is asked and kept with the debtor's."""

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.foundation import db, vault
from recoup.foundation.access import context
from recoup.foundation.access.rights import Right
from recoup.modules.vehicles import sealing

_SEALED = """
SELECT v.contract_id, k.lender_id, k.number, v.plate_sealed, v.vin_sealed
  FROM vehicles_vehicle v JOIN contracts_contract k ON k.id = v.contract_id
 WHERE v.contract_id = ANY(%(contract_ids)s) ORDER BY v.contract_id
"""


@dataclass(frozen=True, slots=True)
class VehicleInFull:
    """A car's plate and vehicle identification number."""

    contract_id: int
    plate: str
    vin: str


def reveal(*, contract_ids: Sequence[int]) -> list[VehicleInFull]:
    """Plates and VINs of these contracts' cars in clear; whoever asks keeps who saw them and why.

    Raises NotAllowed and the refusals of the vault.
    """
    context.require(Right.REVEAL)
    rows = db.ask(_SEALED, {"contract_ids": list(contract_ids)})
    return [_opened(**row) for row in rows]


def _opened(
    *, contract_id: int, lender_id: int, number: str, plate_sealed: bytes, vin_sealed: bytes
) -> VehicleInFull:
    kept = [
        (sealed, f"{about}/{number}")
        for sealed, about in ((plate_sealed, sealing.PLATE), (vin_sealed, sealing.VIN))
    ]
    there = [each for each in kept if each[0] is not None]
    texts = iter(vault.open_all(there, lender_id=lender_id))
    plate, vin = ("" if sealed is None else next(texts).decode() for sealed, _ in kept)
    return VehicleInFull(contract_id, plate, vin)
