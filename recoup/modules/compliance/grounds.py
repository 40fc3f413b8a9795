"""On what ground personal data are used: each use has one, with its article; some need a consent.

Grounds are data (`privacy_use`): what the law is read to say, and what counsel cleared. Consents
stay in their register: an asker learns how many people have given none, not who.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recoup.core.refusals import Refused
from recoup.foundation import db


class Use(StrEnum):
    """What personal data are used for, each on a ground of its own."""

    COLLECTION = "COLLECTION"
    REPORT_TO_LENDER = "REPORT_TO_LENDER"
    ENTRUST_AGENCY = "ENTRUST_AGENCY"
    AUTHORITY = "AUTHORITY"
    LEGAL_CLAIM = "LEGAL_CLAIM"
    PROVIDE_TO_OTHER = "PROVIDE_TO_OTHER"
    LOCATE_VEHICLE = "LOCATE_VEHICLE"
    BIOMETRIC = "BIOMETRIC"


class Ground(StrEnum):
    """Why it may be done (个人信息保护法 13, 21, 23, 29)."""

    CONTRACT = "CONTRACT"
    STATUTORY_DUTY = "STATUTORY_DUTY"
    ENTRUSTED = "ENTRUSTED"
    CONSENT = "CONSENT"


class ConsentMissing(Refused):
    """The use needs a separate consent, and not everybody concerned has given it."""

    code = "consent_missing"
    message = (
        "%(people)s people have not consented to this use (%(citation)s). Enter their consents, or "
        "the other ground there is for it."
    )


@dataclass(frozen=True, slots=True)
class Grounded:
    """A use with its ground; `wording_code` names the consent it needs, if it does."""

    use: Use
    ground: Ground
    citation: str
    wording_code: str

    @property
    def said(self) -> dict[str, str]:
        """As it stands on record beside what was done."""
        return {"use": self.use.value, "ground": self.ground.value, "citation": self.citation}


_GROUND = "SELECT code, ground, citation, wording_code FROM privacy_use WHERE code = %(code)s"
_WITHOUT = "SELECT access_without_consent(%(parties)s::bigint[], %(code)s, %(on)s) AS people"


def ground_of(use: Use) -> Grounded:
    """On what ground a use stands."""
    (row,) = db.ask(_GROUND, {"code": use.value})
    return Grounded(use, Ground(row["ground"]), row["citation"], row["wording_code"])


def check_consents(grounded: Grounded, party_ids: Collection[int], *, on: date) -> None:
    """Raise ConsentMissing unless the use stands without one, or everybody consents on the day."""
    if grounded.ground is not Ground.CONSENT or not party_ids:
        return
    asked = {"parties": sorted(set(party_ids)), "code": grounded.wording_code, "on": on}
    people = db.ask(_WITHOUT, asked)[0]["people"]
    if people:
        raise ConsentMissing(people=people, citation=grounded.citation)
