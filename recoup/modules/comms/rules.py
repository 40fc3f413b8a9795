"""Results of a call, and what each means for the next step."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


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
