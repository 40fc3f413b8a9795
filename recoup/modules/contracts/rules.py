"""What a contract may say, and what may become of it."""

from enum import StrEnum


class RepaymentMethod(StrEnum):
    EQUAL_INSTALMENT = "EQUAL_INSTALMENT"
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL"
    INTEREST_FIRST = "INTEREST_FIRST"
    BALLOON = "BALLOON"
    FREE = "FREE"


class ContractState(StrEnum):
    ACTIVE = "ACTIVE"
    SETTLED = "SETTLED"
    CHARGED_OFF = "CHARGED_OFF"


class Role(StrEnum):
    """A party's part in a contract."""

    BORROWER = "BORROWER"
    CO_BORROWER = "CO_BORROWER"
    GUARANTOR = "GUARANTOR"
    CONTACT = "CONTACT"
