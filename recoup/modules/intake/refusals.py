"""Why a whole file is refused. Reasons for single rows stand in `reasons`."""

from recoup.core.refusals import Refused


class FileMissing(Refused):
    code = "file_missing"
    message = "There is no file %(name)s."


class FileEmpty(Refused):
    code = "file_empty"
    message = "The file is empty."


class FileTooLarge(Refused):
    code = "file_too_large"
    message = "The file has %(megabytes)s MB; at most %(limit)s MB are taken in at once."


class FormatUnknown(Refused):
    code = "format_unknown"
    message = "The file is %(found)s. Send CSV, XLSX or Parquet."


class FormatMisnamed(Refused):
    code = "format_misnamed"
    message = "The file is named %(suffix)s, but its content is %(found)s."


class EncodingUnknown(Refused):
    code = "encoding_unknown"
    message = (
        "The text is neither UTF-8 nor GB18030: line %(line)s has a byte that fits neither. "
        "Save it as “CSV UTF-8”."
    )


class EncodingWrong(Refused):
    code = "encoding_wrong"
    message = "The mapping says %(encoding)s, but line %(line)s is not."


class EncodingMixed(Refused):
    code = "encoding_mixed"
    message = "Line %(utf8_line)s is UTF-8 and line %(gb_line)s is GB18030. Send one encoding."


class NulByte(Refused):
    code = "nul_byte"
    message = "Line %(line)s contains a zero byte; this is not a text file."


class LineTooLong(Refused):
    code = "line_too_long"
    message = "Line %(line)s is longer than %(limit)s bytes; this is not a table of rows."


class QuoteUnclosed(Refused):
    code = "quote_unclosed"
    message = "A quotation mark opened in line %(line)s is never closed; the file may be cut off."


class HeaderMissing(Refused):
    code = "header_missing"
    message = "The first row must name the columns."


class HeaderRepeated(Refused):
    code = "header_repeated"
    message = "These columns are named twice: %(columns)s."


class ColumnsTooMany(Refused):
    code = "columns_too_many"
    message = "The file has %(columns)s columns; at most %(limit)s are read."


class ColumnsMissing(Refused):
    code = "columns_missing"
    message = "These columns are missing: %(columns)s."


class ArchiveDamaged(Refused):
    code = "archive_damaged"
    message = "The workbook is damaged or cut off (%(part)s). Save it again and send it anew."


class ArchiveEncrypted(Refused):
    code = "archive_encrypted"
    message = "The workbook is protected by a password. Send it without one."


class ArchiveTooLarge(Refused):
    code = "archive_too_large"
    message = "The workbook would unpack to more than is allowed (%(part)s)."


class WorkbookUnreadable(Refused):
    code = "workbook_unreadable"
    message = "The workbook cannot be read: %(part)s is not as it must be."


class SheetMissing(Refused):
    code = "sheet_missing"
    message = "There is no sheet “%(sheet)s”; the workbook has %(sheets)s."


class FormulaFound(Refused):
    code = "formula_found"
    message = (
        "Cell %(cell)s of sheet “%(sheet)s” is a formula. Paste the values instead; "
        "a formula may show something else tomorrow."
    )


class ParquetDamaged(Refused):
    code = "parquet_damaged"
    message = "The Parquet file is damaged or cut off."


class ParquetTooLarge(Refused):
    code = "parquet_too_large"
    message = "The Parquet file would unpack to more than is allowed."


class ParquetNested(Refused):
    code = "parquet_nested"
    message = "Column %(column)s holds %(type)s; only plain values can be read."


class LenderUnknown(Refused):
    code = "lender_unknown"
    message = "There is no lender %(lender)s."


class MappingUnknown(Refused):
    code = "mapping_unknown"
    message = "There is no mapping %(mapping)s for this lender."


class MappingInvalid(Refused):
    code = "mapping_invalid"
    message = "The mapping cannot be used: %(where)s: %(problem)s."


class MappingReserved(Refused):
    code = "mapping_reserved"
    message = "%(mapping)s is built in; choose another name."


class KindUnknown(Refused):
    code = "kind_unknown"
    message = "Say which table the file holds: %(kinds)s."


class FileBeingTakenIn(Refused):
    code = "file_being_taken_in"
    message = "This very file is being taken in right now, as batch %(batch)s."


class FileTakenInAlready(Refused):
    code = "file_taken_in_already"
    message = "This very file was taken in already, as batch %(batch)s; nothing has changed."


class BatchNotWaiting(Refused):
    code = "batch_not_waiting"
    message = "Batch %(batch)s has been taken in already or is on its way."


class RowsDiffer(Refused):
    code = "rows_differ"
    message = "The file has %(found)s rows; %(expected)s were announced. Nothing was taken in."
