"""What control totals add up, and the amounts of rows that were refused while they were read."""

from collections.abc import Mapping, Sequence

from recoup.modules.intake.columns import ColumnType
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.rules import RowKind

SUMMED = {
    RowKind.CONTRACTS: ("principal_minor",),
    RowKind.INSTALMENTS: ("principal_minor", "interest_minor", "cost_minor"),
    RowKind.PAYMENTS: ("amount_minor",),
}
# Where they and the currency stand in a row, by the layout.
_PLACES = {
    kind: [
        at
        for name in names
        for at, column in enumerate(LAYOUT[kind])
        if f"{column.name}_minor" == name
    ]
    for kind, names in SUMMED.items()
}
_CURRENCY = {
    kind: next((at for at, c in enumerate(LAYOUT[kind]) if c.type is ColumnType.CURRENCY), None)
    for kind in SUMMED
}

Sums = dict[str | None, list[int]]


class RefusedSums:
    """Adds up what could be read of rows that have a fault; made once per file."""

    def __init__(self) -> None:
        self._sums: dict[RowKind, Sums] = {}

    def add(self, kind: RowKind, values: Sequence[object]) -> None:
        """A refused row's values, None where nothing could be read.

        Where its currency could not be read nobody knows what its amounts are.
        """
        if kind not in SUMMED:
            return
        place = _CURRENCY[kind]
        currency = None if place is None else values[place]
        amounts = [values[at] for at in _PLACES[kind]]
        if (place is not None and currency is None) or not any(amounts):
            return
        sums = self._sums.setdefault(kind, {})
        so_far = sums.setdefault(None if currency is None else str(currency), [0] * len(amounts))
        for at, amount in enumerate(amounts):
            so_far[at] += amount if isinstance(amount, int) else 0

    def of(self, kind: RowKind) -> Mapping[str | None, dict[str, int]]:
        """Per currency, by column."""
        sums = self._sums.get(kind, {})
        return {
            currency: dict(zip(SUMMED[kind], amounts, strict=True))
            for currency, amounts in sums.items()
        }
