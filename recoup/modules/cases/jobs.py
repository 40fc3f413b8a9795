"""The cases' part of the night: cured, moved, opened, told, treated, assigned."""

from datetime import date, datetime
from pathlib import Path

from recoup.foundation import db

SQL = Path(__file__).parent / "sql"


def cure(*, as_of: date, at: datetime) -> int:
    """Close the cases whose arrears are paid."""
    return _of_all("cure.sql", as_of, at)


def move(*, as_of: date, at: datetime) -> int:
    """Move live cases to the bucket of the day."""
    return _of_all("move.sql", as_of, at)


def open_cases(*, as_of: date, at: datetime) -> int:
    """Open a case for every contract newly late."""
    return _of_all("open.sql", as_of, at)


def tell_promises(*, as_of: date, at: datetime) -> int:
    """Write the night's verdicts on promises onto the timeline."""
    return db.run_sql(SQL / "tell_promises.sql", as_of=as_of, at=at)


def treat(*, as_of: date, at: datetime) -> int:
    """Give each case the treatment the strategy decided."""
    return db.run_sql(SQL / "treat.sql", as_of=as_of, at=at)


def assign(*, as_of: date, at: datetime) -> int:
    """Give cases without a collector to the collectors with the fewest."""
    return db.run_sql(SQL / "assign.sql", as_of=as_of, at=at)


def _of_all(file: str, as_of: date, at: datetime) -> int:
    """A step over every contract, by nobody in particular."""
    return db.run_sql(SQL / file, as_of=as_of, at=at, contract_id=None, actor_id=None)


def tell_again(*, as_of: date, at: datetime, actor_id: int | None) -> None:
    """Write onto the timeline which verdicts on promises changed with the past."""
    db.run_sql(SQL / "tell_again.sql", as_of=as_of, at=at, actor_id=actor_id)


def follow_arrears(*, contract_id: int, as_of: date, at: datetime, actor_id: int | None) -> None:
    """One contract's case after its arrears of the last night changed, as that night would.

    It is cured, moved or opened today; what was done in it before stays as it was.
    """
    asked = {"as_of": as_of, "at": at, "contract_id": contract_id, "actor_id": actor_id}
    for step in ("cure.sql", "move.sql", "open.sql"):
        db.run_sql(SQL / step, **asked)
