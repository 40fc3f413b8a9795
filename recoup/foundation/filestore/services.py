"""Bringing a file in, giving it out, erasing it.

A file is acknowledged when its row is committed; by then its object is whole and on disk. So a
process may be killed anywhere: what was acknowledged is there, and what was not leaves at most an
object that nobody knows of, which `upkeep.tidy` removes.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from recoup.foundation import db
from recoup.foundation.access import context
from recoup.foundation.filestore import (
    keys,
    kinds,
    places,
    queries,
    removal,
    rules,
    scanning,
    stream,
    trail,
)
from recoup.foundation.filestore.models import Content, File
from recoup.foundation.filestore.queries import FileRow
from recoup.foundation.filestore.refusals import (
    FileDamaged,
    FileErased,
    FileIsEmpty,
    FileOverLimit,
    FileRefused,
    FileUnknown,
    KindNotAllowed,
)
from recoup.foundation.filestore.rules import Kind, Purpose, Verdict
from recoup.foundation.filestore.scanning import Scan


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is whole in the store but not yet filed: nobody has promised to keep it."""

    lender_id: int
    purpose: Purpose
    object_name: str
    sealed_key: bytes
    sha256: str
    size_bytes: int
    kind: Kind
    verdict: Verdict
    scanner: str


@dataclass(frozen=True, slots=True)
class About:
    """What a file is filed about, and until when it is kept (None: until somebody decides)."""

    subject: str = ""
    subject_id: int | None = None
    contract_id: int | None = None
    keep_until: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file being given out: what it is, and its bytes as they are asked for."""

    file: FileRow
    pieces: Iterator[bytes]


NOTHING = About()


def put(
    pieces: Iterable[bytes],
    *,
    lender_id: int,
    purpose: Purpose,
    actor_id: int | None,
    at: datetime,
    about: About = NOTHING,
) -> FileRow:
    """Bring a file in and file it. Raises FileRefused and its kin, StoreUnreachable."""
    received = receive(pieces, lender_id=lender_id, purpose=purpose)
    with db.use_case():
        return keep(received, actor_id=actor_id, at=at, about=about)


def receive(pieces: Iterable[bytes], *, lender_id: int, purpose: Purpose) -> Received:
    """Let a file stream in: measured, told, scanned and sealed on the way, in constant memory.

    What is refused leaves nothing behind. Needs the purpose's right.
    """
    access = context.require(rules.PURPOSES[purpose].bring)
    if not _serves(access, lender_id):
        raise FileUnknown
    try:
        return _received(pieces, lender_id, purpose)
    except FileRefused as no:
        trail.refused(lender_id, purpose, no.code)
        raise


def _received(pieces: Iterable[bytes], lender_id: int, purpose: Purpose) -> Received:
    scanner, name = scanning.scanner(), places.new_name()
    version = scanner.version()
    key, sealed_key = keys.new_sealed_key(lender_id, name)
    with scanner.scan() as scan:
        arriving = _Arriving(pieces, purpose, scan)
        sealed = stream.seal(arriving, key=key, about=keys.stream_about(lender_id, name))
        places.place().write(name, sealed)
    return Received(
        lender_id=lender_id,
        purpose=purpose,
        object_name=name,
        sealed_key=sealed_key,
        sha256=arriving.digest.hexdigest(),
        size_bytes=arriving.size_bytes,
        kind=arriving.kind,
        verdict=arriving.verdict,
        scanner=version,
    )


class _Arriving:
    """The plain pieces as they come by, looked at from every side before they are sealed."""

    def __init__(self, pieces: Iterable[bytes], purpose: Purpose, scan: Scan) -> None:
        self.pieces, self.rule, self.scan = pieces, rules.PURPOSES[purpose], scan
        self.digest, self.size_bytes = hashlib.sha256(), 0
        self.kind, self.verdict = Kind.CSV, Verdict.NOT_SCANNED

    def __iter__(self) -> Iterator[bytes]:
        head, rest = _head(self.pieces)
        self.kind = self._told(head)
        for piece in itertools.chain([head], rest):
            self.size_bytes += len(piece)
            if self.size_bytes > self.rule.most_bytes:
                raise FileOverLimit(limit=self.rule.most_bytes // rules.MEGABYTE)
            self.digest.update(piece)
            self.scan.feed(piece)
            yield piece
        self.verdict = self.scan.verdict()  # before the object is finished: else there is none

    def _told(self, head: bytes) -> Kind:
        if not head:
            raise FileIsEmpty
        kind = kinds.kind_of(head[: kinds.HEAD_BYTES])
        if kind is None or kind not in self.rule.kinds:
            raise KindNotAllowed(allowed=", ".join(sorted(self.rule.kinds)))
        return kind


def _head(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Enough of the beginning to tell the kind, and all that follows it."""
    rest, head = iter(pieces), b""
    for piece in rest:
        head += piece
        if len(head) >= kinds.HEAD_BYTES:
            break
    return head, rest


def keep(
    received: Received, *, actor_id: int | None, at: datetime, about: About = NOTHING
) -> FileRow:
    """File what was received, within the caller's transaction.

    Content which the lender has already is kept once; the new copy goes once this is committed.
    """
    content = _content(received, at)
    if content.object_name != received.object_name:
        db.after_commit(lambda: places.place().remove(received.object_name))
    row = queries.row_of(
        File.objects.create(
            lender_id=received.lender_id,
            content=content,
            purpose=received.purpose,
            subject=about.subject,
            subject_id=about.subject_id,
            contract_id=about.contract_id,
            filed_at=at,
            actor_id=actor_id,
            keep_until=about.keep_until,
        )
    )
    trail.stored(row)
    return row


def _content(received: Received, at: datetime) -> Content:
    """The lender's one live content of this fingerprint, locked so that nobody erases it now."""
    same = Content.objects.filter(
        lender_id=received.lender_id, sha256=received.sha256, erased_at=None
    )
    for _ in range(3):  # again only if the one that was in the way has just been erased
        Content.objects.bulk_create([_row(received, at)], ignore_conflicts=True)
        if content := same.select_for_update().first():
            return content
    raise FileUnknown


def _row(received: Received, at: datetime) -> Content:
    return Content(
        lender_id=received.lender_id,
        sha256=received.sha256,
        size_bytes=received.size_bytes,
        kind=received.kind,
        object_name=received.object_name,
        sealed_key=received.sealed_key,
        verdict=received.verdict,
        scanner=received.scanner,
        stored_at=at,
    )


def read(file_id: int, *, start: int = 0, stop: int | None = None) -> Reading:
    """Give out a file, or its bytes from `start` to `stop` (not included); who read it is noted.

    The database is asked before the first byte, so that the bytes may flow after the connection
    has gone back. Raises FileUnknown, FileErased, NotAllowed; while flowing FileDamaged.
    """
    row, content = _within_reach(file_id)
    key = keys.open_key(content.sealed_key, content.lender_id, content.object_name)
    trail.read(row, start, stop)
    return Reading(row, _flow(content, key, start, row.size_bytes if stop is None else stop))


def _within_reach(file_id: int) -> tuple[FileRow, Content]:
    found = File.objects.select_related("content").filter(pk=file_id).first()
    access = context.current()
    if found is None or not _serves(access, found.lender_id):
        raise FileUnknown
    row = queries.row_of(found)
    context.require(rules.PURPOSES[row.purpose].read)
    if erased_at := found.erased_at or found.content.erased_at:
        raise FileErased(day=erased_at.date().isoformat())
    return row, found.content


def _serves(access: context.Access, lender_id: int) -> bool:
    """Whether whoever acts serves the lender; the database asks the same of every row."""
    return bool(access.system) or lender_id in access.lender_ids


def _flow(content: Content, key: bytes, start: int, stop: int) -> Iterator[bytes]:
    name, size = content.object_name, content.size_bytes
    about = keys.stream_about(content.lender_id, name)
    place = places.place()
    try:
        if start == 0 and stop >= size:
            sealed = place.read(name, 0, stream.sealed_size(size))
            yield from stream.unseal(sealed, key=key, about=about)
            return
        where = stream.span(start, min(stop, size), size)
        header = b"".join(place.read(name, 0, stream.HEADER_BYTES))
        pieces = place.read(name, where.sealed_start, where.sealed_stop)
        yield from stream.unseal_span(
            pieces, where, header=header, plain_bytes=size, key=key, about=about
        )
    except stream.StreamBroken as error:
        raise FileDamaged from error


def contents(content_id: int) -> Iterator[bytes]:
    """All bytes of a content, for re-hashing; no person reads them, so nobody is noted."""
    content = Content.objects.get(pk=content_id)
    key = keys.open_key(content.sealed_key, content.lender_id, content.object_name)
    return _flow(content, key, 0, content.size_bytes)


@db.use_case()
def erase(file_id: int, *, reason: str, at: datetime) -> None:
    """Erase a file; `erase_within` a use case of one's own. Raises FileUnknown."""
    erase_within(file_id, reason=reason, at=at)


def erase_within(file_id: int, *, reason: str, at: datetime) -> None:
    """Erase a file within the caller's transaction; fingerprint, size and dates stay.

    With a content's last file its key is forgotten, and the object goes after the commit. An
    erased file is left as it is. Raises FileUnknown.
    """
    found = File.objects.filter(pk=file_id).first()
    if found is None or not _serves(context.current(), found.lender_id):
        raise FileUnknown
    content = Content.objects.select_for_update().get(pk=found.content_id)
    file = File.objects.select_for_update().get(pk=file_id)
    if file.erased_at is not None:
        return
    file.erased_at, file.erased_for = at, reason
    file.save(update_fields=["erased_at", "erased_for"])
    trail.erased(queries.row_of(file), reason)
    if not File.objects.filter(content_id=content.pk, erased_at=None).exists():
        _forget(content, at)


def _forget(content: Content, at: datetime) -> None:
    """Without its key nothing opens it any more but a backup from before, until that goes too."""
    content.sealed_key, content.erased_at = None, at
    content.save(update_fields=["sealed_key", "erased_at"])
    db.after_commit(lambda: removal.remove_if_allowed(content.object_name))
