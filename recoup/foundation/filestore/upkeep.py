"""Looking after the store: every content hashed anew, and what nobody knows of removed."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from recoup.core.refusals import Refused
from recoup.foundation.filestore import places, queries, removal, services
from recoup.foundation.filestore.models import Content

GRACE = timedelta(days=1)  # longer than the slowest upload lasts


@dataclass(frozen=True, slots=True)
class Fault:
    """A content that is not what it was, by its number, and why in a word (a refusal's code)."""

    content_id: int
    lender_id: int
    sha256: str
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification looked at."""

    contents: int
    bytes: int
    faults: tuple[Fault, ...]


def verify(tell: Callable[[int, int], object] = lambda done, of: None) -> Verified:
    """Open and hash every content anew; those erased since the beginning are passed over."""
    live = Content.objects.filter(erased_at=None).order_by("id")
    ids = list(live.values_list("id", flat=True))
    size, faults = 0, list[Fault]()
    for done, content_id in enumerate(ids, start=1):
        row = live.filter(pk=content_id).first()
        if row is None:
            continue
        why = _fault(row)
        if why and live.filter(pk=content_id).exists():
            faults.append(Fault(row.pk, row.lender_id, row.sha256, why))
        size += row.size_bytes
        tell(done, len(ids))
    return Verified(len(ids), size, tuple(faults))


def _fault(row: Content) -> str:
    said, size = hashlib.sha256(), 0
    try:
        for piece in services.contents(row.pk):
            said.update(piece)
            size += len(piece)
    except Refused as no:
        return no.code
    same = said.hexdigest() == row.sha256 and size == row.size_bytes
    return "" if same else "file_damaged"


def strangers(*, before: datetime) -> Iterator[places.Found]:
    """Objects that no live content stands for and that are older than `before`."""
    known = set(queries.object_names())
    for found in places.place().objects():
        if found.name not in known and found.changed_at < before:
            yield found


def tidy(*, at: datetime) -> int:
    """Remove what killed writers left and what was erased during a backup; how many objects.

    Nothing younger than GRACE is touched: its row may be committed in the next moment. Does
    nothing while a backup copies the store.
    """
    with removal.allowed() as may:
        if not may:
            return 0
        gone = list(strangers(before=at - GRACE))
        for found in gone:
            places.place().remove(found.name)
        return len(gone) + places.place().tidy(at - GRACE)
