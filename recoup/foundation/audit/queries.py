"""Events, asked for by whoever may see the record; the database shows no others."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recoup.foundation import db

EVENTS = """
SELECT e.chain, e.number, e.at, e.actor_id, coalesce(nullif(u.display_name, ''), u.username, '')
       AS actor, coalesce(u.username, '') AS username,
       coalesce(u.employee_number, '') AS employee_number, e.system, e.db_role, e.act,
       e.subject, e.subject_id, e.lender_id, e.contract_ids, e.facts::text AS facts, e.hash
  FROM {source} e
  LEFT JOIN workforce_user u ON u.id = e.actor_id
 WHERE {conditions}
 ORDER BY e.at DESC, e.chain DESC, e.number DESC
 LIMIT %(limit)s
"""
OF_CONTRACT = "audit_of_contract(%(contract_id)s, %(most)s)"
MOST_OF_CONTRACT = 100_000
PEOPLE = """
SELECT id FROM workforce_user
 WHERE username = %(said)s OR employee_number = %(said)s OR display_name = %(said)s ORDER BY id
"""
# Only what is asked for stands in the question, so that each filter finds its index.
CONDITIONS = {
    "actor_ids": "e.actor_id = ANY (%(actor_ids)s)",
    "actor_id": "e.actor_id = %(actor_id)s",
    "act": "e.act = %(act)s",
    "subject": "e.subject = %(subject)s",
    "subject_ids": "e.subject_id = ANY (%(subject_ids)s::bigint[])",
    "lender_id": "e.lender_id = %(lender_id)s",
    "since": "e.at >= %(since)s",
    "before": "e.at < %(before)s",
    "after_at": "e.at <= %(after_at)s AND (e.at, e.chain, e.number)"
    " < (%(after_at)s, %(after_chain)s, %(after_number)s)",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event, with the name of whoever acted."""

    chain: int
    number: int
    at: datetime
    actor_id: int | None
    actor: str
    username: str
    employee_number: str
    system: str
    db_role: str
    act: str
    subject: str
    subject_id: int | None
    lender_id: int | None
    contract_ids: tuple[int, ...]
    facts: dict[str, Any]
    hash: bytes

    @property
    def key(self) -> "Key":
        """Its place in the order in which events are shown."""
        return self.at, self.chain, self.number

    @property
    def place(self) -> str:
        """Where it stands in the record: chain and number."""
        return f"{self.chain}/{self.number}"

    @property
    def who(self) -> str:
        """The person, else the job, else the database role."""
        return self.actor or self.system or self.db_role


Key = tuple[datetime, int, int]


def events(
    *,
    contract_id: int | None = None,
    actor: str = "",
    act: str = "",
    subject: str = "",
    subject_ids: Sequence[int] | None = None,
    lender_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    after: Key | None = None,
    limit: int = 50,
) -> list[EventRow]:
    """Events, newest first: of a contract, a person (by sign-in, name or employee number), a kind.

    From `since` on and before `before`; `after` is the key of the last event of the page before.
    """
    asked: dict[str, Any] = {
        "act": act or None,
        "subject": subject or None,
        "subject_ids": None if subject_ids is None else list(subject_ids),
        "lender_id": lender_id,
        "since": since,
        "before": before,
    }
    if actor:
        asked |= _acting(actor)
    if after is not None:
        asked |= dict(zip(("after_at", "after_chain", "after_number"), after, strict=True))
    given = {name: value for name, value in asked.items() if value is not None}
    conditions = [CONDITIONS[name] for name in given if name in CONDITIONS]
    source = "audit_event" if contract_id is None else OF_CONTRACT
    question = EVENTS.format(source=source, conditions=" AND ".join(conditions) or "true")
    of_one = {"contract_id": contract_id, "most": MOST_OF_CONTRACT, "limit": limit}
    return [_event(row) for row in db.ask(question, given | of_one)]


def _acting(said: str) -> dict[str, Any]:
    """The people meant. One alone is asked for as one: the index gives their events in order."""
    found = [row["id"] for row in db.ask(PEOPLE, {"said": said})]
    return {"actor_id": found[0]} if len(found) == 1 else {"actor_ids": found}


def _event(row: dict[str, Any]) -> EventRow:
    read = {
        "contract_ids": tuple(c for c in row["contract_ids"] or () if c is not None),
        "facts": json.loads(row["facts"]),
        "hash": bytes(row["hash"]),
    }
    return EventRow(**row | read)


STAFF = """
SELECT id, coalesce(nullif(display_name, ''), username) AS name FROM workforce_user
 WHERE id = ANY (%s)
"""
NUMBERS = "SELECT id, number AS name FROM contracts_contract WHERE id = ANY (%s)"
LENDERS = "SELECT id, name FROM parties_lender ORDER BY name, id"


def staff_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of members of staff by their ids."""
    return _names(STAFF, ids)


def contract_numbers(ids: Iterable[int]) -> dict[int, str]:
    """Numbers of contracts within reach by their ids."""
    return _names(NUMBERS, ids)


def lenders() -> list[tuple[int, str]]:
    """The lenders within reach, by name."""
    return [(row["id"], row["name"]) for row in db.ask(LENDERS)]


def _names(question: str, ids: Iterable[int]) -> dict[int, str]:
    wanted = sorted(ids)
    return {row["id"]: row["name"] for row in db.ask(question, [wanted])} if wanted else {}


@dataclass(frozen=True, slots=True)
class State:
    """How long the record is, and until where it is anchored."""

    events: int
    anchors: int
    anchored_at: datetime | None


def state() -> State:
    """The record at a glance."""
    row = db.ask("""
        SELECT (SELECT coalesce(sum(number), 0)::bigint FROM audit_head) AS events,
               (SELECT coalesce(max(number), 0) FROM audit_anchor) AS anchors,
               (SELECT max(at) FROM audit_anchor) AS anchored_at
    """)[0]
    return State(**row)
