"""Who may take how many rows out, what an export may become, and for how long it is there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused

KEPT_FOR = timedelta(hours=72)  # from being ready; then the file is destroyed
COUNTED_FOR = timedelta(hours=24)  # several small exports of one person count as one
LONGEST_REASON, SHORTEST_REASON = 200, 6
MOST_XLSX_ROWS = 100_000  # held in memory, so that nothing in the clear touches the disk


class ListCode(StrEnum):
    """Which list a page shows."""

    CASES = "CASES"
    PROMISES = "PROMISES"
    PAYMENTS = "PAYMENTS"
    ARREARS = "ARREARS"


class FileFormat(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"


class Purpose(StrEnum):
    """What the rows are needed for; there is no "other"."""

    LENDER_REPORT = "LENDER_REPORT"
    RECONCILIATION = "RECONCILIATION"
    REGULATOR = "REGULATOR"
    AUDIT = "AUDIT"
    LEGAL = "LEGAL"
    OPERATION = "OPERATION"


class ExportState(StrEnum):
    WAITING = "WAITING"
    QUEUED = "QUEUED"
    READY = "READY"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class ExportEvent(StrEnum):
    APPROVE = "APPROVE"
    REFUSE = "REFUSE"
    FINISH = "FINISH"
    FAIL = "FAIL"
    EXPIRE = "EXPIRE"


MOVES: dict[tuple[ExportState, ExportEvent], ExportState] = {
    (ExportState.WAITING, ExportEvent.APPROVE): ExportState.QUEUED,
    (ExportState.WAITING, ExportEvent.REFUSE): ExportState.REFUSED,
    (ExportState.QUEUED, ExportEvent.FINISH): ExportState.READY,
    (ExportState.QUEUED, ExportEvent.FAIL): ExportState.FAILED,
    (ExportState.READY, ExportEvent.EXPIRE): ExportState.EXPIRED,
}


class MoveRefused(Refused):
    """The state table does not list this move."""

    code = "export_move_refused"
    message = "This export is already decided, ready or gone."


class ReasonTooShort(Refused):
    """Somebody must be able to judge later whether the export was needed."""

    code = "export_reason_too_short"
    message = "Say in a few words why you need these rows; it is kept with your name."


class TooManyRows(Refused):
    """More than the role may take out, even with approval."""

    code = "export_too_many_rows"
    message = "%(rows)s rows are more than your role may take out (%(most)s). Narrow the list down."


class NoRows(Refused):
    """An empty file is of no use to anyone."""

    code = "export_has_no_rows"
    message = "The list has no rows for these filters."


class LenderNotServed(Refused):
    """The rows are another lender's."""

    code = "export_lender_not_served"
    message = "You do not work for this lender."


class OwnRequest(Refused):
    """Nobody approves their own export."""

    code = "export_own_request"
    message = "You asked for this export; somebody else has to decide on it."


class NotYours(Refused):
    """The file is for the person who asked, nobody else."""

    code = "export_not_yours"
    message = "Only the person who asked for an export may fetch it."


class Gone(Refused):
    """The link has expired or the file was never made."""

    code = "export_gone"
    message = "This export is not there, or no longer: its link has expired. Ask for it anew."


class DaysWrong(Refused):
    """The first day lies after the last."""

    code = "export_days_wrong"
    message = "The first day lies after the last."


class TooManyForWorkbook(Refused):
    """A workbook is made in memory."""

    code = "export_too_many_for_workbook"
    message = "A workbook holds at most %(most)s rows; choose CSV."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, how, and whether with names and numbers in full."""

    list_code: ListCode
    lender_id: int
    file_format: FileFormat
    is_unmasked: bool = False
    bucket: int | None = None
    team_id: int | None = None
    promise_state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RowLimit:
    """What a role may take out: `alone` without asking anybody, `at_most` with approval."""

    alone: int
    at_most: int


NOTHING = RowLimit(0, 0)


def widest(limits: list[RowLimit]) -> RowLimit:
    """The limit of somebody with several roles; without any, nothing may be taken out."""
    return max(limits, key=lambda limit: (limit.at_most, limit.alone), default=NOTHING)


def check_wanted(wanted: Wanted) -> None:
    """Raises DaysWrong."""
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise DaysWrong


def first_state(rows: int, taken_lately: int, limit: RowLimit, file_format: FileFormat) -> str:
    """QUEUED if the person may take this alone, WAITING if a second one has to approve.

    What the person took out in the last day counts: ten small exports are one large.
    Raises NoRows, TooManyRows, TooManyForWorkbook.
    """
    if rows == 0:
        raise NoRows
    if rows > limit.at_most:
        raise TooManyRows(rows=rows, most=limit.at_most)
    if file_format is FileFormat.XLSX and rows > MOST_XLSX_ROWS:
        raise TooManyForWorkbook(most=MOST_XLSX_ROWS)
    is_alone = rows + taken_lately <= limit.alone
    return ExportState.QUEUED if is_alone else ExportState.WAITING


def next_state(state: ExportState, event: ExportEvent) -> ExportState:
    """The state after `event`. Raises MoveRefused for what the table does not list."""
    if (state, event) not in MOVES:
        raise MoveRefused
    return MOVES[state, event]


def check_decider(asked_by: int, decided_by: int) -> None:
    """Raises OwnRequest."""
    if asked_by == decided_by:
        raise OwnRequest


def sound_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ReasonTooShort."""
    bare = " ".join(reason.split())
    if len(bare) < SHORTEST_REASON:
        raise ReasonTooShort
    return bare[:LONGEST_REASON]


def is_there(state: ExportState, expires_at: datetime | None, at: datetime) -> bool:
    """Whether the file can be fetched."""
    return state is ExportState.READY and expires_at is not None and at < expires_at


def number_of(export_id: int) -> str:
    """How an export is called on paper: X-000123."""
    return f"X-{export_id:06d}"


def id_of(number: str) -> int | None:
    """The id behind a number; None if it is none."""
    head, dash, digits = number.strip().upper().partition("-")
    return int(digits) if head == "X" and dash and digits.isdigit() else None
