"""What was overdue on a day: as known now, or as it was known then."""

from datetime import date, datetime
from typing import Any

from recoup.foundation import db

FOUND = """
SELECT dpd_raw, dpd_net, bucket, tier, unpaid_dues, oldest_due_on, principal_minor, interest_minor,
       cost_minor, penalty_minor, exposure_minor
"""
AS_KNOWN_NOW = (
    FOUND
    + """
  FROM arrears_snapshot WHERE contract_id = %(contract_id)s AND as_of = %(as_of)s
"""
)
AS_KNOWN_THEN = (
    FOUND
    + """
  FROM arrears_formersnapshot
 WHERE contract_id = %(contract_id)s AND as_of = %(as_of)s AND known_until > %(known_by)s
 ORDER BY known_until LIMIT 1
"""
)


def snapshot(
    *, contract_id: int, as_of: date, known_by: datetime | None = None
) -> dict[str, Any] | None:
    """The arrears of a night by column, None if nothing was overdue.

    As known now; with `known_by` as it was known at that moment after the night.
    """
    asked = {"contract_id": contract_id, "as_of": as_of, "known_by": known_by}
    then = db.ask(AS_KNOWN_THEN, asked) if known_by else []
    if then:
        return then[0] if then[0]["bucket"] is not None else None
    now = db.ask(AS_KNOWN_NOW, asked)
    return now[0] if now else None
