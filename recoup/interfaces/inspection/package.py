"""The one file: a ZIP with a page in both languages, the same as JSON, and a manifest of hashes.

The page needs nothing but itself. The manifest names the SHA-256 of every other file and where the
record stood; its own SHA-256 goes on the record, so that a copy can be checked against it.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from recoup.interfaces.inspection.names import column_words
from recoup.interfaces.inspection.words import CHAPTERS, EVERYTHING_TOLD, NOTHING_YET, cell_words
from recoup.modules.inspection.rules import CaseFile, Chapter, Part

LANGUAGES = (("zh-hans", "zh-Hans", "中文"), ("en", "en", "English"))
STYLE = (Path(__file__).parent / "page.css").read_text()
PAGE, DATA, MANIFEST = "case.html", "case.json", "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made the file, when, and where the record stood then."""

    name: str
    employee_number: str
    at: datetime
    events: int
    anchor: int
    anchored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Package:
    """The ZIP's bytes, its name, and the SHA-256 of its manifest."""

    name: str
    content: bytes
    manifest_sha256: str


def package(case: CaseFile, maker: Maker) -> Package:
    """Everything in one file. The same case, maker and moment give the same bytes."""
    files = {PAGE: page(case, maker).encode(), DATA: data(case).encode()}
    manifest = _json(_manifest(case, maker, files)).encode()
    name = f"case-{_safe(case.number)}-{case.as_of.isoformat()}"
    content = _zip(name, files | {MANIFEST: manifest}, maker.at)
    return Package(f"{name}.zip", content, hashlib.sha256(manifest).hexdigest())


def page(case: CaseFile, maker: Maker) -> str:
    """The page, once in each language."""
    readings = []
    for code, tag, name in LANGUAGES:
        with translation.override(code):
            context = {"case": case, "maker": maker, "chapters": chapters(case), "tag": tag}
            readings.append((tag, name, render_to_string("inspection/reading.html", context)))
    return render_to_string(
        "inspection/page.html", {"readings": readings, "style": STYLE, "case": case}
    )


def data(case: CaseFile) -> str:
    """The same for machines: each chapter a list of objects, amounts in minor units."""
    said = {
        "format": FORMAT,
        "contract": case.number,
        "lender": case.lender_name,
        "currency": case.currency,
        "as_of": case.as_of,
        "chapters": {
            part.chapter.value.lower(): [
                dict(zip(part.columns, row, strict=True)) for row in part.rows
            ]
            for part in case.parts
        },
    }
    return _json(said)


def manifest_sha256(content: bytes) -> str:
    """What is on record of a package. Raises KeyError where there is no manifest."""
    return hashlib.sha256(_files(content)[MANIFEST]).hexdigest()


def faults(content: bytes) -> list[str]:
    """Files of a package whose bytes are not those its manifest names."""
    files = _files(content)
    named: dict[str, str] = json.loads(files.pop(MANIFEST))["sha256"]
    actual = {name: hashlib.sha256(read).hexdigest() for name, read in files.items()}
    return sorted(name for name in named | actual if named.get(name) != actual.get(name))


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name.rpartition("/")[2]: opened.read(name) for name in opened.namelist()}


@dataclass(frozen=True, slots=True)
class ChapterShown:
    """A chapter in the reader's words; a table of one row is shown as facts."""

    code: str
    title: str
    columns: list[str]
    rows: list[list[str]]
    if_empty: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Column and value of the only row."""
        return list(zip(self.columns, self.rows[0], strict=True)) if len(self.rows) == 1 else []


def chapters(case: CaseFile) -> list[ChapterShown]:
    """Every chapter in the language now active."""
    return [_chapter(part, case.currency) for part in case.parts]


def _chapter(part: Part, currency: str) -> ChapterShown:
    return ChapterShown(
        code=part.chapter.value.lower(),
        title=str(CHAPTERS[part.chapter]),
        columns=[column_words(code) for code in part.columns],
        rows=[
            [
                cell_words(part.chapter, code, value, currency)
                for code, value in zip(part.columns, row, strict=True)
            ]
            for row in part.rows
        ],
        if_empty=str(EVERYTHING_TOLD if part.chapter is Chapter.UNTOLD else NOTHING_YET),
    )


def _manifest(case: CaseFile, maker: Maker, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "contract": case.number,
        "as_of": case.as_of,
        "made_at": maker.at,
        "made_by": {"name": maker.name, "employee_number": maker.employee_number},
        "record": {
            "events": maker.events,
            "anchor": maker.anchor,
            "anchored_at": maker.anchored_at,
        },
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))


def _safe(number: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in number)


def _zip(folder: str, files: Mapping[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
    return out.getvalue()
