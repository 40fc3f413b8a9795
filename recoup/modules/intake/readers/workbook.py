"""A workbook's shape: its sheets, which number formats are dates or per cents, shared texts."""

import re
from dataclasses import dataclass, field

from recoup.modules.intake.limits import Limits
from recoup.modules.intake.readers.workbook_parts import Attributes, Package, local, resolved
from recoup.modules.intake.refusals import ArchiveTooLarge, SheetMissing

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, SHARED = "xl/styles.xml", "xl/sharedStrings.xml"
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
BUILT_IN_PERCENTS = {9, 10}
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.IGNORECASE)


@dataclass(slots=True)
class Styles:
    """Which cell styles show a number as a date or as per cent."""

    dates: set[str] = field(default_factory=set)
    percents: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Sheets:
    """The sheets' names and parts, in order, and whether days count from 1904."""

    parts: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False

    def choose(self, name: str) -> tuple[str, str]:
        """The named sheet and its part, or the first. Raises SheetMissing."""
        if name and name not in self.parts:
            raise SheetMissing(sheet=name, sheets=", ".join(self.parts) or "–")
        if not self.parts:
            raise SheetMissing(sheet="", sheets="–")
        chosen = name or next(iter(self.parts))
        return chosen, self.parts[chosen]


def read_sheets(package: Package) -> Sheets:
    """The sheets in the order of their tabs."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}
    found = Sheets()

    def relation(name: str, about: Attributes) -> None:
        if local(name) == "Relationship":
            targets[about["Id"]] = resolved(about["Target"])

    def sheet(name: str, about: Attributes) -> None:
        if local(name) == "sheet":
            link = next((v for k, v in about.items() if k.endswith(":id")), "")
            names[about["name"]] = link
        elif local(name) == "workbookPr":
            found.from_1904 = about.get("date1904", "0") in ("1", "true")

    package.parse(RELATIONS, relation)
    package.parse(WORKBOOK, sheet)
    found.parts = {name: targets[link] for name, link in names.items() if link in targets}
    return found


def read_styles(package: Package) -> Styles:
    """The styles that matter; none if the workbook has no styles."""
    heard = _StyleListener()
    if package.has(STYLES):
        package.parse(STYLES, heard.start, heard.end)
    styles = Styles()
    for index, number in enumerate(heard.formats):
        code = _LITERALS.sub("", heard.codes.get(number, ""))
        if int(number) in BUILT_IN_PERCENTS or "%" in code:
            styles.percents.add(str(index))
        elif int(number) in BUILT_IN_DATES or _DATE_LETTERS.search(code):
            styles.dates.add(str(index))
    return styles


class _StyleListener:
    """Hears the number formats and which of them each cell style has."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self._in_cell_styles = False

    def start(self, name: str, about: Attributes) -> None:
        tag = local(name)
        if tag == "numFmt":
            self.codes[about["numFmtId"]] = about.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cell_styles = True
        elif tag == "xf" and self._in_cell_styles:
            self.formats.append(about.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._in_cell_styles = False


def read_shared_texts(package: Package, limits: Limits) -> list[str]:
    """The texts cells refer to by number; phonetic hints are left out."""
    heard = _TextListener(limits.cell_chars)
    if package.has(SHARED):
        package.parse(SHARED, heard.start, heard.end, heard.text, limits.shared_strings_bytes)
    return heard.texts


class _TextListener:
    """Hears the shared texts, each put together from its runs."""

    def __init__(self, longest: int) -> None:
        self.texts: list[str] = []
        self._longest = longest
        self._parts: list[str] = []
        self._in_text = self._in_hint = False

    def start(self, name: str, _: Attributes) -> None:
        tag = local(name)
        if tag == "si":
            self._parts.clear()
        elif tag == "t":
            self._in_text = True
        elif tag == "rPh":
            self._in_hint = True

    def end(self, name: str) -> None:
        tag = local(name)
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_hint = False
        elif tag == "si":
            whole = "".join(self._parts)
            if len(whole) > self._longest:
                raise ArchiveTooLarge(part=SHARED)
            self.texts.append(whole)

    def text(self, data: str) -> None:
        if self._in_text and not self._in_hint:
            self._parts.append(data)
