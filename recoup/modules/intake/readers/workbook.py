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
    styles, codes, formats = Styles(), dict[str, str](), list[str]()
    inside = {"cellXfs": False}

    def start(name: str, about: Attributes) -> None:
        tag = local(name)
        if tag == "numFmt":
            codes[about["numFmtId"]] = about.get("formatCode", "")
        elif tag == "cellXfs":
            inside[tag] = True
        elif tag == "xf" and inside["cellXfs"]:
            formats.append(about.get("numFmtId", "0"))

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside["cellXfs"] = False

    if package.has(STYLES):
        package.parse(STYLES, start, end)
    for index, number in enumerate(formats):
        code = _LITERALS.sub("", codes.get(number, ""))
        if int(number) in BUILT_IN_PERCENTS or "%" in code:
            styles.percents.add(str(index))
        elif int(number) in BUILT_IN_DATES or _DATE_LETTERS.search(code):
            styles.dates.add(str(index))
    return styles


def read_shared_texts(package: Package, limits: Limits) -> list[str]:
    """The texts cells refer to by number; phonetic hints are left out."""
    texts, parts = list[str](), list[str]()
    inside = {"t": False, "rPh": False}

    def start(name: str, _: Attributes) -> None:
        tag = local(name)
        if tag in inside:
            inside[tag] = True
        elif tag == "si":
            parts.clear()

    def end(name: str) -> None:
        tag = local(name)
        if tag in inside:
            inside[tag] = False
        elif tag == "si":
            whole = "".join(parts)
            if len(whole) > limits.cell_chars:
                raise ArchiveTooLarge(part=SHARED)
            texts.append(whole)

    def text(data: str) -> None:
        if inside["t"] and not inside["rPh"]:
            parts.append(data)

    if package.has(SHARED):
        package.parse(SHARED, start, end, text, most=limits.shared_strings_bytes)
    return texts
