"""What kind of file is for what, how large it may be, and who may read or bring one."""

from dataclasses import dataclass
from enum import StrEnum

from recoup.foundation.access.rights import Right

MEGABYTE = 1024 * 1024


class Purpose(StrEnum):
    """Why a file is here."""

    INTAKE = "INTAKE"
    RECORDING = "RECORDING"
    PICTURE = "PICTURE"
    DOCUMENT = "DOCUMENT"
    EXPORT = "EXPORT"
    SUBJECT_FILE = "SUBJECT_FILE"
    INSPECTION = "INSPECTION"


class Kind(StrEnum):
    """A kind of content, told by the content itself; the value is what it is kept under."""

    CSV = "CSV"
    XLSX = "XLSX"
    PARQUET = "PARQUET"
    PDF = "PDF"
    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"
    HEIF = "HEIF"
    WAV = "WAV"
    MP3 = "MP3"
    OGG = "OGG"
    AMR = "AMR"
    M4A = "M4A"
    MP4 = "MP4"
    ZIP = "ZIP"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind is named to others: its media type and its ending."""

    media_type: str
    ending: str


FORMS: dict[Kind, Form] = {
    Kind.CSV: Form("text/csv", "csv"),
    Kind.XLSX: Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Kind.PARQUET: Form("application/vnd.apache.parquet", "parquet"),
    Kind.PDF: Form("application/pdf", "pdf"),
    Kind.PNG: Form("image/png", "png"),
    Kind.JPEG: Form("image/jpeg", "jpg"),
    Kind.WEBP: Form("image/webp", "webp"),
    Kind.HEIF: Form("image/heif", "heic"),
    Kind.WAV: Form("audio/wav", "wav"),
    Kind.MP3: Form("audio/mpeg", "mp3"),
    Kind.OGG: Form("audio/ogg", "ogg"),
    Kind.AMR: Form("audio/amr", "amr"),
    Kind.M4A: Form("audio/mp4", "m4a"),
    Kind.MP4: Form("video/mp4", "mp4"),
    Kind.ZIP: Form("application/zip", "zip"),
    Kind.JSON: Form("application/json", "json"),
}
IMAGES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP, Kind.HEIF})
SOUNDS = frozenset({Kind.WAV, Kind.MP3, Kind.OGG, Kind.AMR, Kind.M4A})


@dataclass(frozen=True, slots=True)
class PurposeRule:
    """What a purpose allows, and the rights it asks for."""

    kinds: frozenset[Kind]
    most_bytes: int
    read: Right
    bring: Right


PURPOSES: dict[Purpose, PurposeRule] = {
    Purpose.INTAKE: PurposeRule(
        frozenset({Kind.CSV, Kind.XLSX, Kind.PARQUET}),
        2048 * MEGABYTE,
        Right.TAKE_IN,
        Right.TAKE_IN,
    ),
    Purpose.RECORDING: PurposeRule(SOUNDS, 1024 * MEGABYTE, Right.SEE_CASES, Right.WORK_CASES),
    Purpose.PICTURE: PurposeRule(IMAGES, 50 * MEGABYTE, Right.SEE_CASES, Right.WORK_CASES),
    Purpose.DOCUMENT: PurposeRule(
        IMAGES | {Kind.PDF}, 200 * MEGABYTE, Right.SEE_CASES, Right.WORK_CASES
    ),
    Purpose.EXPORT: PurposeRule(
        frozenset({Kind.CSV, Kind.XLSX}), 1024 * MEGABYTE, Right.EXPORT, Right.EXPORT
    ),
    Purpose.SUBJECT_FILE: PurposeRule(
        frozenset({Kind.ZIP, Kind.JSON}),
        1024 * MEGABYTE,
        Right.KEEP_PRIVACY,
        Right.KEEP_PRIVACY,
    ),
    Purpose.INSPECTION: PurposeRule(
        frozenset({Kind.ZIP}), 4096 * MEGABYTE, Right.INSPECT, Right.INSPECT
    ),
}


class Verdict(StrEnum):
    """What the scanner said. What it found bad is never kept, so there is no third word."""

    CLEAN = "CLEAN"
    NOT_SCANNED = "NOT_SCANNED"
