"""The way onto the timeline for services: entries are appended inside the caller's transaction."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection

from recoup.modules.cases.rules import TimelineKind

APPEND = """
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
"""

APPEND_TO_ALL = """
INSERT INTO cases_timelineentry (contract_id, case_id, at, business_on, actor_id, kind, facts)
SELECT contract_id, case_id, %s, %s, %s, %s, %s::jsonb
  FROM unnest(%s::bigint[], %s::bigint[]) AS moved (case_id, contract_id)
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


def record_for_all(
    *,
    contracts: Mapping[int, int],
    kind: TimelineKind,
    facts: Mapping[str, object],
    actor_id: int | None,
    at: datetime,
    business_on: date,
) -> None:
    """Append the same to each of these cases, given with its contract, in one statement."""
    said = [at, business_on, actor_id, kind.value, json.dumps(facts)]
    with connection.cursor() as cursor:
        cursor.execute(APPEND_TO_ALL, [*said, list(contracts), list(contracts.values())])
