"""What is asked of an intake: a file, from whom, by which mapping, by whom and when."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from recoup.modules.intake import queries
from recoup.modules.intake.mapping import Spec, read_spec
from recoup.modules.intake.queries import LenderRow
from recoup.modules.intake.refusals import MappingInvalid
from recoup.modules.intake.rules import SEVERAL, RowKind


@dataclass(frozen=True, slots=True)
class Request:
    """A file with all that decides how it is read. `fingerprint` is that of the mapping."""

    path: Path
    filename: str
    lender: LenderRow
    kind: str
    mapping_code: str
    spec: Spec
    fingerprint: str
    actor_id: int | None
    at: datetime


def read_request(
    *,
    path: Path,
    filename: str,
    lender_code: str,
    kind: RowKind | None,
    mapping: str | Mapping[str, Any],
    schedule_from_terms: bool,
    actor_id: int | None,
    at: datetime,
) -> Request:
    """The request with lender and mapping looked up and checked.

    Raises LenderUnknown, MappingUnknown, MappingInvalid, KindUnknown.
    """
    lender = queries.lender(lender_code)
    code = mapping if isinstance(mapping, str) else ""
    said = queries.find_mapping(lender.id, code, kind) if isinstance(mapping, str) else mapping
    spec = read_spec(said)
    if kind is not None and kind not in spec.kinds:
        raise MappingInvalid(where=code or "mapping", problem=f"it has no table {kind}")
    if kind is not None:
        spec = replace(spec, tables=tuple(table for table in spec.tables if table.kind is kind))
    if schedule_from_terms:
        spec = replace(spec, schedule_from_terms=True)
    return Request(
        path=path,
        filename=filename or path.name,
        lender=lender,
        kind=spec.kinds[0].value if len(spec.kinds) == 1 else SEVERAL,
        mapping_code=code,
        spec=spec,
        fingerprint=_fingerprint(said, schedule_from_terms),
        actor_id=actor_id,
        at=at,
    )


def _fingerprint(said: Mapping[str, Any], schedule_from_terms: bool) -> str:
    whole = json.dumps([dict(said), schedule_from_terms], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
