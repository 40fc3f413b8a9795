"""One case as it stood: what was known by the end of a day, and what followed from it."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from recoup.core import account as core
from recoup.foundation import db
from recoup.foundation.audit.queries import EventRow
from recoup.foundation.audit.queries import events as events_of
from recoup.foundation.filestore.queries import files_of_contract
from recoup.modules.inspection.rules import (
    CaseFile,
    Chapter,
    ContractUnknown,
    Part,
    bucket_after,
    state_after,
)
from recoup.modules.ledger.queries import loan_account
from recoup.modules.ledger.rules import AccountUnknown

SQL = {file.stem: file.read_text() for file in (Path(__file__).parent / "sql").glob("*.sql")}
AS_ASKED = (
    Chapter.PEOPLE,
    Chapter.CONTACT_POINTS,
    Chapter.VEHICLE,
    Chapter.PAYMENTS,
    Chapter.ENTRIES,
    Chapter.EXTENSIONS,
    Chapter.ARREARS,
    Chapter.DECISIONS,
    Chapter.CALLS,
    Chapter.PROMISES,
    Chapter.TIMELINE,
)
BY_NUMBER = """
SELECT c.id, c.number, l.name AS lender_name
  FROM contracts_contract c JOIN parties_lender l ON l.id = c.lender_id
 WHERE c.number = %(number)s ORDER BY c.id
"""
MOST_EVENTS = 100_000
CHANGED = "CHANGED"


def contracts_numbered(number: str) -> list[dict[str, Any]]:
    """Contracts of this number (each lender has its own numbers): id, number, lender_name."""
    return db.ask(BY_NUMBER, {"number": number})


def case_file(*, contract_id: int, as_of: date, known_by: datetime) -> CaseFile:
    """The file as of a day, from what was known before a moment (the end of that day).

    Raises ContractUnknown.
    """
    params = {"contract_id": contract_id, "as_of": as_of, "known_by": known_by}
    found = db.ask(SQL["contract"], params)
    if not found:
        raise ContractUnknown(number=contract_id)
    head = found[0]
    asked = {c: _part(c, db.ask(SQL[c.value.lower()], params)) for c in AS_ASKED}
    parts = {
        **asked,
        Chapter.CONTRACT: _part(Chapter.CONTRACT, found),
        Chapter.CASE: _cases(db.ask(SQL["cases"], params)),
        **_money(contract_id, as_of, known_by),
        Chapter.FILES: _files(contract_id, known_by),
        **_record(contract_id, known_by),
    }
    return CaseFile(
        contract_id=contract_id,
        number=head["number"],
        lender_id=head["lender_id"],
        lender_name=head["lender_name"],
        currency=head["currency"],
        as_of=as_of,
        parts=tuple(parts[chapter] for chapter in Chapter),
    )


def _part(chapter: Chapter, rows: list[dict[str, Any]]) -> Part:
    columns = tuple(rows[0]) if rows else ()
    return Part(chapter, columns, tuple(tuple(row.values()) for row in rows))


def _table(chapter: Chapter, columns: str, rows: Iterable[tuple[Any, ...]]) -> Part:
    return Part(chapter, tuple(columns.split()), tuple(rows))


def _cases(rows: list[dict[str, Any]]) -> Part:
    def stood(row: dict[str, Any]) -> tuple[Any, ...]:
        said = json.loads(row["said"])
        state = state_after(kind for kind, _ in said) or "OPEN"
        return row["id"], row["opened_on"], row["closed_on"], state, bucket_after(said)

    return _table(Chapter.CASE, "id opened_on closed_on state bucket", map(stood, rows))


def _money(contract_id: int, as_of: date, known_by: datetime) -> dict[Chapter, Part]:
    """Position, dues and allocations: the account replayed from the facts known by then."""
    try:
        account = loan_account(contract_id=contract_id, as_of=as_of, known_by=known_by)
    except AccountUnknown:
        return {c: Part(c, (), ()) for c in (Chapter.POSITION, Chapter.DUES, Chapter.ALLOCATIONS)}
    return {
        Chapter.POSITION: _position(core.position(account, as_of)),
        Chapter.DUES: _dues(account, as_of),
        Chapter.ALLOCATIONS: _table(
            Chapter.ALLOCATIONS,
            "payment_id seq component amount_minor",
            ((a.payment_id, a.seq, a.component.name, a.amount) for a in account.allocations),
        ),
    }


def _position(now: core.Position) -> Part:
    return _table(
        Chapter.POSITION,
        "overdue_cost_minor overdue_penalty_minor overdue_interest_minor overdue_principal_minor"
        " overdue_total_minor outstanding_principal_minor oldest_due_on dpd_raw dpd_net bucket"
        " tier",
        [
            (
                now.overdue_cost,
                now.overdue_penalty,
                now.overdue_interest,
                now.overdue_principal,
                now.overdue_total,
                now.outstanding_principal,
                now.oldest_due_on,
                now.dpd_raw,
                now.dpd_net,
                now.bucket,
                int(now.tier),
            )
        ],
    )


def _dues(account: core.Account, as_of: date) -> Part:
    return _table(
        Chapter.DUES,
        "seq due_on principal_minor interest_minor cost_minor principal_paid_minor"
        " interest_paid_minor cost_paid_minor penalty_paid_minor penalty_open_minor settled_on",
        (
            (
                s.seq,
                s.due_on,
                s.principal,
                s.interest,
                s.cost,
                s.principal_paid,
                s.interest_paid,
                s.cost_paid,
                s.penalty_paid,
                0 if s.settled_on else s.penalty_open(account.terms, as_of),
                s.settled_on,
            )
            for s in account.states
        ),
    )


def _files(contract_id: int, known_by: datetime) -> Part:
    """Recordings and other files: what they are and their fingerprint, never the content."""
    return _table(
        Chapter.FILES,
        "id purpose filed_at kind size_bytes sha256 erased_at",
        (
            (f.id, f.purpose.value, f.filed_at, f.kind.value, f.size_bytes, f.sha256, f.erased_at)
            for f in files_of_contract(contract_id=contract_id)
            if f.filed_at < known_by
        ),
    )


def _record(contract_id: int, known_by: datetime) -> dict[Chapter, Part]:
    """Who changed and who saw the case by then, from the record that nobody can rewrite."""
    events = events_of(contract_id=contract_id, before=known_by, limit=MOST_EVENTS)
    changes = [e for e in reversed(events) if e.act == CHANGED]
    seen = [e for e in reversed(events) if e.act != CHANGED]
    return {
        Chapter.CHANGES: _table(
            Chapter.CHANGES,
            "at who table op rows event",
            ((e.at, e.who, e.subject, e.facts.get("op"), e.facts.get("changed"), _event(e))
             for e in changes),
        ),
        Chapter.SEEN_BY: _table(
            Chapter.SEEN_BY,
            "at who employee_number act facts event",
            ((e.at, e.who, e.employee_number, e.act, e.facts, _event(e)) for e in seen),
        ),
    }  # fmt: skip


def _event(event: EventRow) -> str:
    """Where the event stands in the record."""
    return f"{event.chain}/{event.number}"
