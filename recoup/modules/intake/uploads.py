"""Uploaded files: kept sealed in the file store until they are taken in or refused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from recoup.foundation.filestore import queries as file_queries
from recoup.foundation.filestore import services as files
from recoup.foundation.filestore.plain_copy import plain_copy
from recoup.foundation.filestore.refusals import FileUnknown
from recoup.foundation.filestore.rules import Purpose
from recoup.foundation.filestore.services import Received
from recoup.modules.intake import conversion, mapping, readers
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.limits import DEFAULT, Limits
from recoup.modules.intake.rules import RowKind
from recoup.modules.intake.suggestion import suggest

PREVIEW_ROWS = 5
SUBJECT = "intake_batch"


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, and how its columns would be mapped to a table's."""

    header: tuple[str, ...]
    rows: list[list[str]]
    suggested: dict[str, str]
    missing: list[str]
    is_standard: bool


def receive(chunks: Iterable[bytes], *, lender_id: int) -> Received:
    """Let an upload stream into the file store. Raises FileRefused and its kin."""
    return files.receive(chunks, lender_id=lender_id, purpose=Purpose.INTAKE)


def about(batch_id: int) -> files.About:
    """What an upload is filed about."""
    return files.About(SUBJECT, batch_id)


@contextmanager
def opened(batch_id: int) -> Iterator[Path]:
    """The file of a batch for the length of a `with`. Raises FileUnknown."""
    found = file_queries.files_of(subject=SUBJECT, subject_id=batch_id)
    if not found:
        raise FileUnknown
    with plain_copy(found[-1].id) as path:
        yield path


def forget(*, batch_id: int, reason: str, at: datetime) -> None:
    """Erase what was uploaded for a batch, within the caller's transaction."""
    for row in file_queries.files_of(subject=SUBJECT, subject_id=batch_id):
        files.erase_within(row.id, reason=reason, at=at)


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
