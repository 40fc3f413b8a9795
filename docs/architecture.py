"""Draw docs/pictures/architecture.svg and write the tables of docs/architecture.md from the tree.

    python -m docs.architecture

The floors and the order of the modules are the contracts in pyproject.toml, what each is for is its
own first line, the night is the list in the worker, reads and writes are what the SQL says. A test
keeps all of it in step.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
NIGHT = ROOT / "recoup" / "interfaces" / "worker" / "night.py"
MODULES = ROOT / "recoup" / "modules"
HEADING = "## Written from the tree"

ROLES = {
    "ui": "kit",
    "privacy": "rights",
    "exports": "take out",
    "intake": "bring in · look back",
    "desk": "joins actions",
    "strategy": "decides",
    "comms": "acts",
    "assignment": "work",
    "cases": "work",
    "workforce": "work",
    "approvals": "work",
    "compliance": "guard",
    "arrears": "derived facts",
    "ledger": "facts",
    "contracts": "facts",
    "parties": "facts",
}
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE(?! OF)|DELETE FROM|COPY|MERGE INTO)\s+(\w+)")
READS = re.compile(r"\b(?:FROM|JOIN|USING)\s+(\w+)")
STATEMENT = re.compile(r"\b(SELECT|UPDATE|INSERT INTO|DELETE FROM)\b")
COMMENT = re.compile(r"--.*$", re.MULTILINE)


def layers(of: str) -> list[list[str]]:
    """The layers below a package, top first, as the import contract has them."""
    config: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for contract in config["tool"]["importlinter"]["contracts"]:
        if contract.get("containers") == [of]:
            return [[name.strip() for name in row.split("|")] for row in contract["layers"]]
    raise LookupError(of)


def purpose(package: Path) -> str:
    """The first sentence a package says of itself, without its own name before it."""
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    return re.sub(rf"^{package.name}: ", "", said.split("\n")[0]).rstrip(".")


@dataclass(frozen=True, slots=True)
class Use:
    """The tables a piece of SQL reads and writes, work tables left out."""

    reads: frozenset[str]
    writes: frozenset[str]


def use_of(*texts: str) -> Use:
    """What these pieces of SQL read and write, of the modules' tables."""
    sql = COMMENT.sub("", "\n".join(texts))
    writes = {table for table in WRITES.findall(sql) if _is_ours(table)}
    reads = {table for table in READS.findall(sql.replace("DELETE FROM", "")) if _is_ours(table)}
    return Use(frozenset(reads), frozenset(writes))


def _is_ours(table: str) -> bool:
    return table in tables()


@cache
def tables() -> frozenset[str]:
    """Every table of the modules, as Django names them: module and class."""
    return frozenset(
        f"{file.parent.name}_{node.name.lower()}"
        for file in MODULES.glob("*/models.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef) and node.name != "Meta"
    )


def sql_of(module: str) -> list[str]:
    """Every SQL text of a module: its files, and the statements written in its Python."""
    folder = MODULES / module
    texts = [file.read_text() for file in sorted(folder.rglob("*.sql"))]
    for file in sorted(folder.rglob("*.py")):
        if "migrations" not in file.parts:
            texts += _statements_in(ast.parse(file.read_text()))
    return texts


def _statements_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and STATEMENT.search(text):
            yield text


def night_steps() -> list[tuple[str, str, str]]:
    """(step, module, function) of the night, in order, as the worker lists them."""
    tree = ast.parse(NIGHT.read_text())
    modules = {
        name.asname or name.name: (node.module or "").rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recoup.modules.")
        for name in node.names
    }
    steps = list[tuple[str, str, str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Step":
            name, does = node.args
            called = next(n.func for n in ast.walk(does) if isinstance(n, ast.Call))
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                steps.append((ast.literal_eval(name), modules[called.value.id], called.attr))
    return steps


def files_of_step(module: str, function: str) -> list[Path]:
    """The SQL files a step runs: those its function names, else those of the room it calls."""
    jobs = (MODULES / module / "jobs.py").read_text()
    body = next(
        ast.get_source_segment(jobs, node) or ""
        for node in ast.walk(ast.parse(jobs))
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    named = re.findall(r'"(\w+\.sql)"', body)
    if not named:
        rooms = re.findall(rf"from recoup\.modules\.{module}\.(\w+) import", jobs)
        texts = ((MODULES / module / f"{room}.py").read_text() for room in rooms)
        named = [name for text in texts for name in re.findall(r'"(\w+\.sql)"', text)]
    return [MODULES / module / "sql" / name for name in dict.fromkeys(named)]


def first_line(file: Path) -> str:
    """What a SQL file says it does: its first comment line, up to the first full stop."""
    said = file.read_text().split("\n")[0].removeprefix("--").strip()
    return said.split(". ")[0].rstrip(".:")


def night_table() -> list[str]:
    """The steps of the night as a Markdown table."""
    lines = ["| | Step | What it does | Reads | Writes |", "|---|---|---|---|---|"]
    for number, (step, module, function) in enumerate(night_steps(), start=1):
        files = files_of_step(module, function)
        use = use_of(*(file.read_text() for file in files))
        does = first_line(files[0]) if len(files) == 1 else _many(files)
        cells = (f"`{step}`", does, _names(use.reads - use.writes), _names(use.writes))
        lines.append(f"| {number} | " + " | ".join(cells) + " |")
    return lines


def _many(files: list[Path]) -> str:
    folder = files[0].parent.relative_to(ROOT)
    return f"{len(files)} files in `{folder}`, of which the central one: " + next(
        (first_line(file) for file in files if file.name.startswith("allocate_due")),
        first_line(files[0]),
    )


def reads_table() -> list[str]:
    """For each module the tables of others which its SQL reads, as a Markdown table."""
    lines = ["| Module | Its SQL reads tables of | and writes |", "|---|---|---|"]
    for row in layers("recoup.modules"):
        for module in row:
            use = use_of(*sql_of(module))
            foreign = {table for table in use.reads if not table.startswith(module + "_")}
            lines.append(f"| {module} | {_names(foreign)} | {_names(use.writes)} |")
    return lines


def _names(tables: frozenset[str] | set[str]) -> str:
    return ", ".join(f"`{table}`" for table in sorted(tables)) or "–"


def page() -> str:
    """The whole page: what was written by hand, then the tables of today's tree."""
    by_hand = PAGE.read_text().partition(HEADING)[0]
    parts = [
        HEADING,
        "",
        "By `python -m docs.architecture`; a test keeps it in step.",
        "",
        "### The night, step by step",
        "",
        *night_table(),
        "",
        "### Which SQL reads and writes what",
        "",
        *reads_table(),
    ]
    return by_hand + "\n".join(parts) + "\n"


WIDE, LEFT, GAP, BOX, ROW = 1080, 150, 10, 44, 56


def picture() -> str:
    """The floors and modules as an SVG."""
    shapes, y = list[str](), 56
    floors = (
        ("Doors", layers("recoup.interfaces"), ROOT / "recoup" / "interfaces"),
        ("Modules", layers("recoup.modules"), MODULES),
        ("Foundation", [["foundation"]], ROOT / "recoup"),
        ("Core", [["core"]], ROOT / "recoup"),
    )
    for title, rows, at in floors:
        y = _floor(shapes, y, title=title, rows=rows, at=at)
    arrow = (
        f'<path d="M {WIDE - 22} 62 V {y - 24}" class="arrow" marker-end="url(#head)"/>'
        f'<text class="note" transform="translate({WIDE - 32} {y // 2}) rotate(-90)" '
        'text-anchor="middle">imports run downwards only (lint-imports)</text>'
    )
    return HEAD.format(w=WIDE, h=y) + "\n".join(shapes) + arrow + "</svg>\n"


def _floor(shapes: list[str], y: int, *, title: str, rows: list[list[str]], at: Path) -> int:
    height = len(rows) * ROW + 12
    shapes.append(f'<rect class="floor" x="12" y="{y}" width="{WIDE - 64}" height="{height}"/>')
    shapes.append(f'<text class="title" x="26" y="{y + 26}">{title}</text>')
    for index, row in enumerate(rows):
        top = y + 12 + index * ROW
        role = next((ROLES[name] for name in row if name in ROLES), "")
        shapes.append(
            f'<text class="note" x="26" y="{top + (40 if index == 0 else 26)}">{role}</text>'
        )
        width = (WIDE - 64 - LEFT - GAP * (len(row) - 1)) // len(row)
        for place, name in enumerate(row):
            shapes += _box(LEFT + place * (width + GAP), top, width, name, purpose(at / name))
    return y + height + 16


def _box(x: int, y: int, width: int, name: str, says: str) -> list[str]:
    fits = (width - 20) // 6
    shown = says if len(says) <= fits else says[: fits - 1].rsplit(" ", 1)[0].rstrip(",:;") + " …"
    return [
        f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{BOX}" rx="4"/>',
        f'<text class="name" x="{x + 10}" y="{y + 18}">{name}</text>',
        f'<text class="says" x="{x + 10}" y="{y + 34}">{escape(shown)}</text>',
    ]


HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" role="img"
 aria-label="Recoup: doors above modules above foundation above core">
<style>text{{font-family:system-ui,sans-serif;fill:#1d2733}}.title{{font-size:14px;font-weight:600}}
.name{{font-size:13px;font-weight:600}}.says{{font-size:11px;fill:#4a5866}}
.note{{font-size:11px;fill:#4a5866}}.floor{{fill:#eef2f6}}.box{{fill:#fff;stroke:#b8c4d0}}
.arrow{{stroke:#1f6f8b;stroke-width:2;fill:none}}</style>
<defs><marker id="head" markerWidth="8" markerHeight="8" refX="4" refY="4" orient="auto">
<path d="M0 0 L8 4 L0 8 z" fill="#1f6f8b"/></marker></defs>
<rect width="{w}" height="{h}" fill="#fff"/>
<text class="title" x="26" y="36">Recoup: where everything lives</text>
"""

if __name__ == "__main__":
    PICTURE.write_text(picture())
    PAGE.write_text(page())
