"""The parts of an XLSX package: opened with care, its small parts read whole."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from recoup.modules.intake.limits import MEGABYTE, Limits
from recoup.modules.intake.refusals import (
    ArchiveDamaged,
    ArchiveEncrypted,
    ArchiveTooLarge,
    WorkbookUnreadable,
)

Attributes = dict[str, str]
CHUNK = 256 * 1024
SMALL_PART = 32 * MEGABYTE
PACKED_ENOUGH = MEGABYTE  # a small part may well be very regular
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Package:
    """An XLSX file as a ZIP archive whose declared sizes are within the limits.

    The standard library never unpacks more than a part declares, and checks it by its sum.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except UNREADABLE:
            raise ArchiveDamaged(part="ZIP") from None
        members = self._archive.infolist()
        self._names = {member.filename for member in members}
        if len(members) > limits.zip_members or len(self._names) != len(members):
            raise ArchiveTooLarge(part="ZIP")
        if sum(member.file_size for member in members) > limits.unpacked_bytes:
            raise ArchiveTooLarge(part="ZIP")
        for member in members:
            _check_member(member, limits)

    def has(self, name: str) -> bool:
        return name in self._names

    def size(self, name: str) -> int:
        return self._archive.getinfo(name).file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked content of a part. Raises ArchiveDamaged."""
        if name not in self._names:
            raise ArchiveDamaged(part=name)
        try:
            with self._archive.open(name) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except UNREADABLE:
            raise ArchiveDamaged(part=name) from None

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        most: int = SMALL_PART,
    ) -> None:
        """Read a whole part. Raises ArchiveDamaged, ArchiveTooLarge, WorkbookUnreadable."""
        if name in self._names and self.size(name) > most:
            raise ArchiveTooLarge(part=name)
        feed = feeder(name, start, end, text)
        for chunk in self.chunks(name):
            feed(chunk, False)
        feed(b"", True)


def feeder(
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
) -> Callable[[bytes, bool], None]:
    """An XML parser without document types, to be fed chunk by chunk.

    Raises WorkbookUnreadable for anything that is not plain, well-formed XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise WorkbookUnreadable(part=name)

    parser.StartDoctypeDeclHandler = refuse

    def feed(chunk: bytes, final: bool) -> None:
        try:
            parser.Parse(chunk, final)
        except (expat.ExpatError, ValueError, KeyError, IndexError, OverflowError):
            raise WorkbookUnreadable(part=name) from None

    return feed


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def resolved(target: str) -> str:
    """A relation's target as a name in the archive."""
    path = PurePosixPath(target)
    return str(path.relative_to("/")) if path.is_absolute() else str("xl" / path)


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    if member.flag_bits & 0x1:
        raise ArchiveEncrypted
    if member.file_size > max(PACKED_ENOUGH, member.compress_size * limits.inflation):
        raise ArchiveTooLarge(part=member.filename)
