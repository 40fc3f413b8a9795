"""Why a row is refused: a code, and the sentence it stands for with its values.

Doors translate the sentence and fill in the values that stand in the quarantine.
"""

from recoup.core.currencies import CurrencyUnknown
from recoup.core.money import AmountNotANumber, AmountSigned, AmountTooFine, AmountTooLarge
from recoup.core.refusals import Refused


class CellRefused(Refused):
    """A cell which cannot be read as what its column holds."""

    code = "cell_refused"
    message = "This value cannot be used."


class Missing(CellRefused):
    code = "missing"
    message = "A value is required here."


class TextTooLong(CellRefused):
    code = "text_too_long"
    message = "The text has %(length)s characters; at most %(most)s fit."


class ControlCharacter(CellRefused):
    code = "control_character"
    message = "The text contains an invisible control character."


class FormulaInCell(CellRefused):
    code = "formula_in_cell"
    message = "The cell begins with “=”; send values, not formulas."


class CellIsAnError(CellRefused):
    code = "cell_is_an_error"
    message = "The spreadsheet shows the error %(text)s here."


class NumberShortened(CellRefused):
    code = "number_shortened"
    message = "The spreadsheet has shortened this number to %(text)s; format the column as text."


class DateImpossible(CellRefused):
    code = "date_impossible"
    message = "%(text)s is not a day of the calendar."


class DateUnreadable(CellRefused):
    code = "date_unreadable"
    message = "“%(text)s” is not a date in the form %(form)s."


class DateOutOfRange(CellRefused):
    code = "date_out_of_range"
    message = "%(text)s lies outside the years %(least)s to %(most)s."


class NumberUnreadable(CellRefused):
    code = "number_unreadable"
    message = "“%(text)s” is not a number."


class NumberNotWhole(CellRefused):
    code = "number_not_whole"
    message = "“%(text)s” is not a whole number."


class NumberOutOfRange(CellRefused):
    code = "number_out_of_range"
    message = "%(text)s lies outside %(least)s to %(most)s."


class RateTooFine(CellRefused):
    code = "rate_too_fine"
    message = "%(text)s has more than the four decimals of a per cent that are kept."


class YesNoUnreadable(CellRefused):
    code = "yes_no_unreadable"
    message = "“%(text)s” is neither yes nor no."


class ChoiceUnknown(CellRefused):
    code = "choice_unknown"
    message = "“%(text)s” is not one of %(choices)s."


class ValueUnmapped(CellRefused):
    code = "value_unmapped"
    message = "The mapping does not say what “%(text)s” stands for."


class RowTooShort(CellRefused):
    code = "row_too_short"
    message = "The row has %(cells)s cells, the header %(columns)s; it may be cut off."


class RowTooLong(CellRefused):
    code = "row_too_long"
    message = "The row has %(cells)s cells, the header %(columns)s; a comma may lack its quotes."


class RowMisquoted(CellRefused):
    code = "row_misquoted"
    message = "The quotation marks of this row do not match."


CELL_REASONS: tuple[type[Refused], ...] = (
    Missing,
    TextTooLong,
    ControlCharacter,
    FormulaInCell,
    CellIsAnError,
    NumberShortened,
    DateImpossible,
    DateUnreadable,
    DateOutOfRange,
    NumberUnreadable,
    NumberNotWhole,
    NumberOutOfRange,
    RateTooFine,
    YesNoUnreadable,
    ChoiceUnknown,
    ValueUnmapped,
    RowTooShort,
    RowTooLong,
    RowMisquoted,
    AmountNotANumber,
    AmountSigned,
    AmountTooFine,
    AmountTooLarge,
    CurrencyUnknown,
)
# Found by the judging SQL, which knows what is there already and what else the file holds.
SET_REASONS = {
    "duplicate_in_file": "Row %(first_row)s of this file says the same already.",
    "contract_unknown": "There is no contract %(value)s.",
    "party_unknown": "There is no party %(value)s.",
    "currency_differs": "The contract is in %(expected)s, the row in %(found)s.",
    "contract_currency_fixed": "The contract is kept in %(expected)s and cannot become %(found)s.",
    "terms_fixed_by_postings": (
        "The contract has money booked on it; its terms cannot change by file (%(columns)s)."
    ),
    "schedule_fixed_by_postings": (
        "The contract has money booked on it; this instalment cannot change by file."
    ),
    "first_due_before_signing": "The first due date lies before the signing on %(signed_on)s.",
    "matures_before_first_due": "The contract ends before its first due date %(first_due_on)s.",
    "due_before_signing": "The due date lies before the signing on %(signed_on)s.",
    "schedule_refused_with_row": "Row %(other_row)s of the same schedule is refused.",
    "due_dates_do_not_ascend": "Instalment %(other_seq)s, before this one, is due later.",
    "principal_sum_differs": (
        "The instalments add up to a principal of %(found)s; the contract says %(expected)s."
    ),
    "paid_more_than_due": "More is paid (%(paid)s) than is due (%(due)s).",
    "amount_is_zero": "The amount is zero.",
    "payment_before_signing": "The payment lies before the signing on %(signed_on)s.",
    "payment_in_future": "The payment lies after the day this file came in.",
    "payment_differs": ("A payment with this reference is kept already: %(kept)s on %(kept_on)s."),
    "day_basis_unknown": "A year has 360 or 365 days here.",
    "schedule_not_made": "No schedule can be made from these terms: %(problem)s",
}

SENTENCES: dict[str, str] = {no.code: no.message for no in CELL_REASONS} | SET_REASONS


def sentence(code: str) -> str:
    """The English sentence of a reason; an unknown code (an older one) stands for itself."""
    return SENTENCES.get(code, code)
