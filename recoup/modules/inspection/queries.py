"""One case as it stood: what was known by the end of a day, and what followed from it."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from recoup.core import account as core
from recoup.foundation import db
from recoup.foundation.audit import Act
from recoup.foundation.audit.queries import events as events_of
from recoup.foundation.filestore.queries import files_of_contract
from recoup.modules.inspection.on_file import OnFile, numbers_of, on_file, people_of
from recoup.modules.inspection.rules import (
    CaseFile,
    Chapter,
    ContractUnknown,
    Part,
    Untold,
    bucket_after,
    state_after,
)
from recoup.modules.ledger.queries import loan_account
from recoup.modules.ledger.rules import AccountUnknown

SQL = {file.stem: file.read_text() for file in (Path(__file__).parent / "sql").glob("*.sql")}
AS_ASKED = (
    Chapter.PAYMENTS,
    Chapter.ENTRIES,
    Chapter.EXTENSIONS,
    Chapter.ARREARS,
    Chapter.DECISIONS,
    Chapter.PROMISES,
    Chapter.TIMELINE,
    Chapter.CUSTODY,
)
BY_NUMBER = """
SELECT c.id, c.number, c.lender_id, l.name AS lender_name
  FROM contracts_contract c JOIN parties_lender l ON l.id = c.lender_id
 WHERE c.number = %(number)s ORDER BY c.id
"""
TERMS = (
    "id number lender_id lender_name product currency principal_minor annual_rate_micro term_months"
    " method signed_on first_due_on matures_on region state penalty_rate_micro penalty_day_basis"
    " penalty_on_interest grace_days tolerance_pct penalty_cap_pct allocation_rule"
)
MOST_EVENTS = 100_000
CHANGED = "CHANGED"


def contracts_numbered(number: str) -> list[dict[str, Any]]:
    """Contracts of this number, which each lender may have: id, number, lender_id, lender_name."""
    return db.ask(BY_NUMBER, {"number": number})


def case_file(*, contract_id: int, as_of: date, known_by: datetime) -> CaseFile:
    """The file as of a day, from what was known before a moment (the end of that day).

    Raises ContractUnknown.
    """
    filed = on_file(contract_id, known_by)
    if filed is None:
        raise ContractUnknown(number=contract_id)
    params = {"contract_id": contract_id, "as_of": as_of, "known_by": known_by}
    parts = {
        **{c: _part(c, db.ask(SQL[c.value.lower()], params)) for c in AS_ASKED},
        **_on_file(filed),
        Chapter.UNTOLD: _untold(filed, db.ask(SQL["extended_later"], params)[0]["at"]),
        Chapter.CALLS: _calls(db.ask(SQL["calls"], params), filed.moment),
        Chapter.CASE: _cases(db.ask(SQL["cases"], params)),
        **_money(filed, as_of, known_by),
        Chapter.FILES: _files(contract_id, known_by),
        Chapter.REVEALS: _reveals(filed, known_by),
        **_record(contract_id, known_by),
    }
    return CaseFile(
        contract_id=contract_id,
        number=filed.contract["number"],
        lender_id=filed.contract["lender_id"],
        lender_name=filed.lender.get("name", ""),
        currency=filed.contract["currency"],
        as_of=as_of,
        parts=tuple(parts[chapter] for chapter in Chapter),
    )


def _part(chapter: Chapter, rows: list[dict[str, Any]]) -> Part:
    columns = tuple(rows[0]) if rows else ()
    return Part(chapter, columns, tuple(tuple(row.values()) for row in rows))


def _table(chapter: Chapter, columns: str, rows: Iterable[tuple[Any, ...]]) -> Part:
    return Part(chapter, tuple(columns.split()), tuple(rows))


def _chosen(chapter: Chapter, columns: str, rows: Iterable[dict[str, Any]]) -> Part:
    """These columns of the rows, in this order."""
    names = columns.split()
    return _table(chapter, columns, (tuple(row.get(name) for name in names) for row in rows))


def _on_file(filed: OnFile) -> dict[Chapter, Part]:
    """Terms, people, their numbers and the vehicle, as they stood."""
    contract = filed.contract | filed.account
    contract |= {"lender_name": filed.lender.get("name", "")}
    contract |= {"allocation_rule": filed.account.get("allocation_rule_id")}
    people = ({"role": role} | party for role, party in filed.named)
    points = (
        {"role": role} | point
        for point in filed.points
        for role in filed.roles_of(point["party_id"])
    )
    return {
        Chapter.CONTRACT: _chosen(Chapter.CONTRACT, TERMS, [contract]),
        Chapter.PEOPLE: _chosen(
            Chapter.PEOPLE, "role name_masked id_type id_number_masked region", people
        ),
        Chapter.CONTACT_POINTS: _chosen(
            Chapter.CONTACT_POINTS, "role kind value_masked holder is_valid", points
        ),
        Chapter.VEHICLE: _chosen(
            Chapter.VEHICLE,
            "make model model_year is_new colour value_minor valued_on lien_registered",
            filed.vehicles,
        ),
    }


def _untold(filed: OnFile, extended_at: datetime | None) -> Part:
    """What of all this is not told as it stood, and why."""
    found = list(filed.untold)
    if extended_at is not None:
        found.append((Untold.EXTENDED, "ledger_due", extended_at))
    return _table(
        Chapter.UNTOLD, "untold table at", ((why.value, table, at) for why, table, at in found)
    )


def _calls(rows: list[dict[str, Any]], moment: datetime) -> Part:
    """Calls, with the names and numbers as they were on file then."""
    parties = sorted({row["party_id"] for row in rows})
    people, numbers = people_of(parties, moment), numbers_of(parties, moment)
    said = (
        row
        | {"person": people.get(row["party_id"])}
        | {"contact_point": numbers.get(row["contact_point_id"])}
        for row in rows
    )
    return _chosen(
        Chapter.CALLS,
        "id at caller employee_number inbound person contact_point result answered right_party"
        " identity_checked note next_step next_step_on",
        said,
    )


def _reveals(filed: OnFile, known_by: datetime) -> Part:
    """Whose originals were shown by the day, to whom and what for."""
    people = {party["id"]: party["name_masked"] for _, party in filed.named}
    found = events_of(
        act=Act.REVEALED.value,
        subject="party",
        subject_ids=tuple(people),
        before=known_by,
        limit=MOST_EVENTS,
    )
    return _table(
        Chapter.REVEALS,
        "at who employee_number person purpose event",
        (
            (
                e.at,
                e.who,
                e.employee_number,
                people.get(e.subject_id or 0),
                e.facts.get("purpose"),
                e.place,
            )
            for e in reversed(found)
        ),
    )


def _cases(rows: list[dict[str, Any]]) -> Part:
    def stood(row: dict[str, Any]) -> tuple[Any, ...]:
        said = json.loads(row["said"])
        state = state_after(kind for kind, _ in said) or "OPEN"
        return row["id"], row["opened_on"], row["closed_on"], state, bucket_after(said)

    return _table(Chapter.CASE, "id opened_on closed_on state bucket", map(stood, rows))


def _money(filed: OnFile, as_of: date, known_by: datetime) -> dict[Chapter, Part]:
    """Position, dues and allocations: the account replayed from the facts known by then."""
    try:
        account = loan_account(
            contract_id=filed.contract["id"], as_of=as_of, known_by=known_by, terms=filed.account
        )
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
            (f.id, f.purpose.value, f.filed_at, f.kind.value, f.size_bytes, f.sha256,
             f.erased_at if f.erased_at and f.erased_at < known_by else None)
            for f in files_of_contract(contract_id=contract_id)
            if f.filed_at < known_by
        ),
    )  # fmt: skip


def _record(contract_id: int, known_by: datetime) -> dict[Chapter, Part]:
    """Who changed and who saw the case by then, from the record that nobody can rewrite."""
    events = events_of(contract_id=contract_id, before=known_by, limit=MOST_EVENTS)
    changes = [e for e in reversed(events) if e.act == CHANGED]
    seen = [e for e in reversed(events) if e.act != CHANGED]
    return {
        Chapter.CHANGES: _table(
            Chapter.CHANGES,
            "at who table op rows event",
            ((e.at, e.who, e.subject, e.facts.get("op"), e.facts.get("changed"), e.place)
             for e in changes),
        ),
        Chapter.SEEN_BY: _table(
            Chapter.SEEN_BY,
            "at who employee_number act facts event",
            ((e.at, e.who, e.employee_number, e.act, e.facts, e.place) for e in seen),
        ),
    }  # fmt: skip
