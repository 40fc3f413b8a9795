"""Taking from a bucket that fills again with time: one statement, no lock but the row's own.

Of a bucket only the moment is kept at which it will be full again (the cell rate algorithm of ATM):
each thing done moves it on by a minute's share, and what would move it further than the bucket is
deep is refused and changes nothing.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from recoup.core.refusals import Refused
from recoup.foundation import db


class TooMany(Refused):
    """More than is allowed in so short a time; `seconds` is how long to wait."""

    code = "too_many"
    message = "That is too much in so short a time. Try again in %(seconds)s seconds."


@dataclass(frozen=True, slots=True)
class Limit:
    """So many per minute, and so many at once after a quiet time."""

    name: str
    per_minute: int
    at_once: int

    @property
    def each(self) -> timedelta:
        """How long one takes to grow again."""
        return timedelta(minutes=1) / self.per_minute

    @property
    def depth(self) -> timedelta:
        """How far ahead of the clock the bucket may be emptied."""
        return self.each * self.at_once


TAKE = """
INSERT INTO throttle_bucket AS b (key, whole_at)
VALUES (%(key)s, %(at)s::timestamptz + %(each)s * %(cost)s)
ON CONFLICT (key) DO UPDATE
   SET whole_at = greatest(b.whole_at, %(at)s) + %(each)s * %(cost)s
 WHERE greatest(b.whole_at, %(at)s) + %(each)s * %(cost)s <= %(at)s::timestamptz + %(depth)s
RETURNING whole_at
"""
WHOLE = "SELECT whole_at FROM throttle_bucket WHERE key = %(key)s"
FORGET = "DELETE FROM throttle_bucket WHERE whole_at < %s"


def take(limit: Limit, who: str, *, at: datetime, cost: int = 1) -> None:
    """Take `cost` from somebody's bucket, in the caller's transaction or one of its own.

    Raises TooMany; nothing is taken then.
    """
    if cost > limit.at_once:
        raise TooMany(seconds=math.ceil((limit.each * cost).total_seconds()))
    key = hashlib.sha256(f"{limit.name}\n{who}".encode()).hexdigest()
    params = {"key": key, "at": at, "each": limit.each, "depth": limit.depth, "cost": cost}
    if db.ask(TAKE, params):
        return
    (row,) = db.ask(WHOLE, {"key": key})
    wait = row["whole_at"] + limit.each * cost - limit.depth - at
    raise TooMany(seconds=max(1, math.ceil(wait.total_seconds())))


def forget(*, at: datetime) -> int:
    """Drop buckets that are whole: they say nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [at])
        return int(cursor.rowcount)
