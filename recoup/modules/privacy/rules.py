"""How long data is kept and why, what a person may ask, what a hold stops. Duties: docs/law."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused

LONGEST_TEXT, SHORTEST_TEXT = 2000, 4
ASSESSMENT_KEPT_YEARS = 3  # 个人信息保护法 art. 56 (CN-REC-007)


class DataKind(StrEnum):
    """What goes together: a person, what was noted of a contract, a car, refused rows, backups."""

    OBLIGOR = "OBLIGOR"
    THIRD_PERSON = "THIRD_PERSON"
    NOTES = "NOTES"
    VEHICLE = "VEHICLE"
    QUARANTINE = "QUARANTINE"
    BACKUP = "BACKUP"


# The law's own least, in months: a schedule may keep longer, never shorter. 反洗钱法 art. 34
# (CN-REC-006): identity data ten years after the relation; recordings and notes of collection three
# years after the last (CN-REC-007 for records of processing; the default of compliance_rules.yaml).
LEAST_MONTHS: dict[DataKind, int] = {
    DataKind.OBLIGOR: 120,
    DataKind.THIRD_PERSON: 0,
    DataKind.NOTES: 36,
    DataKind.VEHICLE: 0,
    DataKind.QUARANTINE: 0,
    DataKind.BACKUP: 1,
}
# Backups hold what is forgotten until they go, so they go before the shortest schedule has run.
LONGEST_BACKUP_MONTHS = 6


class RetentionAction(StrEnum):
    """Overwritten so that nobody is told by what is left, or gone altogether."""

    DE_IDENTIFY = "DE_IDENTIFY"
    DELETE = "DELETE"


class RunState(StrEnum):
    """A deletion: listed (a dry run), let go by a second person, done, or dropped."""

    LISTING = "LISTING"
    PLANNED = "PLANNED"
    APPROVED = "APPROVED"
    DONE = "DONE"
    DROPPED = "DROPPED"


class RunEvent(StrEnum):
    LIST = "LIST"
    APPROVE = "APPROVE"
    DROP = "DROP"
    FINISH = "FINISH"


RUN_MOVES: dict[tuple[RunState, RunEvent], RunState] = {
    (RunState.LISTING, RunEvent.LIST): RunState.PLANNED,
    (RunState.LISTING, RunEvent.DROP): RunState.DROPPED,
    (RunState.PLANNED, RunEvent.APPROVE): RunState.APPROVED,
    (RunState.PLANNED, RunEvent.DROP): RunState.DROPPED,
    (RunState.APPROVED, RunEvent.FINISH): RunState.DONE,
}


class ItemState(StrEnum):
    """One subject of a deletion: to do, done, or left because a hold or a new reason came up."""

    PLANNED = "PLANNED"
    DONE = "DONE"
    HELD = "HELD"
    NOT_DUE = "NOT_DUE"


class HoldScope(StrEnum):
    """Whom or what a legal hold keeps from being forgotten."""

    PERSON = "PERSON"
    CONTRACT = "CONTRACT"
    LENDER = "LENDER"


class RestrictionScope(StrEnum):
    """Who or what is kept and not used: somebody, or one contract."""

    PERSON = "PERSON"
    CONTRACT = "CONTRACT"


class RestrictionCause(StrEnum):
    """Why something is only kept. TERM is set by the schedules, the others by people."""

    TERM = "TERM"
    OBJECTION = "OBJECTION"
    WITHDRAWAL = "WITHDRAWAL"
    UNLAWFUL = "UNLAWFUL"


# The articles (个人信息保护法), as they stand on the page; CN-PI-002, CN-PI-007.
CAUSE_BASIS: dict[RestrictionCause, str] = {
    RestrictionCause.TERM: "个保法 19, 47(1)(一)(二), 47(2)",
    RestrictionCause.OBJECTION: "个保法 44",
    RestrictionCause.WITHDRAWAL: "个保法 15, 47(1)(三), 47(2)",
    RestrictionCause.UNLAWFUL: "个保法 47(1)(四), 47(2)",
}


BY_PEOPLE = tuple(cause for cause in RestrictionCause if cause is not RestrictionCause.TERM)


class RequestKind(StrEnum):
    """What the law lets a person ask (个人信息保护法 art. 15, 24, 44-48)."""

    ACCESS = "ACCESS"
    CORRECTION = "CORRECTION"
    DELETION = "DELETION"
    EXPLANATION = "EXPLANATION"
    WITHDRAWAL = "WITHDRAWAL"


class RequestState(StrEnum):
    RECEIVED = "RECEIVED"
    IDENTIFIED = "IDENTIFIED"
    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"


class RequestEvent(StrEnum):
    IDENTIFY = "IDENTIFY"
    ANSWER = "ANSWER"
    REFUSE = "REFUSE"


REQUEST_MOVES: dict[tuple[RequestState, RequestEvent], RequestState] = {
    (RequestState.RECEIVED, RequestEvent.IDENTIFY): RequestState.IDENTIFIED,
    (RequestState.RECEIVED, RequestEvent.REFUSE): RequestState.REFUSED,
    (RequestState.IDENTIFIED, RequestEvent.ANSWER): RequestState.ANSWERED,
    (RequestState.IDENTIFIED, RequestEvent.REFUSE): RequestState.REFUSED,
}
OPEN_REQUESTS = frozenset({RequestState.RECEIVED, RequestState.IDENTIFIED})


class Channel(StrEnum):
    """How somebody asked, agreed or withdrew."""

    COUNTER = "COUNTER"
    PHONE = "PHONE"
    LETTER = "LETTER"
    ONLINE = "ONLINE"
    CONTRACT = "CONTRACT"


class IdentityCheck(StrEnum):
    """How we made sure that it was the person."""

    ID_DOCUMENT = "ID_DOCUMENT"
    CALL_BACK = "CALL_BACK"
    SIGNED_LETTER = "SIGNED_LETTER"
    ONLINE_IDENTITY = "ONLINE_IDENTITY"


class SensitiveKind(StrEnum):
    """Sensitive personal data (个人信息保护法 art. 28)."""

    BIOMETRIC = "BIOMETRIC"
    HEALTH = "HEALTH"
    ACCOUNT = "ACCOUNT"
    LOCATION = "LOCATION"
    MINOR = "MINOR"
    IDENTITY = "IDENTITY"


class AssessmentReason(StrEnum):
    """When an impact assessment must be made beforehand (个人信息保护法 art. 55)."""

    SENSITIVE = "SENSITIVE"
    AUTOMATED_DECISION = "AUTOMATED_DECISION"
    ENTRUSTED = "ENTRUSTED"
    PROVIDED = "PROVIDED"
    ABROAD = "ABROAD"
    GREAT_INFLUENCE = "GREAT_INFLUENCE"


class Risk(StrEnum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class TextMissing(Refused):
    """A record that says nothing is none."""

    code = "privacy_text_missing"
    message = "Say it in words; the record is read by others later."


class SamePerson(Refused):
    """Four eyes."""

    code = "privacy_same_person"
    message = "Somebody else has to approve what you prepared."


class MoveRefused(Refused):
    """The state tables do not list this move."""

    code = "privacy_move_refused"
    message = "This has been decided already, or its turn has not come."


class IdentityUnproved(Refused):
    """Nothing of a person is handed to whoever says they are that person."""

    code = "privacy_identity_unproved"
    message = "Check the person's identity first and write down how."


class TooShort(Refused):
    """The law wants it kept longer."""

    code = "privacy_retention_too_short"
    message = "The law asks for at least %(months)s months here."


class TooLong(Refused):
    """What is forgotten would stand in backups for longer than it was kept."""

    code = "privacy_retention_too_long"
    message = "Backups are kept for %(months)s months at most."


class NotFound(Refused):
    """Nobody of this number, or not of a lender one works for."""

    code = "privacy_not_found"
    message = "There is no such person or record among the lenders you work for."


class WrongKind(Refused):
    """Only a request for access is answered with a file."""

    code = "privacy_wrong_kind"
    message = "A file is made for a request for access or explanation only."


class AlreadyRestricted(Refused):
    """One standing restriction per cause."""

    code = "privacy_already_restricted"
    message = "This is restricted for that cause already."


class SetByTheSchedule(Refused):
    """What the schedules restrict, they set free again when it is in use again."""

    code = "privacy_set_by_the_schedule"
    message = "The schedules set and end this one; change the schedule instead."


class DayWrong(Refused):
    """A day that cannot be."""

    code = "privacy_day_wrong"
    message = "This day lies in the future, or the end before the beginning."


class AlreadyWithdrawn(Refused):
    """A consent is withdrawn once."""

    code = "privacy_already_withdrawn"
    message = "This consent was withdrawn before."


@dataclass(frozen=True, slots=True)
class Term:
    """Within how many calendar days a kind of request is answered (及时; the number is ours)."""

    days: int


def due_on(received_on: date, term: Term) -> date:
    """The last day for the answer."""
    return received_on + timedelta(days=term.days)


def sound_text(text: str) -> str:
    """The text without blanks around it. Raises TextMissing."""
    bare = text.strip()
    if len(bare) < SHORTEST_TEXT:
        raise TextMissing
    return bare[:LONGEST_TEXT]


def sound_code(code: str) -> str:
    """A short name in capitals. Raises TextMissing."""
    bare = code.strip().upper()[:32]
    if not bare:
        raise TextMissing
    return bare


def check_months(kind: DataKind, months: int) -> None:
    """Raises TooShort, TooLong."""
    if months < LEAST_MONTHS[kind]:
        raise TooShort(months=LEAST_MONTHS[kind])
    if kind is DataKind.BACKUP and months > LONGEST_BACKUP_MONTHS:
        raise TooLong(months=LONGEST_BACKUP_MONTHS)


def check_second(first: int | None, second: int) -> None:
    """Two different people. Raises SamePerson."""
    if first == second:
        raise SamePerson


def next_run_state(state: RunState, event: RunEvent) -> RunState:
    """Raises MoveRefused."""
    if (state, event) not in RUN_MOVES:
        raise MoveRefused
    return RUN_MOVES[state, event]


def next_request_state(state: RequestState, event: RequestEvent) -> RequestState:
    """Raises IdentityUnproved for an answer before the identity is checked, else MoveRefused."""
    if (state, event) == (RequestState.RECEIVED, RequestEvent.ANSWER):
        raise IdentityUnproved
    if (state, event) not in REQUEST_MOVES:
        raise MoveRefused
    return REQUEST_MOVES[state, event]


def months_later(day: date, months: int) -> date:
    """The same day months later; the last of the month where it has no such day."""
    months += day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def years_later(day: date, years: int) -> date:
    """The same day years later; the last of February after a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
