"""Which kinds of parties and contact points there are."""

from enum import StrEnum


class PartyKind(StrEnum):
    PERSON = "PERSON"
    COMPANY = "COMPANY"


class ContactKind(StrEnum):
    MOBILE = "MOBILE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"


CALLABLE = frozenset({ContactKind.MOBILE, ContactKind.PHONE})


class Holder(StrEnum):
    """Whose number or address it is."""

    SELF = "SELF"
    SPOUSE = "SPOUSE"
    RELATIVE = "RELATIVE"
    EMPLOYER = "EMPLOYER"
    OTHER = "OTHER"
