"""Which kinds of parties and contact points there are, and what may be shown of them unasked."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from recoup.core.refusals import Refused


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


# The masked form is kept in clear beside what is sealed: lists and the night open nothing.

STAR = "*"
MASKED_DAY = "****-**-**"  # nothing here reckons with anybody's age, so not even the year is shown
MOST_WORDS = 8
_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def masked_name(name: str) -> str:
    """王小强 → 王*强, 王强 → 王*, John Smith → J*** S***."""
    bare = name.strip()
    if not _CJK.search(bare):
        return " ".join(f"{word[0]}***" for word in bare.split()[:MOST_WORDS])
    if len(bare) <= 2:
        return bare[:1] + STAR * (len(bare) - 1)
    return bare[0] + STAR * min(len(bare) - 2, 4) + bare[-1]


def masked_phone(number: str) -> str:
    """13812346021 → 138****6021; short numbers keep only their last two digits."""
    bare = number.strip()
    if len(bare) < 8:
        return STAR * max(len(bare) - 2, 0) + bare[-2:]
    return f"{bare[:3]}****{bare[-4:]}"


def masked_id(number: str) -> str:
    """An identity number: first three and last four, e.g. 310***********1234."""
    bare = number.strip()
    if len(bare) < 10:
        return STAR * len(bare)
    return bare[:3] + STAR * (len(bare) - 7) + bare[-4:]


def masked_email(address: str) -> str:
    """liu.min@example.com → l***@example.com."""
    name, at, host = address.strip().partition("@")
    return f"{name[:1]}***{at}{host[:200]}"


def masked_address(address: str) -> str:
    """The first half, at most twelve characters: district and street, not the door."""
    bare = address.strip()
    return bare[: min(len(bare) // 2, 12)] + "***"


def masked_employer(employer: str) -> str:
    """上海示例有限公司 → 上海***, Sample Ltd → S*** L***."""
    bare = employer.strip()
    return bare[:2] + "***" if _CJK.search(bare) else masked_name(bare)


_MASKS = {
    ContactKind.MOBILE: masked_phone,
    ContactKind.PHONE: masked_phone,
    ContactKind.EMAIL: masked_email,
    ContactKind.ADDRESS: masked_address,
}


def masked_contact(kind: str, value: str) -> str:
    """A number or address, masked after its kind."""
    return _MASKS[ContactKind(kind)](value)


# What a blind index is made of: two spellings of one number are one number.

_NOT_DIGITS = re.compile(r"\D+")
_SPACES = re.compile(r"\s+")
_CHINESE_MOBILE = re.compile(r"(?:00)?86(1\d{10})")


def plain_name(name: str) -> str:
    """One form of a name's characters and spaces. Case is kept: a corrected one is a change."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", name).strip())


def plain_phone(number: str) -> str:
    """Digits only, without China's country code before a mobile number."""
    digits = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", number))
    mobile = _CHINESE_MOBILE.fullmatch(digits)
    return mobile[1] if mobile else digits


def plain_id(number: str) -> str:
    """Letters and digits in capitals: 31010119900101123x is …123X."""
    said = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in said if sign.isalnum())


def plain_contact(kind: str, value: str) -> str:
    """A number's digits; an e-mail in small letters; an address with its spaces in order."""
    if kind in CALLABLE:
        return plain_phone(value) or plain_name(value)
    return plain_name(value).lower() if kind == ContactKind.EMAIL else plain_name(value)


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed into search, as what it may be; empty texts are not looked for."""

    names: tuple[str, ...]
    phone: str
    last_four: str
    id_number: str


def sought(text: str) -> Sought:
    """A full name in the usual capitals, a full number, its last four digits, an id number."""
    name, phone, number = plain_name(text), plain_phone(text), plain_id(text)
    is_number = bool(phone) and not re.search(r"[^\W\d]", text)
    return Sought(
        names=()
        if is_number or not name
        else (*dict.fromkeys((name, name.title(), name.upper())),),
        phone=phone if is_number and len(phone) >= 7 else "",
        last_four=phone if is_number and len(phone) == 4 else "",
        id_number=number if len(number) >= 6 and any(map(str.isdigit, number)) else "",
    )


class Purpose(StrEnum):
    """What an original is shown for."""

    CALL = "CALL"
    IDENTITY_CHECK = "IDENTITY_CHECK"
    LETTER = "LETTER"
    CORRECTION = "CORRECTION"
    COMPLAINT = "COMPLAINT"
    LEGAL = "LEGAL"


# A call to the number that is dialled is its own reason; anything else is said in words.
NEEDS_NO_WORDS = frozenset({Purpose.CALL})
LONGEST_REASON = 500


class RevealReasonMissing(Refused):
    """Whoever wants to see an original says what for."""

    code = "reveal_reason_missing"
    message = "Say why you need to see it in full."


class RevealReasonTooLong(Refused):
    code = "reveal_reason_too_long"
    message = "The reason has %(length)s characters; at most %(most)s fit."


class RevealLimitReached(Refused):
    """Somebody who copies a portfolio is stopped early."""

    code = "reveal_limit_reached"
    message = (
        "You have seen %(most)s originals for this purpose within an hour; more from %(from_time)s."
    )


class NothingToReveal(Refused):
    """There is no such person or number, or not for whoever asks."""

    code = "nothing_to_reveal"
    message = "There is nothing of this kind to show."


def sound_reveal_reason(purpose: Purpose, reason: str) -> str:
    """The reason in order. Raises RevealReasonMissing, RevealReasonTooLong."""
    said = reason.strip()
    if len(said) < 2 and purpose not in NEEDS_NO_WORDS:
        raise RevealReasonMissing
    if len(said) > LONGEST_REASON:
        raise RevealReasonTooLong(length=len(said), most=LONGEST_REASON)
    return said
