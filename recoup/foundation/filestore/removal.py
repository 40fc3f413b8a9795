"""When an object may be removed: not while a backup copies the store as it stood.

The backup holds the lock alone; those who remove share it. Who does not get it leaves the object to
the next tidying: without its key it says nothing anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from recoup.foundation.filestore import places

LOCK = 0x0F11E5  # the store's own advisory lock


@contextmanager
def allowed() -> Iterator[bool]:
    """Whether objects may be removed for the length of a `with`; does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", [LOCK])
        (may,) = cursor.fetchone() or (False,)
        try:
            yield bool(may)
        finally:
            if may:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOCK])


@contextmanager
def forbidden() -> Iterator[None]:
    """Nothing is removed for the length of a `with`; waits for those who are at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def remove_if_allowed(object_name: str) -> None:
    """Remove an object nobody needs any more, or leave it to the next tidying."""
    with allowed() as may:
        if may:
            places.place().remove(object_name)
