"""Rows of text become rows of the standard layout, by a mapping compiled once per file. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from recoup.core.refusals import Refused
from recoup.modules.intake import cells, dates
from recoup.modules.intake.columns import Column, ColumnType
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.mapping import Source, Spec, Table
from recoup.modules.intake.reasons import Missing, ValueUnmapped
from recoup.modules.intake.refusals import ColumnsMissing
from recoup.modules.intake.rules import RowKind

NOTHING = ("", "0", "0.0", "0.00")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is refused: the column as the file and the layout name it, and the cell."""

    column: str
    name: str
    reason: Refused
    cell: str


@dataclass(frozen=True, slots=True)
class Step:
    """How one column of the layout is made from the cells of a row.

    `index` is the one cell it comes from; where it is more than that, `pick` takes it out.
    """

    name: str
    shown: str
    required: bool
    index: int
    pick: Callable[[list[str]], str] | None
    convert: cells.Convert | None  # None for amounts: they need the row's currency
    is_currency: bool = False
    rounded: bool = False


class RowConverter:
    """Makes the rows of one kind; call it with the cells of a row of the file."""

    def __init__(
        self, kind: RowKind, steps: dict[int, Step], skip_unless: int, money: "MoneyOf"
    ) -> None:
        self.kind = kind
        self.names = {step.name: step.shown for step in steps.values()}
        self._steps = [(at, s.index, s.pick, s.convert, s) for at, s in steps.items()]
        self._blank: list[object] = [None] * len(LAYOUT[kind])
        self._skip_unless = skip_unless
        self._money = money

    def wants(self, row: list[str]) -> bool:
        """Whether the file's row yields a row of this kind (the mapping's `only_if`)."""
        return self._skip_unless < 0 or row[self._skip_unless].strip() not in NOTHING

    def __call__(self, row: list[str]) -> tuple[list[object], list[Fault]]:
        """The values in the order of the layout, and the faults; with faults, no use of values."""
        values, faults = self._blank.copy(), list[Fault]()
        to_money = self._money.default
        for at, index, pick, convert, step in self._steps:
            cell = ""
            try:
                cell = row[index].strip() if pick is None else pick(row)
                if cell:
                    values[at] = convert(cell) if convert else to_money[step.rounded](cell)
                elif step.required:
                    raise Missing
                if step.is_currency:
                    to_money = self._money.of(str(values[at]))
            except Refused as no:
                faults.append(Fault(step.shown, step.name, no, cell))
        return values, faults


class MoneyOf:
    """Converters of amounts: per currency one that is exact and one that rounds."""

    def __init__(self, currency: str, *, decimal_comma: bool) -> None:
        self.currency = currency
        self._decimal_comma = decimal_comma
        self._known: dict[str, tuple[cells.Convert, cells.Convert]] = {}
        self.default = self.of(currency)

    def of(self, currency: str) -> tuple[cells.Convert, cells.Convert]:
        if currency not in self._known:
            comma = self._decimal_comma
            self._known[currency] = (
                cells.money(currency, decimal_comma=comma),
                cells.money(currency, decimal_comma=comma, rounded=True),
            )
        return self._known[currency]


def compile_table(table: Table, spec: Spec, header: Sequence[str], currency: str) -> RowConverter:
    """The converter of one table for a file with this header. Raises ColumnsMissing.

    `currency` is the lender's, for rows that name none.
    """
    at = {name.casefold(): index for index, name in enumerate(header) if name}
    sources = _standard_sources(table, at) if spec.standard else dict(table.columns)
    missing = [
        name for source in sources.values() for name in source.columns if name.casefold() not in at
    ]
    missing += [c.name for c in LAYOUT[table.kind] if c.required and c.name not in sources]
    if table.only_if and table.only_if.casefold() not in at:
        missing.append(table.only_if)
    if missing:
        raise ColumnsMissing(columns=", ".join(dict.fromkeys(missing)))
    steps = {
        place: _step(column, _with_currency(column, sources.get(column.name), currency), spec, at)
        for place, column in enumerate(LAYOUT[table.kind])
        if column.name in sources or column.type is ColumnType.CURRENCY
    }
    unless = at[table.only_if.casefold()] if table.only_if else -1
    return RowConverter(
        table.kind, steps, unless, MoneyOf(currency, decimal_comma=spec.decimal_comma)
    )


def is_standard(kind: RowKind, header: Sequence[str]) -> bool:
    """Whether the header has every required column by its own name or heading."""
    names = {name.casefold() for name in header}
    return all(
        column.name.casefold() in names or column.heading.casefold() in names
        for column in LAYOUT[kind]
        if column.required
    )


def _standard_sources(table: Table, at: dict[str, int]) -> dict[str, Source]:
    """Each column by its name or its Chinese heading, where the file has it."""
    found = {
        column.name: Source(columns=(spelling,))
        for column in LAYOUT[table.kind]
        for spelling in (column.heading, column.name)
        if spelling.casefold() in at
    }
    return found | table.columns


def _with_currency(column: Column, source: Source | None, currency: str) -> Source:
    """The column's source; a currency that is not said is the lender's."""
    source = source or Source()
    if column.type is ColumnType.CURRENCY and not source.default:
        return replace(source, default=currency)
    return source


def _step(column: Column, source: Source, spec: Spec, at: dict[str, int]) -> Step:
    indexes = [at[name.casefold()] for name in source.columns]
    is_plain = len(indexes) == 1 and not (source.default or source.prefix or source.values)
    return Step(
        name=column.name,
        shown=" + ".join(source.columns) or column.name,
        required=column.required,
        index=indexes[0] if indexes else -1,
        pick=None if is_plain else _picker(source, indexes),
        convert=_converter(column, source, spec),
        is_currency=column.type is ColumnType.CURRENCY,
        rounded=source.rounded,
    )


def _picker(source: Source, indexes: list[int]) -> Callable[[list[str]], str]:
    """What takes the cell's text out of a row: joined, looked up, prefixed, or the default."""
    default, prefix, values, join = source.default, source.prefix, source.values, source.join
    if not indexes:
        return lambda row: default

    def pick(row: list[str]) -> str:
        parts = [row[index].strip() for index in indexes]
        cell = join.join(part for part in parts if part)
        if not cell:
            return default
        if values:
            cell = _looked_up(cell, values)
        return prefix + cell

    return pick


def _looked_up(cell: str, values: dict[str, str]) -> str:
    found = values.get(cell, values.get("*"))
    if found is None:
        raise ValueUnmapped(text=cell)
    return found


def _converter(column: Column, source: Source, spec: Spec) -> cells.Convert | None:
    match column.type:
        case ColumnType.TEXT:
            return cells.text(column)
        case ColumnType.IDENTIFIER:
            return cells.identifier(column)
        case ColumnType.MONEY:
            return None
        case ColumnType.RATE:
            fraction = source.conversion == "fraction" or (
                not source.conversion and spec.rate_fraction
            )
            return cells.rate(column, fraction=fraction, rounded=source.rounded)
        case ColumnType.DATE:
            return _date_converter(source, spec)
        case _:
            return _simple(column)


def _simple(column: Column) -> cells.Convert:
    match column.type:
        case ColumnType.MULTIPLIER:
            return cells.multiplier(column)
        case ColumnType.INTEGER:
            return cells.whole(column)
        case ColumnType.CHOICE:
            return cells.choice(column)
        case ColumnType.CURRENCY:
            return cells.currency
    return cells.yes_no


def _date_converter(source: Source, spec: Spec) -> cells.Convert:
    form = source.form or spec.date_format
    if source.conversion == "month_to_date":
        return dates.month_reader(form, source.day_of_month, plus_months=source.plus_months)
    if form or source.plus_months:
        return dates.reader(form or dates.STANDARD_FORM, plus_months=source.plus_months)
    return dates.standard_date
