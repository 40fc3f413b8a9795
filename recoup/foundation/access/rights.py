"""What a person or a service may be allowed to do; roles are sets of these, kept as data."""

from enum import StrEnum


class Right(StrEnum):
    """One thing that can be allowed. Names are what the acts are called; data refers to them."""

    SEE_CASES = "SEE_CASES"
    WORK_CASES = "WORK_CASES"
    ASSIGN_CASES = "ASSIGN_CASES"
    CLOSE_CASES = "CLOSE_CASES"
    SEE_TEAM = "SEE_TEAM"
    POST_PAYMENTS = "POST_PAYMENTS"
    REVERSE_PAYMENTS = "REVERSE_PAYMENTS"
    APPROVE_MONEY = "APPROVE_MONEY"
    TAKE_IN = "TAKE_IN"
    CORRECT_DATA = "CORRECT_DATA"
    REVEAL = "REVEAL"
    EXPORT = "EXPORT"
    APPROVE_EXPORTS = "APPROVE_EXPORTS"
    KEEP_CUSTODY = "KEEP_CUSTODY"
    KEEP_PRIVACY = "KEEP_PRIVACY"
    KEEP_WEBHOOKS = "KEEP_WEBHOOKS"
    SEE_AUDIT = "SEE_AUDIT"
    INSPECT = "INSPECT"
    MANAGE_STAFF = "MANAGE_STAFF"
    OPERATE = "OPERATE"


# These need a second factor in the session, not a password alone (issue 3; ASVS 5.0 V6.3.3).
NEED_SECOND_FACTOR = frozenset(
    {
        Right.EXPORT,
        Right.APPROVE_EXPORTS,
        Right.KEEP_WEBHOOKS,
        Right.REVERSE_PAYMENTS,
        Right.APPROVE_MONEY,
        Right.MANAGE_STAFF,
        Right.SEE_AUDIT,
        Right.INSPECT,
    }
)


class Reach(StrEnum):
    """Whose cases: all of the lenders served, an agency's placements, the team's, one's own."""

    ALL = "ALL"
    LENDER = "LENDER"
    AGENCY = "AGENCY"
    TEAM = "TEAM"
    OWN = "OWN"
    SELF = "SELF"
    NONE = "NONE"
