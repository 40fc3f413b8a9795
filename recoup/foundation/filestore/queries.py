"""Questions about files. Nothing here opens one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from recoup.foundation.filestore.models import Content, File
from recoup.foundation.filestore.rules import FORMS, Kind, Purpose, Verdict


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it is known: fingerprint, size, kind, what for; erased ones keep all this."""

    id: int
    lender_id: int
    content_id: int
    purpose: Purpose
    subject: str
    subject_id: int | None
    contract_id: int | None
    sha256: str
    size_bytes: int
    kind: Kind
    verdict: Verdict
    scanner: str
    filed_at: datetime
    actor_id: int | None
    keep_until: date | None
    erased_at: datetime | None

    @property
    def media_type(self) -> str:
        return FORMS[self.kind].media_type

    @property
    def name(self) -> str:
        """A name to give it outside; it says nothing of a person."""
        return f"{self.purpose.value.lower()}-{self.id}.{FORMS[self.kind].ending}"


def file(file_id: int) -> FileRow | None:
    """A file by its number, erased or not; None if there is none within reach."""
    row = File.objects.select_related("content").filter(pk=file_id).first()
    return None if row is None else row_of(row)


def files_of(*, subject: str, subject_id: int) -> list[FileRow]:
    """The files filed about something, oldest first, erased ones left out."""
    found = File.objects.select_related("content").filter(
        subject=subject, subject_id=subject_id, erased_at=None
    )
    return [row_of(row) for row in found.order_by("id")]


def files_of_contract(*, contract_id: int) -> list[FileRow]:
    """A contract's files, oldest first, with those that were erased."""
    found = File.objects.select_related("content").filter(contract_id=contract_id)
    return [row_of(row) for row in found.order_by("id")]


def due_for_erasure(*, as_of: date, limit: int = 1000) -> list[FileRow]:
    """Files whose time is over on the day; legal holds are the caller's to ask for."""
    found = File.objects.select_related("content").filter(erased_at=None, keep_until__lt=as_of)
    return [row_of(row) for row in found.order_by("keep_until", "id")[:limit]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What lies in the store."""

    contents: int
    bytes: int
    not_scanned: int


def totals() -> Totals:
    """How much lies in the store, and how much of it nobody scanned."""
    found = Content.objects.filter(erased_at=None).aggregate(
        contents=Count("id"),
        bytes=Coalesce(Sum("size_bytes"), 0),
        not_scanned=Count("id", filter=Q(verdict=Verdict.NOT_SCANNED)),
    )
    return Totals(**found)


def object_names() -> Iterator[str]:
    """The names of all objects that a live content stands for."""
    live = Content.objects.filter(erased_at=None)
    return live.values_list("object_name", flat=True).iterator()


def row_of(row: File) -> FileRow:
    """A file as a frozen row."""
    content = row.content
    return FileRow(
        id=row.pk,
        lender_id=row.lender_id,
        content_id=content.pk,
        purpose=Purpose(row.purpose),
        subject=row.subject,
        subject_id=row.subject_id,
        contract_id=row.contract_id,
        sha256=content.sha256,
        size_bytes=content.size_bytes,
        kind=Kind(content.kind),
        verdict=Verdict(content.verdict),
        scanner=content.scanner,
        filed_at=row.filed_at,
        actor_id=row.actor_id,
        keep_until=row.keep_until,
        erased_at=row.erased_at,
    )
