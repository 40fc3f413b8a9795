"""Segments, treatments and reasons the strategy may give; texts belong to the screens."""

from enum import StrEnum


class Treatment(StrEnum):
    """What is to be done with a case (催收策略)."""

    PHONE = "PHONE"
    PHONE_AND_VISIT = "PHONE_AND_VISIT"
    SETTLE_REST = "SETTLE_REST"


class Segment(StrEnum):
    """Which group a case is in; each has its own management grade (C1)."""

    EARLY = "EARLY"
    EARLY_LARGE = "EARLY_LARGE"
    BROKEN_PROMISE = "BROKEN_PROMISE"
    MIDDLE = "MIDDLE"
    LATE = "LATE"
    REST = "REST"


class Reason(StrEnum):
    """Why a case stands where it stands in the worklist."""

    PROMISE_BROKEN = "PROMISE_BROKEN"
    PROMISE_DUE = "PROMISE_DUE"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    NEW_CASE = "NEW_CASE"
    ABOUT_TO_ROLL = "ABOUT_TO_ROLL"
    PAID_PART = "PAID_PART"
    BALANCE_ABOVE_VALUE = "BALANCE_ABOVE_VALUE"
    DEEP_ARREARS = "DEEP_ARREARS"
    LARGE_OVERDUE = "LARGE_OVERDUE"
    IN_ORDER = "IN_ORDER"
