"""What a connection remembers of whom it serves, and how it forgets it on the way to the pool."""

from typing import Any

from psycopg import Connection

# Written by access_enter alone, read by the policies; `recoup.` stands before each. What each says
# while nobody is in, so that a policy need not ask whether there is anything to read.
SETTINGS = {
    "user_id": "",
    "rights": "{}",
    "reach": "",
    "served": "{}",
    "lenders": "{}",
    "everywhere": "off",
    "colleagues": "{}",
    "mates": "{}",
    "agencies": "{}",
    "sight_from": "infinity",
    "signing_in": "",
}
LEAVE = "SELECT " + ", ".join(
    f"set_config('recoup.{name}', '{nobody}', false)" for name, nobody in SETTINGS.items()
)


def forget(given_back: "Connection[Any]") -> None:
    """For the pool: whoever gets this connection next finds nobody in. It closes one that fails."""
    given_back.execute(LEAVE)
    if not given_back.autocommit:
        given_back.commit()
