"""A mapping: how the columns of a lender's file become the standard layout. Pure.

It is kept as JSON; `read_spec` checks it and makes it typed. `docs/intake.md` describes it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from recoup.modules.intake import dates
from recoup.modules.intake.columns import ColumnType
from recoup.modules.intake.layout import ORDER, column
from recoup.modules.intake.refusals import MappingInvalid
from recoup.modules.intake.rules import Repeats, RowKind

CONVERSIONS: dict[str, set[ColumnType]] = {
    "percent": {ColumnType.RATE},
    "fraction": {ColumnType.RATE},
    "date": {ColumnType.DATE},
    "month_to_date": {ColumnType.DATE},
}
ENCODINGS = ("utf-8", "gb18030")
FILE_KEYS = {"encoding", "delimiter", "sheet", "decimal", "date_format", "rate_unit"}
OPTION_KEYS = {"schedule_from_terms", "partial_schedule"}
SOURCE_KEYS = {"from", "join", "as", "format", "day", "plus_months", "round", "default", "values"}
SOURCE_KEYS |= {"prefix"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a column of the standard layout comes from, and how its cells are read."""

    columns: tuple[str, ...] = ()
    join: str = ""
    prefix: str = ""
    default: str = ""
    values: dict[str, str] = field(default_factory=dict)
    conversion: str = ""
    form: str = ""
    day_of_month: int | None = 1
    plus_months: int = 0
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row made from the file.

    `only_if` names a source column: rows where it is empty or zero yield no row of this kind.
    """

    kind: RowKind
    columns: dict[str, Source]
    only_if: str = ""
    repeats: Repeats = Repeats.REFUSE


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole mapping, checked. `standard` maps every column to itself."""

    tables: tuple[Table, ...]
    standard: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    decimal_comma: bool = False
    date_format: str = ""
    rate_fraction: bool = False
    schedule_from_terms: bool = False
    partial_schedule: bool = False

    @property
    def kinds(self) -> tuple[RowKind, ...]:
        return tuple(table.kind for table in self.tables)


def standard(kind: RowKind) -> dict[str, Any]:
    """The mapping of a file that already has the standard layout."""
    return {"standard": True, "tables": {kind.value: {"columns": {}}}}


def read_spec(spec: Mapping[str, Any]) -> Spec:
    """The typed mapping. Raises MappingInvalid, saying where and what."""
    unknown = set(spec) - FILE_KEYS - {"tables", "options", "standard", "title"}
    _refuse_if(unknown, "", f"unknown keys {', '.join(sorted(unknown))}")
    tables = _mapping(spec.get("tables"), "tables")
    _refuse_if(not tables, "tables", "there is none")
    options = _mapping(spec.get("options", {}), "options")
    _refuse_if(set(options) - OPTION_KEYS, "options", "unknown option")
    known = {kind.value: kind for kind in ORDER}
    _refuse_if(set(tables) - set(known), "tables", f"only {', '.join(known)} exist")
    is_standard = spec.get("standard") is True
    read = [_table(known[name], _mapping(body, name), is_standard) for name, body in tables.items()]
    return Spec(
        tables=tuple(sorted(read, key=lambda table: ORDER.index(table.kind))),
        standard=is_standard,
        encoding=_one_of(spec, "encoding", ("", *ENCODINGS)),
        delimiter=_one_of(spec, "delimiter", ("", ",", ";", "\t", "|")),
        sheet=_string(spec, "sheet", "sheet"),
        decimal_comma=_one_of(spec, "decimal", ("", ".", ",")) == ",",
        date_format=_date_form(spec, "date_format", dates.reader, "date_format"),
        rate_fraction=_one_of(spec, "rate_unit", ("", "percent", "fraction")) == "fraction",
        schedule_from_terms=options.get("schedule_from_terms") is True,
        partial_schedule=options.get("partial_schedule") is True,
    )


def _table(kind: RowKind, body: Mapping[str, Any], is_standard: bool) -> Table:
    unknown = set(body) - {"columns", "only_if", "repeats"}
    _refuse_if(unknown, kind, f"unknown keys {', '.join(sorted(unknown))}")
    columns = _mapping(body.get("columns"), f"{kind}.columns")
    _refuse_if(not columns and not is_standard, f"{kind}.columns", "no column is mapped")
    return Table(
        kind,
        {name: _source(kind, name, said) for name, said in columns.items()},
        _string(body, "only_if", f"{kind}.only_if"),
        Repeats(_one_of(body, "repeats", tuple(Repeats), Repeats.REFUSE)),
    )


def _source(kind: RowKind, name: str, said: Any) -> Source:
    where = f"{kind}.{name}"
    target = column(kind, name)
    if target is None:
        raise MappingInvalid(where=where, problem="the standard layout has no such column")
    if isinstance(said, str):
        return Source(columns=(said,))
    body = _mapping(said, where)
    unknown = set(body) - SOURCE_KEYS
    _refuse_if(unknown, where, f"unknown keys {', '.join(sorted(unknown))}")
    conversion = _one_of(body, "as", ("", *CONVERSIONS))
    allowed = CONVERSIONS.get(conversion, {target.type})
    _refuse_if(target.type not in allowed, where, f"{conversion} does not make a {target.type}")
    columns = _columns(body.get("from", ()), where)
    _refuse_if(not columns and "default" not in body, where, "neither from nor default")
    months, day = body.get("plus_months", 0), body.get("day", 1)
    _refuse_if(type(months) is not int or abs(months) > 600, where, "plus_months is not a number")
    good_day = day == "last" or (type(day) is int and 1 <= day <= 31)
    _refuse_if(not good_day, where, "day is 1 to 31 or last")
    return Source(
        columns=columns,
        join=_string(body, "join", where),
        prefix=_string(body, "prefix", where),
        default=_string(body, "default", where),
        values={str(k): str(v) for k, v in _mapping(body.get("values", {}), where).items()},
        conversion=conversion,
        form=_form(body, conversion, where),
        day_of_month=None if day == "last" else day,
        plus_months=months,
        rounded=body.get("round") is True,
    )


def _form(body: Mapping[str, Any], conversion: str, where: str) -> str:
    if conversion == "month_to_date":
        form = _date_form(body, "format", lambda text: dates.month_reader(text, 1), where)
        _refuse_if(not form, where, "month_to_date needs a format")
        return form
    return _date_form(body, "format", dates.reader, where)


def _date_form(
    body: Mapping[str, Any], key: str, check: Callable[[str], object], where: str
) -> str:
    form = _string(body, key, where)
    try:
        if form:
            check(form)
    except (ValueError, re.error):
        raise MappingInvalid(where=where, problem=f"{form} is not a form of dates") from None
    return form


def _columns(said: Any, where: str) -> tuple[str, ...]:
    columns = (said,) if isinstance(said, str) else said
    good = isinstance(columns, list | tuple) and all(isinstance(c, str) and c for c in columns)
    _refuse_if(not good, where, "from names one column or a list of them")
    return tuple(columns)


def _mapping(said: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(said, Mapping) or not all(isinstance(key, str) for key in said):
        raise MappingInvalid(where=where, problem="an object is expected")
    return said


def _string(body: Mapping[str, Any], key: str, where: str) -> str:
    said = body.get(key, "")
    _refuse_if(not isinstance(said, str) or len(said) > 200, where, f"{key} is not a short text")
    return str(said)


def _one_of(
    body: Mapping[str, Any], key: str, allowed: tuple[str, ...], otherwise: str = ""
) -> str:
    said = body.get(key, otherwise)
    _refuse_if(said not in allowed, key, f"it is one of {', '.join(a for a in allowed if a)}")
    return str(said)


def _refuse_if(wrong: object, where: str, problem: str) -> None:
    if wrong:
        raise MappingInvalid(where=where or "mapping", problem=problem)
