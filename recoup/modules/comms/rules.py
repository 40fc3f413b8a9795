"""Results of a call, and what each means for the next step."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recoup.core.refusals import Refused


class CallResult(StrEnum):
    """Result codes of a call (催记结果码)."""

    PROMISE = "PROMISE"
    WANTS_PLAN = "WANTS_PLAN"
    DISPUTES = "DISPUTES"
    HARDSHIP = "HARDSHIP"
    REFUSES = "REFUSES"
    CALL_BACK = "CALL_BACK"
    NO_ANSWER = "NO_ANSWER"
    NOT_THE_PERSON = "NOT_THE_PERSON"
    WRONG_NUMBER = "WRONG_NUMBER"
    PAID = "PAID"


class NextStep(StrEnum):
    CALL = "CALL"
    CALL_OTHER_NUMBER = "CALL_OTHER_NUMBER"
    WATCH_PROMISE = "WATCH_PROMISE"
    OFFER_PLAN = "OFFER_PLAN"
    REVIEW_DISPUTE = "REVIEW_DISPUTE"
    VISIT = "VISIT"
    CHECK_PAYMENT = "CHECK_PAYMENT"


@dataclass(frozen=True, slots=True)
class ResultCode:
    """A result's key on the keyboard, whether someone answered, whether it was the debtor."""

    result: CallResult
    digit: str
    answered: bool
    right_party: bool
    next_step: NextStep
    next_in_days: int


CODES: tuple[ResultCode, ...] = (
    ResultCode(CallResult.PROMISE, "1", True, True, NextStep.WATCH_PROMISE, 0),
    ResultCode(CallResult.WANTS_PLAN, "2", True, True, NextStep.OFFER_PLAN, 1),
    ResultCode(CallResult.DISPUTES, "3", True, True, NextStep.REVIEW_DISPUTE, 1),
    ResultCode(CallResult.HARDSHIP, "4", True, True, NextStep.OFFER_PLAN, 3),
    ResultCode(CallResult.REFUSES, "5", True, True, NextStep.VISIT, 2),
    ResultCode(CallResult.CALL_BACK, "6", True, True, NextStep.CALL, 1),
    ResultCode(CallResult.NO_ANSWER, "7", False, False, NextStep.CALL, 1),
    ResultCode(CallResult.NOT_THE_PERSON, "8", True, False, NextStep.CALL_OTHER_NUMBER, 1),
    ResultCode(CallResult.WRONG_NUMBER, "9", True, False, NextStep.CALL_OTHER_NUMBER, 1),
    ResultCode(CallResult.PAID, "0", True, True, NextStep.CHECK_PAYMENT, 1),
)
BY_RESULT = {code.result: code for code in CODES}


def next_step_day(result: CallResult, business_day: date, promised_on: date | None) -> date:
    """When the next step is due: the promised day, else so many days after the business day."""
    if result is CallResult.PROMISE and promised_on is not None:
        return promised_on
    return business_day + timedelta(days=BY_RESULT[result].next_in_days)


# These say something of the debt, so we must first know that it was the debtor.
DEBT_WAS_DISCUSSED = frozenset(
    code.result for code in CODES if code.right_party and code.result is not CallResult.CALL_BACK
)
# These are followed up by somebody else, who reads only the note.
NOTE_NEEDED = frozenset({CallResult.DISPUTES, CallResult.HARDSHIP})
LONGEST_NOTE = 2000


class CallRefused(Refused):
    """A call cannot be saved; `reasons` are all the reasons, each a refusal of its own."""

    code = "call_refused"
    message = "The call was not saved."

    def __init__(self, reasons: tuple[Refused, ...]) -> None:
        super().__init__()
        self.reasons = reasons


class ContactPointForeign(Refused):
    """The number belongs to nobody whom the contract names."""

    code = "contact_point_foreign"
    message = "This number belongs to nobody named in the contract."


class NotANumberToCall(Refused):
    """An e-mail or postal address was called."""

    code = "not_a_number_to_call"
    message = "This is not a telephone number."


class IdentityUnchecked(Refused):
    """Nothing of the debt before the identity check has passed."""

    code = "identity_unchecked"
    message = "The debt was discussed: confirm that the person's identity was checked first."


class NoteMissing(Refused):
    """The result needs words."""

    code = "note_missing"
    message = "Note what the person said: whoever follows this up needs it."


class NoteTooLong(Refused):
    """The note exceeds LONGEST_NOTE."""

    code = "note_too_long"
    message = "The note is longer than %(limit)s characters."


class PromiseMissing(Refused):
    """The result is a promise, but no amount and day were given."""

    code = "promise_missing"
    message = "A promise needs an amount and a day."


class PromiseUnasked(Refused):
    """An amount and a day were given, but the result is no promise."""

    code = "promise_unasked"
    message = 'Only the result "promised to pay" takes an amount and a day.'


@dataclass(frozen=True, slots=True)
class CallSaid:
    """What the collector says of a call."""

    result: CallResult
    inbound: bool
    identity_checked: bool
    note: str
    has_promise: bool


def reasons_against(said: CallSaid) -> tuple[Refused, ...]:
    """What is wrong with what was said, all of it."""
    wrong = (
        (said.result in DEBT_WAS_DISCUSSED and not said.identity_checked, IdentityUnchecked()),
        (said.result in NOTE_NEEDED and not said.note.strip(), NoteMissing()),
        (len(said.note) > LONGEST_NOTE, NoteTooLong(limit=LONGEST_NOTE)),
        (said.result is CallResult.PROMISE and not said.has_promise, PromiseMissing()),
        (said.result is not CallResult.PROMISE and said.has_promise, PromiseUnasked()),
    )
    return tuple(refusal for is_wrong, refusal in wrong if is_wrong)
