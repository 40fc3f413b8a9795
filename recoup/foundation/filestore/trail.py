"""The custody trail: who brought a file, who read which part of it, who erased it and why."""

from collections.abc import Mapping

from recoup.foundation import audit
from recoup.foundation.audit import Act
from recoup.foundation.filestore.queries import FileRow


def stored(row: FileRow) -> None:
    """A file was filed, with the fingerprint by which it can be known again."""
    said = {"purpose": row.purpose.value, "sha256": row.sha256, "bytes": row.size_bytes}
    said |= {"kind": row.kind.value, "verdict": row.verdict.value, "scanner": row.scanner}
    _record(Act.FILE_STORED, row, said)


def read(row: FileRow, start: int, stop: int | None) -> None:
    """A file, or a part of it, was given out."""
    part = {} if start == 0 and stop is None else {"from": start, "to": stop}
    _record(Act.FILE_SEEN, row, {"purpose": row.purpose.value, "sha256": row.sha256, **part})


def erased(row: FileRow, reason: str) -> None:
    """A file was erased."""
    _record(Act.FILE_FORGOTTEN, row, {"sha256": row.sha256, "reason": reason})


def refused(lender_id: int, purpose: str, code: str) -> None:
    """A file was not taken in: harmful, too large or of a wrong kind."""
    facts = {"purpose": purpose, "code": code}
    audit.record(Act.FILE_REFUSED, "lender", lender_id, lender_id=lender_id, facts=facts)


def _record(act: Act, row: FileRow, facts: Mapping[str, object]) -> None:
    audit.record(
        act,
        "file",
        row.id,
        lender_id=row.lender_id,
        contract_ids=() if row.contract_id is None else (row.contract_id,),
        facts=facts,
    )
