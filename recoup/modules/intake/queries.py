"""What has been taken in: batches, their quarantine, mappings and lenders, as frozen rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from recoup.core.money import Money
from recoup.foundation import db
from recoup.modules.intake import mapping, reasons, sealing
from recoup.modules.intake.refusals import KindUnknown, LenderUnknown, MappingUnknown
from recoup.modules.intake.rules import SEVERAL, BatchState, RowKind, Stage

MAPPINGS = Path(__file__).parent / "mappings"
STANDARD = "standard"
HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class LenderRow:
    """A lender files can come from."""

    id: int
    code: str
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as pages and the command line show it. Counts are rows of the file."""

    id: int
    lender_id: int
    lender_code: str
    lender_name: str
    kind: str
    mapping_code: str
    schedule_from_terms: bool
    filename: str
    sha256: str
    size_bytes: int
    state: BatchState
    stage: Stage
    progress_pct: int
    columns: list[str]
    rows_total: int
    rows_good: int
    rows_bad: int
    rows_unchanged: int
    totals: dict[str, Any]
    refusal_code: str
    refusal_params: dict[str, Any]
    received_at: datetime
    finished_at: datetime | None
    actor_id: int | None
    actor_name: str
    is_held: bool

    @property
    def is_interrupted(self) -> bool:
        """Running on paper, but nobody works on it: the process was killed."""
        return self.state is BatchState.RUNNING and not self.is_held


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One reason why a row was refused; `sentence` and `params` are for the door to translate.

    `value` and `raw` are in clear; pages show `shown`.
    """

    row_number: int
    kind: str
    column: str
    value: str
    code: str
    sentence: str
    params: dict[str, str]
    raw: list[str]
    is_personal: bool = False

    @property
    def shown(self) -> "FaultRow":
        """As a page shows it: what stood in a personal column is not repeated."""
        if not self.is_personal:
            return self
        return replace(self, value=HIDDEN, params=dict.fromkeys(self.params, HIDDEN), raw=[])


def lender(code: str) -> LenderRow:
    """The lender of that code. Raises LenderUnknown."""
    found = db.ask("SELECT id, code, name, currency FROM parties_lender WHERE code = %s", [code])
    if not found:
        raise LenderUnknown(lender=code)
    return LenderRow(**found[0])


def lenders() -> list[LenderRow]:
    """All lenders by name."""
    rows = db.ask("SELECT id, code, name, currency FROM parties_lender ORDER BY name, id")
    return [LenderRow(**row) for row in rows]


@cache
def built_in_mappings() -> dict[str, dict[str, Any]]:
    """The mappings that come with the product, by code."""
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(MAPPINGS.glob("*.json"))
    }


def mapping_codes(lender_id: int, kind: str) -> list[str]:
    """The codes by which a lender's file of that kind can be read: its own, then built-in ones.

    The standard layout comes first, unless the file holds several tables.
    """
    own = db.ask(
        "SELECT code FROM intake_mapping WHERE lender_id = %s AND kind = %s ORDER BY code",
        [lender_id, kind],
    )
    codes = [] if kind == SEVERAL else [STANDARD]
    codes += [row["code"] for row in own]
    return codes + [
        code
        for code, spec in built_in_mappings().items()
        if kind == SEVERAL or kind in spec["tables"]
    ]


def find_mapping(lender_id: int, code: str, kind: RowKind | None) -> dict[str, Any]:
    """A mapping as saved. Raises MappingUnknown; KindUnknown for standard without a kind."""
    if code == STANDARD:
        if kind is None:
            raise KindUnknown(kinds=", ".join(RowKind))
        return mapping.standard(kind)
    if code in built_in_mappings():
        return built_in_mappings()[code]
    found = db.ask(
        "SELECT spec FROM intake_mapping WHERE lender_id = %s AND code = %s", [lender_id, code]
    )
    if not found:
        raise MappingUnknown(mapping=code)
    spec = found[0]["spec"]
    return dict(json.loads(spec) if isinstance(spec, str) else spec)


BATCH_LOCK = 0x1A7F  # with a batch's number: held by the session that takes it in
BATCHES = """
SELECT b.*, l.code AS lender_code, l.name AS lender_name,
       coalesce(nullif(u.display_name, ''), u.username, '') AS actor_name,
       EXISTS (SELECT FROM pg_locks k
                WHERE k.locktype = 'advisory' AND k.objsubid = 2 AND k.classid = %(batch_lock)s
                  AND k.objid::bigint = b.id AND k.granted
                  AND k.database = (SELECT oid FROM pg_database
                                     WHERE datname = current_database())) AS is_held
  FROM intake_batch b
  JOIN parties_lender l ON l.id = b.lender_id
  LEFT JOIN workforce_user u ON u.id = b.actor_id
"""


def batch(batch_id: int) -> BatchRow | None:
    """One batch, None if there is none of that number."""
    return next(iter(_batches("WHERE b.id = %(id)s", {"id": batch_id})), None)


def batches(*, limit: int = 50, before: int | None = None) -> list[BatchRow]:
    """The latest batches, newest first; `before` goes on from a batch's number."""
    return _batches(
        "WHERE %(before)s::bigint IS NULL OR b.id < %(before)s ORDER BY b.id DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )


def _batches(condition: str, params: dict[str, Any]) -> list[BatchRow]:
    names = BatchRow.__slots__
    rows = []
    for found in db.ask(BATCHES + condition, params | {"batch_lock": BATCH_LOCK}):
        values = {name: found[name] for name in names} | {
            "state": BatchState(found["state"]),
            "stage": Stage(found["stage"]),
            "columns": _json(found["columns"]),
            "totals": _json(found["totals"]),
            "refusal_params": _json(found["refusal_params"]),
        }
        rows.append(BatchRow(**values))
    return rows


def faults(batch_id: int, *, limit: int, after: int = 0) -> tuple[list[FaultRow], int | None]:
    """Why rows of a batch were refused, in the order of the file, from the row after `after` on.

    At most `limit` reasons, but never half a row's; and the row to go on after, None at the end.
    Raises the refusals of the vault for those who may not open what the lender sent.
    """
    found = db.ask(
        """
        SELECT q.row_number, q.kind, q."column", q.value, q.code, q.params, q.is_personal,
               q.cell_sealed, q.raw_sealed, b.lender_id
          FROM intake_quarantinedrow q
          JOIN intake_batch b ON b.id = q.batch_id
         WHERE q.batch_id = %s AND q.row_number > %s
         ORDER BY q.row_number, q.id LIMIT %s
        """,
        [batch_id, after, limit + 1],
    )
    rows = _opened_faults(batch_id, found)
    if len(rows) <= limit:
        return rows, None
    whole = [row for row in rows if row.row_number < rows[-1].row_number] or rows
    return whole, whole[-1].row_number


def every_fault(batch_id: int) -> Iterator[FaultRow]:
    """All faults of a batch, read in portions."""
    after: int | None = 0
    while after is not None:
        portion, after = faults(batch_id, limit=5_000, after=after)
        yield from portion


def fault_summary(batch_id: int) -> list[tuple[str, str, int]]:
    """How often each column was refused for each reason: (column, code, rows), most first."""
    found = db.ask(
        """
        SELECT "column", code, count(*) AS rows FROM intake_quarantinedrow
         WHERE batch_id = %s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20
        """,
        [batch_id],
    )
    return [(row["column"], row["code"], row["rows"]) for row in found]


def _opened_faults(batch_id: int, found: list[dict[str, Any]]) -> list[FaultRow]:
    if not found:
        return []
    opened = sealing.opened(
        ((row["row_number"], row["cell_sealed"], row["raw_sealed"]) for row in found),
        lender_id=found[0]["lender_id"],
        batch_id=batch_id,
    )
    return [_fault(row, cell, raw) for row, (cell, raw) in zip(found, opened, strict=True)]


def _fault(
    row: dict[str, Any], cell: tuple[str, dict[str, str]] | None, raw: list[str]
) -> FaultRow:
    value, params = cell or (row["value"] or "", _json(row["params"]))
    return FaultRow(
        row_number=row["row_number"],
        kind=row["kind"],
        column=row["column"],
        value=value,
        code=row["code"],
        sentence=reasons.sentence(row["code"]),
        params=shown_params(params),
        raw=raw,
        is_personal=row["is_personal"],
    )


def shown_params(params: dict[str, Any]) -> dict[str, str]:
    """A reason's values for its sentence; amounts in minor units become major ones."""
    shown = {key: str(value) for key, value in params.items()}
    for key, value in params.items():
        if key.endswith("_minor"):
            shown[key.removesuffix("_minor")] = str(Money(int(value), str(params["currency"])))
    return shown


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class ColumnTotal:
    """The sum of one column in one currency, by what became of the rows."""

    column: str
    taken_in: Money
    unchanged: Money
    bad: Money


@dataclass(frozen=True, slots=True)
class KindTotal:
    """What became of the rows of one table."""

    kind: str
    new: int
    changed: int
    unchanged: int
    bad: int
    sums: list[ColumnTotal]


def control_totals(batch: BatchRow) -> list[KindTotal]:
    """The control totals kept with a batch, per table."""
    return [
        KindTotal(kind=kind, **said["rows"], sums=list(_column_totals(said["sums"])))
        for kind, said in batch.totals.items()
    ]


def _column_totals(sums: dict[str, dict[str, dict[str, int]]]) -> Iterator[ColumnTotal]:
    for currency, per_outcome in sums.items():
        columns = next(iter(per_outcome.values()), {})
        for column in columns:
            minor = {outcome: found[column] for outcome, found in per_outcome.items()}
            yield ColumnTotal(
                column=column.removesuffix("_minor"),
                taken_in=Money(minor.get("new", 0) + minor.get("changed", 0), currency),
                unchanged=Money(minor.get("unchanged", 0), currency),
                bad=Money(minor.get("bad", 0), currency),
            )
