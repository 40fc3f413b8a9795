"""What of a lender's file is personal, and how a row of it is sealed before it is staged."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from recoup.foundation import vault
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.rules import RowKind
from recoup.modules.parties.sealing import NOTHING, PersonalData
from recoup.modules.vehicles import sealing as vehicles

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: dumps makes one per call
RAW = "intake_quarantinedrow.raw_sealed"
CELL = "intake_quarantinedrow.cell_sealed"

# How a personal column is kept; the row's values are in the order and of the types of the layout.
Keep = Callable[[PersonalData, Sequence[Any], Any], Sequence[object]]
PERSONAL: dict[RowKind, dict[str, Keep]] = {
    RowKind.PARTIES: {
        "name": lambda data, row, text: data.name(row[0], text),
        "id_number": lambda data, row, text: data.id_number(row[0], text),
        "born_on": lambda data, row, day: data.born_on(row[0], day),
        "employer": lambda data, row, text: data.employer(row[0], text),
    },
    RowKind.CONTACTS: {"value": lambda data, row, text: data.contact(row[0], row[1], text)},
    RowKind.CONTRACTS: {"borrower_name": lambda data, row, text: data.name(row[1], text)},
    RowKind.VEHICLES: {
        "plate": lambda data, row, text: vehicles.plate(data, row[0], text),
        "vin": lambda data, row, text: vehicles.vin(data, row[0], text),
    },
}
# From the back, so that what a value becomes does not move those before it.
_PLACES = {
    kind: [
        (at, columns[column.name])
        for at, column in reversed(list(enumerate(LAYOUT[kind])))
        if column.name in columns
    ]
    for kind, columns in PERSONAL.items()
}


class RowSealer:
    """Seals the rows of one batch; made once per file."""

    def __init__(self, *, lender_id: int, batch_id: int) -> None:
        self._data = PersonalData.of(lender_id)
        self._seal = vault.sealer(lender_id).seal
        self._raw, self._cell = f"{RAW}/{batch_id}/", f"{CELL}/{batch_id}/"

    def values(self, kind: RowKind, row: list[object]) -> list[object]:
        """The row with each personal value sealed, masked and indexed in its place."""
        personal = _PLACES.get(kind)
        if personal is None:
            return row
        data, kept = self._data, row.copy()
        for at, keep in personal:
            value = row[at]
            kept[at : at + 1] = NOTHING if value is None else keep(data, row, value)
        return kept

    def row(self, number: int, cells: Sequence[str]) -> bytes:
        """The row as it came."""
        return self._seal(_as_json(cells), f"{self._raw}{number}")

    def cell(self, number: int, text: str, params: dict[str, str]) -> bytes:
        """What reading found in a cell."""
        return self._seal(_as_json([text, params]), f"{self._cell}{number}")


def opened(
    rows: Iterable[tuple[int, bytes | None, bytes | None]], *, lender_id: int, batch_id: int
) -> list[tuple[tuple[str, dict[str, str]] | None, list[str]]]:
    """What reading found in each cell, and each row as it came; rows as number, cell, raw.

    Raises the refusals of the vault.
    """
    several = list(rows)
    sealed = [
        (value, f"{what}/{batch_id}/{number}")
        for number, cell, raw in several
        for what, value in ((CELL, cell), (RAW, raw))
        if value is not None
    ]
    texts = iter(vault.open_all(sealed, lender_id=lender_id))
    return [
        (
            None if cell is None else _found(next(texts)),
            [] if raw is None else list(json.loads(next(texts))),
        )
        for _, cell, raw in several
    ]


def _found(plain: bytes) -> tuple[str, dict[str, str]]:
    text, params = json.loads(plain)
    return text, params
