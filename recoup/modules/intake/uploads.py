"""Uploaded files: kept on disk, unpublished, until they are taken in or refused."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from recoup.modules.intake import conversion, mapping, readers
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.limits import DEFAULT, MEGABYTE, Limits
from recoup.modules.intake.queries import BatchRow
from recoup.modules.intake.refusals import FileEmpty, FileTooLarge
from recoup.modules.intake.rules import RowKind
from recoup.modules.intake.suggestion import suggest

PREVIEW_ROWS = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it came: where it lies, its size and fingerprint."""

    path: Path
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, and how its columns would be mapped to a table's."""

    header: tuple[str, ...]
    rows: list[list[str]]
    suggested: dict[str, str]
    missing: list[str]
    is_standard: bool


def store(media: Path, chunks: Iterable[bytes], limits: Limits = DEFAULT) -> Stored:
    """Write an upload to disk as it comes, named by its content. Raises FileTooLarge, FileEmpty."""
    folder = Path(media) / "intake"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=folder, prefix="coming-", delete=False) as file:
        half = Path(file.name)
        try:
            for chunk in chunks:
                size += len(chunk)
                _refuse_too_large(size, limits)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise FileEmpty
        except BaseException:
            half.unlink()
            raise
    return Stored(half, size, digest.hexdigest())


def keep(media: Path, stored: Stored, batch: BatchRow) -> None:
    """Give a stored upload the name of its batch."""
    stored.path.replace(stored_file(media, batch))


def stored_file(media: Path, batch: BatchRow) -> Path:
    """Where the file of a batch lies; its own name is never part of a path."""
    return Path(media) / "intake" / f"batch-{batch.id}"


def preview(path: Path, filename: str, kind: RowKind, limits: Limits = DEFAULT) -> Preview:
    """The file's first rows and the mapping to offer. Raises the refusals of `refusals`."""
    spec = mapping.read_spec(mapping.standard(kind))
    seen = readers.inspect(path, filename, "", limits)
    reader = readers.open_table(path, seen, spec, limits)
    rows: list[list[str]] = []
    for _, cells in reader.rows():
        if isinstance(cells, list):
            rows.append(cells)
        if len(rows) == PREVIEW_ROWS:
            break
    suggested = suggest(kind, reader.header)
    return Preview(
        header=reader.header,
        rows=rows,
        suggested=suggested,
        missing=[c.name for c in LAYOUT[kind] if c.required and c.name not in suggested],
        is_standard=conversion.is_standard(kind, reader.header),
    )


def _refuse_too_large(size: int, limits: Limits) -> None:
    if size > limits.file_bytes:
        raise FileTooLarge(megabytes=-(-size // MEGABYTE), limit=limits.file_bytes // MEGABYTE)
