"""Where sealed bytes lie: a folder by default, an S3-compatible store by setting.

Both write an object whole and durably, or not at all; an object is never written twice.
"""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import obstore
from django.conf import settings
from obstore.exceptions import BaseError
from obstore.store import S3Store

from recoup.foundation.filestore.refusals import FileDamaged, StoreFull, StoreUnreachable

if TYPE_CHECKING:
    from obstore.store import RetryConfig

COMING = ".coming"
READ_BYTES = 1 << 20
PART_BYTES = 8 << 20
RETRIES: "RetryConfig" = {"max_retries": 5, "retry_timeout": timedelta(seconds=60)}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it lies there."""

    name: str
    size_bytes: int
    changed_at: datetime


class Place(Protocol):
    """What the store asks of the place where it keeps sealed objects."""

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write an object; afterwards it survives a power cut. Raises StoreFull."""

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes `start` to `stop` (not included). Raises FileDamaged if it is gone."""

    def remove(self, name: str) -> None:
        """Remove it; one that is gone already is no fault."""

    def objects(self) -> Iterator[Found]:
        """Everything there."""

    def tidy(self, before: datetime) -> int:
        """Remove what a killed writer left unfinished before that time; how many."""


def new_name() -> str:
    """A name that says nothing of the content, its lender or its time."""
    said = secrets.token_hex(16)
    return f"{said[:2]}/{said}"


def place() -> Place:
    """The place of this installation: RECOUP_FILES_URL, else the folder `files` of the data."""
    return place_at(settings.FILES_URL, Path(settings.MEDIA_ROOT) / "store")


@cache
def place_at(url: str, folder: Path) -> Place:
    """An S3-compatible place for a URL (s3://bucket/prefix), a folder for none.

    Endpoint and credentials of S3 come from the usual AWS_* variables.
    """
    return ObjectStore(url) if url else Folder(folder)


class Folder:
    """A folder of this machine; half-written objects stand apart until they are whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        half = self._coming() / secrets.token_hex(16)
        try:
            with _room(), half.open("xb") as out:
                half.chmod(0o600)
                for piece in pieces:
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            self._settle(half, self._path(name))
        except BaseException:
            half.unlink(missing_ok=True)
            raise

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        try:
            file = self._path(name).open("rb")
        except FileNotFoundError as error:
            raise FileDamaged from error
        with file:
            file.seek(start)
            left = stop - start
            while left > 0 and (piece := file.read(min(READ_BYTES, left))):
                left -= len(piece)
                yield piece

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def objects(self) -> Iterator[Found]:
        for path in sorted(self.folder.glob("??/*")):
            seen = path.stat()
            changed_at = datetime.fromtimestamp(seen.st_mtime, UTC)
            yield Found(path.relative_to(self.folder).as_posix(), seen.st_size, changed_at)

    def tidy(self, before: datetime) -> int:
        left = [p for p in self._coming().iterdir() if p.stat().st_mtime < before.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _coming(self) -> Path:
        folder = self.folder / COMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _settle(self, half: Path, whole: Path) -> None:
        with _room():
            whole.parent.mkdir(mode=0o700, exist_ok=True)
            half.rename(whole)
            for folder in (whole.parent, self.folder):
                _sync(folder)


class ObjectStore:
    """An S3-compatible store; what was begun and not finished is no object there."""

    def __init__(self, url: str) -> None:
        self.store = S3Store.from_url(url, retry_config=RETRIES)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        with _answers():
            obstore.put(self.store, name, pieces, chunk_size=PART_BYTES, max_concurrency=2)

    def read(self, name: str, start: int, stop: int) -> Iterator[bytes]:
        try:
            with _answers():
                got = obstore.get(self.store, name, options={"range": (start, stop)})
                for piece in got.stream(min_chunk_size=READ_BYTES):
                    yield bytes(piece)
        except FileNotFoundError as error:
            raise FileDamaged from error

    def remove(self, name: str) -> None:
        with _answers():
            obstore.delete(self.store, name)

    def objects(self) -> Iterator[Found]:
        with _answers():
            for page in obstore.list(self.store):
                for seen in page:
                    yield Found(seen["path"], seen["size"], seen["last_modified"])

    def tidy(self, before: datetime) -> int:
        """Unfinished uploads are the bucket's to expire (a lifecycle rule); none is seen here."""
        del before
        return 0


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        raise StoreUnreachable(why=type(error).__name__) from error


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StoreFull from error
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
