"""Questions about people: who they are, and how to reach them. All of it masked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recoup.core.money import Money
from recoup.foundation import db, vault
from recoup.modules.parties import rules
from recoup.modules.parties.rules import CALLABLE, ContactKind, Holder, PartyKind


@dataclass(frozen=True, slots=True)
class ContactPointRow:
    """A number or address of a person; the original is shown by `services.reveal_number`."""

    id: int
    kind: ContactKind
    value_masked: str
    holder: Holder
    is_valid: bool
    is_synthetic: bool

    @property
    def is_callable(self) -> bool:
        """Whether it is a number that can be called."""
        return self.kind in CALLABLE


@dataclass(frozen=True, slots=True)
class Person:
    """A person or company, with every way to reach them. Income and spending are monthly."""

    id: int
    kind: PartyKind
    name_masked: str
    id_type: str
    id_number_masked: str
    born_on_masked: str
    language: str
    region: str
    employer_masked: str
    occupation: str
    income: Money | None
    spending: Money | None
    credit_score: int | None
    is_synthetic: bool
    contact_points: tuple[ContactPointRow, ...]

    @property
    def numbers(self) -> tuple[ContactPointRow, ...]:
        """What can be called; valid numbers and the person's own come first."""
        found = [point for point in self.contact_points if point.is_callable]
        return tuple(sorted(found, key=lambda p: (not p.is_valid, p.holder != Holder.SELF, p.id)))


# One person as JSON, with their contact points; `p` is the party, `l` its lender.
PERSON_JSON = """
jsonb_build_object(
    'id', p.id, 'kind', p.kind, 'name_masked', p.name_masked, 'id_type', p.id_type,
    'id_number_masked', p.id_number_masked, 'born_on_masked', p.born_on_masked,
    'language', p.language,
    'region', p.region, 'employer_masked', p.employer_masked, 'occupation',
    p.occupation, 'income_minor', p.income_minor,
    'spending_minor', p.spending_minor, 'credit_score', p.credit_score,
    'is_synthetic', p.is_synthetic, 'currency', l.currency,
    'contact_points', coalesce((
        SELECT jsonb_agg(jsonb_build_object('id', c.id, 'kind', c.kind,
                   'value_masked', c.value_masked, 'holder', c.holder, 'is_valid', c.is_valid,
                   'is_synthetic', c.is_synthetic)
                   ORDER BY c.id)
          FROM parties_contactpoint c WHERE c.party_id = p.id), '[]'))
"""
_PERSON = f"""
SELECT {PERSON_JSON} AS person
  FROM parties_party p JOIN parties_lender l ON l.id = p.lender_id
 WHERE p.id = %(party_id)s
"""  # noqa: S608 - both parts are constants


def person(*, party_id: int) -> Person | None:
    """A person with every way to reach them; None if there is nobody of this number."""
    rows = db.ask(_PERSON, {"party_id": party_id})
    return person_of_json(json.loads(rows[0]["person"])) if rows else None


def person_of_json(row: Mapping[str, Any]) -> Person:
    """A person from PERSON_JSON."""
    currency = row["currency"]
    return Person(
        id=row["id"],
        kind=PartyKind(row["kind"]),
        name_masked=row["name_masked"],
        id_type=row["id_type"],
        id_number_masked=row["id_number_masked"],
        born_on_masked=row["born_on_masked"],
        language=row["language"],
        region=row["region"],
        employer_masked=row["employer_masked"],
        occupation=row["occupation"],
        income=_money(row["income_minor"], currency),
        spending=_money(row["spending_minor"], currency),
        credit_score=row["credit_score"],
        is_synthetic=row["is_synthetic"],
        contact_points=tuple(_point(point) for point in row["contact_points"]),
    )


@dataclass(frozen=True, slots=True)
class BlindIndexes:
    """A typed text as what people may be found by, for every lender the reader sees."""

    names: tuple[bytes, ...]
    phones: tuple[bytes, ...]
    id_numbers: tuple[bytes, ...]
    last_four: str | None


def blind_indexes(text: str, indexers: Sequence[vault.Indexer]) -> BlindIndexes:
    """What a text would be kept as, were it somebody's name or number."""
    typed = rules.sought(text)
    return BlindIndexes(
        names=tuple(each.index(name, "name") for each in indexers for name in typed.names),
        phones=tuple(each.index(typed.phone, "contact") for each in indexers if typed.phone),
        id_numbers=tuple(
            each.index(typed.id_number, "id_number") for each in indexers if typed.id_number
        ),
        last_four=typed.last_four or None,
    )


def _point(row: Mapping[str, Any]) -> ContactPointRow:
    return ContactPointRow(
        row["id"],
        ContactKind(row["kind"]),
        row["value_masked"],
        Holder(row["holder"]),
        row["is_valid"],
        row["is_synthetic"],
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
