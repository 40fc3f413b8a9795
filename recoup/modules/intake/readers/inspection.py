"""A first look at a file: how large it is, what it is, in which encoding, and its fingerprint."""

import codecs
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from recoup.modules.intake.limits import MEGABYTE, Limits
from recoup.modules.intake.refusals import (
    ArchiveDamaged,
    ArchiveEncrypted,
    EncodingMixed,
    EncodingUnknown,
    EncodingWrong,
    FileEmpty,
    FileMissing,
    FileTooLarge,
    FormatMisnamed,
    FormatUnknown,
    LineTooLong,
    NulByte,
)


class FileFormat(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"
    PARQUET = "Parquet"


SUFFIXES = {
    ".csv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".xlsx": FileFormat.XLSX,
    ".xlsm": FileFormat.XLSX,
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
}
FOREIGN = {
    b"\x1f\x8b": "GZIP",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"BZh": "BZIP2",
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is; `encoding` only for text."""

    format: FileFormat
    size_bytes: int
    sha256: str
    encoding: str = ""


def inspect(path: Path, filename: str, encoding: str, limits: Limits) -> Inspection:
    """Look at a file without unpacking it. `encoding` is what the mapping says, or empty.

    Raises FileMissing, FileEmpty, FileTooLarge, FormatUnknown, FormatMisnamed, EncodingUnknown,
    EncodingWrong, EncodingMixed, NulByte, LineTooLong, ArchiveEncrypted.
    """
    if not path.is_file():
        raise FileMissing(name=filename)
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty
    if size > limits.file_bytes:
        raise FileTooLarge(megabytes=-(-size // MEGABYTE), limit=limits.file_bytes // MEGABYTE)
    with path.open("rb") as file:
        found = _format(file, path)
        _refuse_misnamed(found, filename)
        if found is FileFormat.CSV:
            _refuse_endless_line(file, size, limits)
        sha256, is_utf8 = _fingerprint(file, as_text=found is FileFormat.CSV)
    if found is not FileFormat.CSV:
        return Inspection(found, size, sha256)
    return Inspection(found, size, sha256, _encoding(path, encoding, is_utf8, limits))


def _format(file: BinaryIO, path: Path) -> FileFormat:
    head = file.read(8)
    if head.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if head.startswith(b"PK"):
        return _zip_format(path)
    if head.startswith(OLD_OFFICE):
        if ENCRYPTED in file.read(4 * MEGABYTE):
            raise ArchiveEncrypted
        raise FormatUnknown(found="XLS")
    for magic, name in FOREIGN.items():
        if head.startswith(magic):
            raise FormatUnknown(found=name)
    return FileFormat.CSV


def _zip_format(path: Path) -> FileFormat:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ArchiveDamaged(part="ZIP") from None
    if not any(name.startswith("xl/") for name in names):
        raise FormatUnknown(found="ZIP")
    return FileFormat.XLSX


def _refuse_misnamed(found: FileFormat, filename: str) -> None:
    suffix = Path(filename).suffix.lower()
    expected = SUFFIXES.get(suffix)
    if expected is None:
        raise FormatUnknown(found=suffix or "?")
    if expected is not found:
        raise FormatMisnamed(suffix=suffix, found=found.value)


def _refuse_endless_line(file: BinaryIO, size: int, limits: Limits) -> None:
    """A file without line ends is told by its beginning, before a gigabyte of it is read."""
    file.seek(0)
    first = file.readline(limits.line_bytes + 1)
    if b"\0" in first:
        raise NulByte(line=1)
    if len(first) > limits.line_bytes:
        raise LineTooLong(line=1, limit=limits.line_bytes)


def _fingerprint(file: BinaryIO, *, as_text: bool) -> tuple[str, bool]:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")("strict")
    is_utf8 = as_text
    file.seek(0)
    while chunk := file.read(MEGABYTE):
        digest.update(chunk)
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
    return digest.hexdigest(), is_utf8 and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(path: Path, said: str, is_utf8: bool, limits: Limits) -> str:
    if said == "utf-8" and not is_utf8:
        raise EncodingWrong(encoding=said, line=_first_line_not(path, "utf-8", limits))
    if said == "gb18030":
        if line := _first_line_not(path, said, limits):
            raise EncodingWrong(encoding=said, line=line)
        return said
    return "utf-8-sig" if is_utf8 else _gb18030_only(path, limits)


def _first_line_not(path: Path, encoding: str, limits: Limits) -> int:
    """The first line that is not text in this encoding; 0 if all are."""
    for number, line in enumerate(lines(path, limits), 1):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number
    return 0


def _gb18030_only(path: Path, limits: Limits) -> str:
    """GB18030 if every line is; a line that is Chinese in UTF-8 beside one that is not, mixed."""
    utf8_line = gb_line = 0
    for number, line in enumerate(lines(path, limits), 1):
        if line.isascii():
            continue
        if _is_chinese_utf8(line):
            utf8_line = utf8_line or number
            continue
        try:
            line.decode("gb18030")
        except UnicodeDecodeError:
            raise EncodingUnknown(line=number) from None
        gb_line = gb_line or number
    if utf8_line and gb_line:
        raise EncodingMixed(utf8_line=utf8_line, gb_line=gb_line)
    return "gb18030"


def _is_chinese_utf8(line: bytes) -> bool:
    try:
        return any(ord(char) >= 0x2E80 for char in line.decode())
    except UnicodeDecodeError:
        return False


def lines(path: Path, limits: Limits) -> Iterator[bytes]:
    """The lines of a text file. Raises LineTooLong, NulByte."""
    number = 0
    with path.open("rb", buffering=MEGABYTE) as file:
        while line := file.readline(limits.line_bytes + 1):
            number += 1
            if len(line) > limits.line_bytes:
                raise LineTooLong(line=number, limit=limits.line_bytes)
            if b"\0" in line:
                raise NulByte(line=number)
            yield line
