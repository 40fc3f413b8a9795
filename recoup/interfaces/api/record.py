"""The record of who saw and changed what, for auditors' systems."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act, queries
from recoup.interfaces.api import schemas
from recoup.interfaces.api.operations import on_record, operation

router = Router(tags=["audit"])


@router.get("/audit/events", response=schemas.Events)
@operation(Right.SEE_AUDIT)
def list_events(
    request: HttpRequest,
    contract_id: schemas.Id | None = None,
    act: schemas.ActName | None = None,
    before: schemas.Moment | None = None,
    limit: schemas.PageSize = 50,
) -> dict[str, Any]:
    """Events, newest first."""
    rows = queries.events(contract_id=contract_id, act=act or "", before=before, limit=limit)
    on_record(request, Act.AUDIT_SEEN, "events", contract_id)
    return {
        "items": [
            {
                "chain": row.chain,
                "number": row.number,
                "at": row.at,
                "actor": row.who,
                "act": row.act,
                "subject": row.subject,
                "subject_id": row.subject_id,
                "lender_id": row.lender_id,
                "hash": row.hash.hex(),
            }
            for row in rows
        ],
        "before": rows[-1].at if len(rows) == limit else None,
    }
