"""The one way onto the timeline for services: append an entry inside the caller's transaction."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection

from recoup.modules.cases.rules import TimelineKind

APPEND = """
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
"""


def record(
    *,
    contract_id: int,
    case_id: int,
    kind: TimelineKind,
    facts: Mapping[str, object],
    actor_id: int | None,
    at: datetime,
    business_on: date,
) -> None:
    """Append what happened; `facts` must be JSON: plain numbers, texts and ISO dates."""
    with connection.cursor() as cursor:
        cursor.execute(
            APPEND, [contract_id, case_id, at, business_on, actor_id, kind.value, json.dumps(facts)]
        )
