"""Questions about the car behind a contract. Plate and VIN are masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recoup.core.money import Money
from recoup.foundation import db, vault
from recoup.modules.vehicles import rules


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """The financed vehicle (担保车辆)."""

    id: int
    make: str
    model: str
    model_year: int | None
    is_new: bool | None
    plate_masked: str
    vin_masked: str
    colour: str
    value: Money | None
    valued_on: date | None
    lien_registered: bool | None
    is_synthetic: bool


# One vehicle as JSON; `v` is the vehicle, `c` its contract.
VEHICLE_JSON = """
jsonb_build_object(
    'id', v.id, 'make', v.make, 'model', v.model, 'model_year', v.model_year, 'is_new', v.is_new,
    'plate_masked', v.plate_masked, 'vin_masked', v.vin_masked, 'colour', v.colour,
    'value_minor', v.value_minor, 'currency', c.currency, 'valued_on', v.valued_on,
    'lien_registered', v.lien_registered, 'is_synthetic', v.is_synthetic)
"""


def vehicle_of_contract(*, contract_id: int) -> VehicleRow | None:
    """The vehicle financed by a contract; None if none is on file."""
    rows = db.ask(
        "SELECT v.*, c.currency FROM vehicles_vehicle v"
        " JOIN contracts_contract c ON c.id = v.contract_id WHERE c.id = %(contract_id)s",
        {"contract_id": contract_id},
    )
    return vehicle_of_row(rows[0]) if rows else None


def vehicle_of_row(row: Mapping[str, Any]) -> VehicleRow:
    """A vehicle from a row, or from VEHICLE_JSON, whose days are texts."""
    value, valued_on = row["value_minor"], row["valued_on"]
    return VehicleRow(
        id=row["id"],
        make=row["make"],
        model=row["model"],
        model_year=row["model_year"],
        is_new=row["is_new"],
        plate_masked=row["plate_masked"],
        vin_masked=row["vin_masked"],
        colour=row["colour"],
        value=None if value is None else Money(value, row["currency"]),
        valued_on=date.fromisoformat(valued_on) if isinstance(valued_on, str) else valued_on,
        lien_registered=row["lien_registered"],
        is_synthetic=row["is_synthetic"],
    )


@dataclass(frozen=True, slots=True)
class BlindIndexes:
    """A typed text as what a car may be found by, for every lender the reader sees."""

    plates: tuple[bytes, ...]
    vins: tuple[bytes, ...]


def blind_indexes(text: str, indexers: Sequence[vault.Indexer]) -> BlindIndexes:
    """What a text would be kept as, were it a plate or a VIN."""
    plain = rules.plain_plate(text)
    if not plain:
        return BlindIndexes((), ())
    return BlindIndexes(
        plates=tuple(each.index(plain, "plate") for each in indexers),
        vins=tuple(each.index(plain, "vin") for each in indexers),
    )
