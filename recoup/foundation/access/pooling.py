"""What a connection remembers of whom it serves, and how it forgets it on the way to the pool."""

from typing import Any

from psycopg import Connection

# Written by access_enter alone, read by the policies; `recoup.` stands before each.
SETTINGS = (
    "user_id",
    "rights",
    "reach",
    "served",
    "lenders",
    "everywhere",
    "colleagues",
    "agency_id",
    "sight_from",
    "signing_in",
)
LEAVE = "SELECT " + ", ".join(f"set_config('recoup.{name}', '', false)" for name in SETTINGS)


def forget(given_back: "Connection[Any]") -> None:
    """For the pool: whoever gets this connection next finds nobody in. It closes one that fails."""
    given_back.execute(LEAVE)
    if not given_back.autocommit:
        given_back.commit()
