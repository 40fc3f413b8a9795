"""Events, asked for by whoever may see the record; the database shows no others."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recoup.foundation import db

_EVENTS = """
SELECT e.chain, e.number, e.at, e.actor_id, coalesce(nullif(u.display_name, ''), u.username, '')
       AS actor, coalesce(u.employee_number, '') AS employee_number, e.system, e.db_role, e.act,
       e.subject, e.subject_id, e.lender_id, e.contract_ids, e.facts::text AS facts, e.hash
  FROM {source} e
  LEFT JOIN workforce_user u ON u.id = e.actor_id
 WHERE (%(actor)s = '' OR e.actor_id IN (
        SELECT a.id FROM workforce_user a
         WHERE a.username = %(actor)s OR a.employee_number = %(actor)s))
   AND (%(act)s = '' OR e.act = %(act)s)
   AND (%(before)s::timestamptz IS NULL OR e.at < %(before)s)
 ORDER BY e.at DESC, e.chain
 LIMIT %(limit)s
"""
ALL = _EVENTS.format(source="audit_event")
OF_CONTRACT = _EVENTS.format(source="audit_of_contract(%(contract_id)s, %(most)s)")
MOST_OF_CONTRACT = 100_000


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event, with the name of whoever acted."""

    chain: int
    number: int
    at: datetime
    actor_id: int | None
    actor: str
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
    def who(self) -> str:
        """The person, else the job, else the database role."""
        return self.actor or self.system or self.db_role


def events(
    *,
    contract_id: int | None = None,
    actor: str = "",
    act: str = "",
    before: datetime | None = None,
    limit: int = 50,
) -> list[EventRow]:
    """Events of a contract, a person (by sign-in or employee number) or a kind, newest first."""
    params = {"actor": actor, "act": act, "before": before, "limit": limit}
    if contract_id is None:
        rows = db.ask(ALL, params)
    else:
        of_one = {"contract_id": contract_id, "most": MOST_OF_CONTRACT}
        rows = db.ask(OF_CONTRACT, params | of_one)
    return [_event(row) for row in rows]


def _event(row: dict[str, Any]) -> EventRow:
    read = {
        "contract_ids": tuple(row["contract_ids"] or ()),
        "facts": json.loads(row["facts"]),
        "hash": bytes(row["hash"]),
    }
    return EventRow(**row | read)


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
