"""One cell of text becomes one value of its column's type, or is refused with a reason. Pure."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from recoup.core.currencies import exponent
from recoup.core.money import parse
from recoup.modules.intake.columns import Column
from recoup.modules.intake.reasons import (
    CellIsAnError,
    ChoiceUnknown,
    ControlCharacter,
    FormulaInCell,
    NumberNotWhole,
    NumberOutOfRange,
    NumberShortened,
    NumberUnreadable,
    RateTooFine,
    TextTooLong,
    YesNoUnreadable,
)

Convert = Callable[[str], object]

_DECIMAL = re.compile(
    r"[+-]?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,30})?", re.ASCII
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}", re.ASCII)
_SHEET_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"}
)
_YES = frozenset({"true", "t", "yes", "y", "1", "是", "有", "真", "√"})
_NO = frozenset({"false", "f", "no", "n", "0", "否", "无", "假", "×"})
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
MICRO_PER_PERCENT = 10_000
MICRO_PER_ONE = 1_000_000


def text(column: Column) -> Convert:
    """Text up to the column's length.

    Refuses formulas, spreadsheet errors and control characters; a line break becomes a space.
    """
    longest = column.longest

    def convert(cell: str) -> str:
        if not cell.isprintable():
            if _NOT_TEXT.search(cell):
                raise ControlCharacter
            cell = " ".join(cell.split())
        if len(cell) > longest:
            raise TextTooLong(length=len(cell), most=longest)
        if cell[0] in "=#":
            _refuse_spreadsheet_leftovers(cell)
        return cell

    return convert


def _refuse_spreadsheet_leftovers(cell: str) -> None:
    if cell[0] == "=":
        raise FormulaInCell
    if cell in _SHEET_ERRORS:
        raise CellIsAnError(text=cell)


def identifier(column: Column) -> Convert:
    """As text; refuses a number which a spreadsheet has shortened, such as 1.23457E+15."""
    as_text = text(column)

    def convert(cell: str) -> object:
        if _SHORTENED.fullmatch(cell):
            raise NumberShortened(text=cell)
        return as_text(cell)

    return convert


def money(currency: str, *, decimal_comma: bool = False, rounded: bool = False) -> Convert:
    """Minor units of an amount in major units.

    `decimal_comma` reads 1.234,56. `rounded` rounds half up what is finer than the currency,
    as a mapping must ask for by name. Raises CurrencyUnknown.
    """
    decimals = exponent(currency)

    def convert(cell: str) -> int:
        plain = _swapped(cell) if decimal_comma else cell
        if rounded and _DECIMAL.fullmatch(plain):
            plain = str(_round(Decimal(plain.replace(",", "")), decimals))
        return parse(plain, currency).minor

    return convert


def rate(column: Column, *, fraction: bool = False, rounded: bool = False) -> Convert:
    """Millionths a year of a rate in per cent (8.4, 8.4%) or, if so mapped, a fraction (0.084)."""
    most = int(column.most or 100) * MICRO_PER_PERCENT

    @lru_cache(maxsize=16_384)
    def convert(cell: str) -> int:
        percent_sign = cell.endswith(("%", "％"))
        bare = cell[:-1].rstrip() if percent_sign else cell
        unit = MICRO_PER_ONE if fraction and not percent_sign else MICRO_PER_PERCENT
        exact = _number(bare, cell) * unit
        micro = _round(exact, 0) if rounded else exact.to_integral_value()
        if not rounded and micro != exact:
            raise RateTooFine(text=cell)
        if not 0 <= micro <= most:
            raise NumberOutOfRange(text=cell, least="0%", most=f"{column.most or 100}%")
        return int(micro)

    return convert


def multiplier(column: Column) -> Convert:
    """A plain decimal from 0 to the column's most, as its exact text."""
    most = Decimal(column.most)

    def convert(cell: str) -> Decimal:
        value = _number(cell, cell)
        if not 0 <= value <= most:
            raise NumberOutOfRange(text=cell, least="0", most=column.most)
        return value

    return convert


def whole(column: Column) -> Convert:
    """A whole number within the column's range; 5.0 is whole."""
    least, most = int(column.least), int(column.most)

    def convert(cell: str) -> int:
        if not _WHOLE.fullmatch(cell):
            number = _number(cell, cell)
            if number != number.to_integral_value():
                raise NumberNotWhole(text=cell)
            value = int(number)
        else:
            value = int(cell)
        if not least <= value <= most:
            raise NumberOutOfRange(text=cell, least=column.least, most=column.most)
        return value

    return convert


def yes_no(cell: str) -> bool:
    """Yes or no in English, Chinese, or as 1 and 0."""
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise YesNoUnreadable(text=cell)


def choice(column: Column) -> Convert:
    """One of the column's values, by any of its spellings."""

    def convert(cell: str) -> str:
        try:
            return column.choices[cell.lower()]
        except KeyError:
            raise ChoiceUnknown(text=cell, choices=", ".join(column.values)) from None

    return convert


@lru_cache(maxsize=256)
def currency(cell: str) -> str:
    """An ISO 4217 code, in any case; 人民币 and RMB are CNY. Raises CurrencyUnknown."""
    code = {"人民币": "CNY", "RMB": "CNY", "元": "CNY"}.get(cell.upper(), cell.upper())
    exponent(code)
    return code


def _number(cell: str, shown: str) -> Decimal:
    if not _DECIMAL.fullmatch(cell):
        raise NumberUnreadable(text=shown)
    return Decimal(cell.replace(",", ""))


def _round(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _swapped(cell: str) -> str:
    return cell.translate({ord("."): ",", ord(","): "."})
