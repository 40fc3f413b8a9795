"""News about days that are over: what was derived for them since is derived again.

The ledger knows whose past changed and from which day (the temporary table `ledger_past`, for the
length of the transaction); who has derived something from it says so once, when the program starts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from recoup.foundation import db

NOTE = Path(__file__).parent / "sql" / "note_past.sql"


@dataclass(frozen=True, slots=True)
class News:
    """Accounts in `ledger_past` have another past since it was posted; `contract_id` if one."""

    as_of: date
    at: datetime
    contract_id: int | None


class Follow(Protocol):
    """What is derived again, inside the transaction that posts."""

    def __call__(self, news: News) -> None:
        """Derive it again."""


_followers: list[Follow] = []


def when_past_changes(follow: Follow) -> None:
    """Have this called after each posting that changes the past; said twice it is called once."""
    if follow not in _followers:
        _followers.append(follow)


def note(as_of: date) -> bool:
    """Before posting: note in `ledger_past` whose past will change; whether anybody's."""
    return db.run_sql(NOTE, as_of=as_of) > 0


def tell(news: News) -> None:
    """After posting: have everything derived again."""
    for follow in _followers:
        follow(news)
