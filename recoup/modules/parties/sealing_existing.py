"""Rows of an installation from before sealing: sealed in portions, so that it may be killed."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.modules.parties.sealing import NOTHING, PersonalData

PORTION = 5_000

_PARTIES = """
SELECT id, lender_id, ref, name, id_number, employer
  FROM parties_party WHERE name_sealed IS NULL ORDER BY id LIMIT %(most)s
"""
_CONTACTS = """
SELECT c.id, p.lender_id, p.ref, c.kind, c.value
  FROM parties_contactpoint c JOIN parties_party p ON p.id = c.party_id
 WHERE c.value_sealed IS NULL ORDER BY c.id LIMIT %(most)s
"""
_KEEP_PARTY = """
UPDATE parties_party
   SET name_sealed = %s, name_masked = %s, name_index = %s,
       id_number_sealed = %s, id_number_masked = %s, id_number_index = %s,
       employer_sealed = %s, employer_masked = %s, employer_index = %s,
       name = '', id_number = '', employer = ''
 WHERE id = %s
"""
_KEEP_CONTACT = """
UPDATE parties_contactpoint
   SET value_sealed = %s, value_masked = %s, value_index = %s, value = 'sealed/' || id
 WHERE id = %s
"""


_BIRTHDAYS = """
SELECT id, lender_id, ref, born_on FROM parties_party
 WHERE born_on IS NOT NULL ORDER BY id LIMIT %(most)s
"""
_KEEP_BIRTHDAY = """
UPDATE parties_party
   SET born_on_sealed = %s, born_on_masked = %s, born_on_index = %s, born_on = NULL
 WHERE id = %s
"""


def seal_parties() -> int:
    """Seal every party that still stands in clear; how many there were."""
    return seal_portions(_PARTIES, _KEEP_PARTY, _party)


def seal_contacts() -> int:
    """Seal every contact point that still stands in clear; how many there were."""
    return seal_portions(_CONTACTS, _KEEP_CONTACT, _contact)


def seal_birthdays() -> int:
    """Seal every birthday that still stands in clear; how many there were."""
    return seal_portions(_BIRTHDAYS, _KEEP_BIRTHDAY, _birthday)


def seal_portions(question: str, update: str, kept: Any) -> int:
    """Answer the question portion by portion, each row kept and committed, until nothing is left.

    `kept(data, row)` are the values of the update, the row's number last.
    """
    done = 0
    makers: dict[int, PersonalData] = {}
    for rows in _asked(question):
        for row in rows:
            if row["lender_id"] not in makers:
                makers[row["lender_id"]] = PersonalData.of(row["lender_id"])
        with db.use_case(), connection.cursor() as cursor:
            cursor.executemany(update, [kept(makers[row["lender_id"]], row) for row in rows])
        done += len(rows)
    return done


def _asked(question: str) -> Iterator[list[dict[str, Any]]]:
    while rows := db.ask(question, {"most": PORTION}):
        yield rows


def _party(data: PersonalData, row: dict[str, Any]) -> list[object]:
    ref = row["ref"]
    return [
        *data.name(ref, row["name"]),
        *(data.id_number(ref, row["id_number"]) if row["id_number"] else NOTHING),
        *(data.employer(ref, row["employer"]) if row["employer"] else NOTHING),
        row["id"],
    ]


def _contact(data: PersonalData, row: dict[str, Any]) -> list[object]:
    return [*data.contact(row["ref"], row["kind"], row["value"]), row["id"]]


def _birthday(data: PersonalData, row: dict[str, Any]) -> list[object]:
    return [*data.born_on(row["ref"], row["born_on"]), row["id"]]
