"""What changes about a person's file, and the showing of originals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from recoup.foundation import audit, db, vault
from recoup.foundation.access import context
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.modules.parties import models, rules, sealing
from recoup.modules.parties.rules import Purpose

HOUR = timedelta(hours=1)
UNSAID_PER_HOUR = 20  # where no limit stands for a purpose
REVEAL_LOCK = 0x5EA1


def mark_wrong_number(*, contact_point_id: int) -> None:
    """A number turned out not to be theirs; inside the caller's transaction."""
    models.ContactPoint.objects.filter(id=contact_point_id).update(is_valid=False)


@db.use_case()
def add_lender(*, code: str, name: str, currency: str) -> int:
    """Enter a lender whose files we will take in; one that is known stays as it is."""
    lender, _ = models.Lender.objects.get_or_create(
        code=code, defaults={"name": name, "currency": currency}
    )
    return int(lender.pk)


@dataclass(frozen=True, slots=True)
class PersonInFull:
    """A person's originals; numbers and addresses by the number of their row."""

    party_id: int
    name: str
    id_number: str
    born_on: date | None
    employer: str
    contacts: dict[int, str]


@dataclass(frozen=True, slots=True)
class NumberInFull:
    """One number or address as it is."""

    contact_point_id: int
    party_id: int
    value: str


_PERSON = """
SELECT lender_id, ref, name_sealed, id_number_sealed, born_on_sealed, employer_sealed
  FROM parties_party WHERE id = %(party_id)s AND (NOT is_locked OR %(may_see_locked)s)
"""
_CONTACTS = """
SELECT c.id, c.kind, c.value_sealed, c.party_id, p.ref, p.lender_id
  FROM parties_contactpoint c JOIN parties_party p ON p.id = c.party_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to see an original, for which contract, what for and when."""

    purpose: Purpose
    reason: str
    actor_id: int
    at: datetime
    contract_id: int | None = None


def reveal(*, party_id: int, asked: Asked) -> PersonInFull:
    """Everything sealed about a person, in clear, once; inside the caller's transaction.

    Raises NotAllowed, RevealReasonMissing, RevealReasonTooLong, RevealLimitReached,
    NothingToReveal and the refusals of the vault; then nothing was shown and nothing is kept.
    """
    said = _may_reveal(asked)
    found = db.ask(_PERSON, {"party_id": party_id, "may_see_locked": _may_see_locked()})
    if not found:
        raise rules.NothingToReveal
    points = db.ask(_CONTACTS + " WHERE c.party_id = %(id)s ORDER BY c.id", {"id": party_id})
    row = found[0]
    own = [
        (row[f"{what}_sealed"], f"parties_party.{what}_sealed/{row['ref']}")
        for what in ("name", "id_number", "born_on", "employer")
    ]
    name, id_number, born_on, employer, *values = _opened(
        own + [_contact(point) for point in points], row["lender_id"]
    )
    _keep(asked, said, lender_id=row["lender_id"], party_id=party_id)
    contacts = {point["id"]: value for point, value in zip(points, values, strict=True)}
    birthday = date.fromisoformat(born_on) if born_on else None
    return PersonInFull(party_id, name, id_number, birthday, employer, contacts)


def reveal_number(*, contact_point_id: int, asked: Asked) -> NumberInFull:
    """One number or address in clear, once; inside the caller's transaction. Raises as `reveal`."""
    said = _may_reveal(asked)
    in_use = " WHERE c.id = %(id)s AND (NOT p.is_locked OR %(may_see_locked)s)"
    asked_for = {"id": contact_point_id, "may_see_locked": _may_see_locked()}
    found = db.ask(_CONTACTS + in_use, asked_for)
    if not found:
        raise rules.NothingToReveal
    row = found[0]
    (text,) = _opened([_contact(row)], row["lender_id"])
    _keep(
        asked,
        said,
        lender_id=row["lender_id"],
        party_id=row["party_id"],
        contact_point_id=contact_point_id,
    )
    return NumberInFull(contact_point_id, row["party_id"], text)


def _contact(row: dict[str, Any]) -> tuple[bytes | None, str]:
    return row["value_sealed"], f"{sealing.VALUE}/{row['ref']}/{row['kind']}"


def _opened(several: Sequence[tuple[bytes | None, str]], lender_id: int) -> list[str]:
    """The texts in their order; what is not there is empty."""
    kept = [(value, about) for value, about in several if value is not None]
    texts = iter(vault.open_all(kept, lender_id=lender_id))
    return ["" if value is None else next(texts).decode() for value, _ in several]


def _may_see_locked() -> bool:
    """Whether restricted data are opened too: for a person's own file, for an inspection."""
    access = context.current()
    return access.may(Right.KEEP_PRIVACY) or access.may(Right.INSPECT)


def _may_reveal(asked: Asked) -> str:
    """The reason in order, if this person may see one more original for this purpose now."""
    context.require(Right.REVEAL)
    said = rules.sound_reveal_reason(asked.purpose, asked.reason)
    with connection.cursor() as cursor:  # two requests at once must not both be the last
        lock = [REVEAL_LOCK, asked.actor_id % 2**31]
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
    limit = models.RevealLimit.objects.filter(purpose=asked.purpose).first()
    most = UNSAID_PER_HOUR if limit is None else limit.per_hour
    seen = models.Reveal.objects.filter(
        actor_id=asked.actor_id, purpose=asked.purpose, at__gt=asked.at - HOUR
    )
    times = list(seen.order_by("-at").values_list("at", flat=True)[: max(most, 1)])
    if len(times) >= most:
        again = timezone.localtime((times[-1] if times else asked.at) + HOUR)
        raise rules.RevealLimitReached(most=most, from_time=again.strftime("%H:%M"))
    return said


def _keep(
    asked: Asked, reason: str, *, lender_id: int, party_id: int, contact_point_id: int | None = None
) -> None:
    """Write down who saw what and why, before it is handed out."""
    kept = models.Reveal.objects.create(
        actor_id=asked.actor_id,
        at=asked.at,
        party_id=party_id,
        contact_point_id=contact_point_id,
        purpose=asked.purpose,
        reason=reason,
    )
    audit.record(
        Act.REVEALED,
        "party",
        party_id,
        lender_id=lender_id,
        contract_ids=() if asked.contract_id is None else (asked.contract_id,),
        facts={
            "reveal_id": kept.pk,
            "purpose": asked.purpose.value,
            "contact_point_id": contact_point_id,
        },
    )
