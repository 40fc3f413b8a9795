"""Questions about requests: what waits, one's own, what was decided; and who may grant how much."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.core.money import Money
from recoup.foundation import db
from recoup.modules.approvals.rules import COUNTED_FOR, Kind, Limit, State

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as people see it, with the account behind it."""

    id: int
    kind: Kind
    state: State
    subject: str
    subject_id: int
    contract_id: int
    contract_number: str
    name_masked: str
    is_synthetic: bool
    lender_id: int
    lender_name: str
    amount: Money
    reason: str
    facts: dict[str, Any]
    asked_by: int
    asked_name: str
    asked_at: datetime
    is_alone: bool
    decided_by: int | None
    decided_name: str
    decided_at: datetime | None
    decision_reason: str
    done_at: datetime | None


_ROWS = """
SELECT r.id, r.kind, r.state, r.subject, r.subject_id, r.contract_id,
       coalesce(k.number, '') AS contract_number, coalesce(p.name_masked, '') AS name_masked,
       coalesce(p.is_synthetic, false) AS is_synthetic,
       r.lender_id, coalesce(l.name, '') AS lender_name, r.amount_minor, r.currency, r.reason,
       r.facts, r.asked_by, coalesce(a.display_name, '') AS asked_name, r.asked_at, r.is_alone,
       r.decided_by, coalesce(d.display_name, '') AS decided_name, r.decided_at,
       r.decision_reason, r.done_at
  FROM approvals_request r
  LEFT JOIN contracts_contract k ON k.id = r.contract_id
  LEFT JOIN parties_party p ON p.id = k.borrower_id
  LEFT JOIN parties_lender l ON l.id = r.lender_id
  LEFT JOIN workforce_user a ON a.id = r.asked_by
  LEFT JOIN workforce_user d ON d.id = r.decided_by
 WHERE {which}
 ORDER BY {order}
 LIMIT %(limit)s
"""


def waiting(*, for_user: int) -> list[RequestRow]:
    """What waits for a second person and was asked by somebody else; who waits longest first."""
    return _rows("r.state = 'ASKED' AND r.asked_by <> %(user_id)s", "r.id", user_id=for_user)


def mine(*, user_id: int) -> list[RequestRow]:
    """What somebody asked for themselves, latest first."""
    return _rows("r.asked_by = %(user_id)s", "r.id DESC", user_id=user_id)


def decided() -> list[RequestRow]:
    """What was decided or done lately, by whomever."""
    return _rows("r.state <> 'ASKED'", "coalesce(r.decided_at, r.asked_at) DESC, r.id DESC")


def of_contract(*, contract_id: int) -> list[RequestRow]:
    """What was asked for on a contract, latest first."""
    return _rows("r.contract_id = %(contract_id)s", "r.id DESC", contract_id=contract_id)


def request(request_id: int) -> RequestRow | None:
    """One request, if whoever acts may see it."""
    found = _rows("r.id = %(id)s", "r.id", id=request_id)
    return found[0] if found else None


def _rows(which: str, order: str, **params: object) -> list[RequestRow]:
    sql = _ROWS.format(which=which, order=order)
    return [_row(row) for row in db.ask(sql, {"limit": SHOWN} | params)]


def _row(row: dict[str, Any]) -> RequestRow:
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    facts = row["facts"] if isinstance(row["facts"], dict) else json.loads(row["facts"])
    said = {"kind": Kind(row["kind"]), "state": State(row["state"]), "facts": facts}
    return RequestRow(amount=amount, **row | said)


_LIMIT = """
SELECT alone_minor, grants_minor
  FROM approvals_limit_of(%(user_id)s, %(kind)s, %(currency)s, %(lender_id)s, %(day)s)
"""


def limit_of(*, user_id: int, kind: Kind, currency: str, lender_id: int, day: date) -> Limit:
    """What somebody may do alone and grant to others; the database asks the same function."""
    asked = {"user_id": user_id, "kind": kind.value, "currency": currency}
    rows = db.ask(_LIMIT, asked | {"lender_id": lender_id, "day": day})
    return Limit(int(rows[0]["alone_minor"]), int(rows[0]["grants_minor"]))


_WIDEST = """
SELECT coalesce(max(grants_minor), 0)::bigint AS minor
  FROM (SELECT DISTINCT ON (role) grants_minor FROM approvals_limit
         WHERE kind = %(kind)s AND currency = %(currency)s
           AND (lender_id IS NULL OR lender_id = %(lender_id)s)
         ORDER BY role, lender_id NULLS LAST) standing
"""


def widest(*, kind: Kind, currency: str, lender_id: int) -> int:
    """The most that any role grants of this, in minor units."""
    asked = {"kind": kind.value, "currency": currency, "lender_id": lender_id}
    return int(db.ask(_WIDEST, asked)[0]["minor"])


ALONE_LOCK = 0xA10E  # with a person's number: whoever grants themselves something holds it


def take_turns(user_id: int) -> None:
    """Let what one person grants themselves come one after the other: else two miss each other."""
    db.ask("SELECT pg_advisory_xact_lock(%s, %s)", [ALONE_LOCK, user_id % 2**31])


_LATELY = """
SELECT coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM approvals_request
 WHERE asked_by = %(user_id)s AND is_alone AND kind = %(kind)s AND currency = %(currency)s
   AND lender_id = %(lender_id)s AND asked_at > %(since)s
"""


def alone_lately(*, user_id: int, kind: Kind, currency: str, lender_id: int, at: datetime) -> int:
    """What somebody granted themselves of this in the last day, in minor units."""
    asked = {"user_id": user_id, "kind": kind.value, "currency": currency}
    more = {"lender_id": lender_id, "since": at - COUNTED_FOR}
    return int(db.ask(_LATELY, asked | more)[0]["minor"])
