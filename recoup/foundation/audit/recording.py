"""Writing an event: one statement, in whatever transaction is open."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from recoup.foundation.access.context import current
from recoup.foundation.audit.acts import BY_THE_DATABASE, Act

RECORD = """
SELECT audit_record(
    %(act)s, %(subject)s, %(subject_id)s, %(lender_id)s, %(contract_ids)s::bigint[],
    %(facts)s::jsonb, %(actor_id)s, %(system)s
)
"""
MOST_CONTRACTS = 1000


def record(
    act: Act,
    subject: str,
    subject_id: int | None,
    *,
    lender_id: int | None = None,
    contract_ids: Sequence[int] = (),
    facts: Mapping[str, Any] | None = None,
    actor_id: int | None = None,
) -> None:
    """Put an act on record. It stands or falls with the transaction it is in.

    `subject` names a kind of thing in small letters ("contract", "user", "export"), `contract_ids`
    every contract whose data was shown or touched: by it is found who saw a case. `facts` hold
    codes, counts and ids, never personal data. `actor_id` only where nobody is in yet (a sign-in);
    else the database takes the person it knows, then the access that holds.
    """
    if act in BY_THE_DATABASE:
        raise ValueError(act)
    access = current()
    if not contract_ids and subject == "contract" and subject_id is not None:
        contract_ids = (subject_id,)
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD,
            {
                "act": act.value,
                "subject": subject,
                "subject_id": subject_id,
                "lender_id": lender_id,
                "contract_ids": list(contract_ids)[:MOST_CONTRACTS] or None,
                "facts": json.dumps(dict(facts or {})),
                "actor_id": access.user_id if access.user_id is not None else actor_id,
                "system": access.system,
            },
        )


def name_job(name: str, *, for_all: bool = False) -> None:
    """Changes made from here on are this job's, where no person acts.

    Until the end of the transaction; with `for_all`, as long as the connection lasts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('recoup.system', %s, %s)", [name, not for_all])
