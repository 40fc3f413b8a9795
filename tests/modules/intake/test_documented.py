"""docs/intake.md tells the layout, the codes and the limits as they are; its examples run."""

import json
from pathlib import Path

import pytest

from recoup.core.refusals import Refused
from recoup.modules.intake import refusals
from recoup.modules.intake.layout import LAYOUT
from recoup.modules.intake.limits import DEFAULT, MEGABYTE
from recoup.modules.intake.mapping import read_spec
from recoup.modules.intake.models import QuarantinedRow
from recoup.modules.intake.queries import built_in_mappings
from recoup.modules.intake.reasons import SENTENCES
from recoup.modules.intake.rules import RowKind

DOCS = Path("docs")
TEXT = (DOCS / "intake.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", LAYOUT)
def test_every_column_is_documented(kind):
    section = TEXT.split(f"### {kind}\n")[1].split("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert len(rows) == len(LAYOUT[kind])
    for column, row in zip(LAYOUT[kind], rows, strict=True):
        shown = [cell.strip() for cell in row.strip("|").split("|")]
        assert shown[:3] == [f"`{column.name}`", column.heading, column.type.value]
        assert (shown[3] == "yes") is column.required
        assert shown[5] == column.meaning


def test_every_code_is_documented():
    files = [c.code for c in vars(refusals).values() if isinstance(c, type) and c is not Refused]
    assert [code for code in [*SENTENCES, *files] if f"| `{code}` |" not in TEXT] == []


def test_the_limits_are_documented():
    assert DEFAULT.file_bytes == DEFAULT.unpacked_bytes == 2048 * MEGABYTE
    assert f"{DEFAULT.cell_chars:,} characters" in TEXT
    assert f"{DEFAULT.inflation} times" in TEXT
    assert f"{DEFAULT.columns:,}" in TEXT


def test_the_examples_go_in_as_told(anda):
    for kind in (RowKind.CONTRACTS, RowKind.INSTALMENTS, RowKind.PAYMENTS):
        anda.take(DOCS / "examples" / f"{kind}.csv", kind)
    codes = set(QuarantinedRow.objects.values_list("kind", "column", "code"))
    assert codes == {
        ("contracts", "签约日期", "date_impossible"),
        ("payments", "amount", "amount_signed"),
    }


def test_mappings_that_are_shown_or_built_in_can_be_used():
    read_spec(json.loads((DOCS / "examples" / "mapping.json").read_text(encoding="utf-8")))
    for spec in built_in_mappings().values():
        read_spec(spec)
