"""A leaked file names its export: whole, in part, shuffled, copied, retyped, stripped."""

import csv
import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from recoup.foundation.access.context import as_system
from recoup.interfaces.cli import main as command_line
from recoup.modules.exports import queries, tracing, watermark
from recoup.modules.exports.rules import FileFormat, ListCode
from recoup.modules.exports.writing import FORMULA_STARTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leaked(house, prepared, tmp_path):
    """The table of an export, as rows of cells; and two exports of others beside it."""
    prepared()
    table = list(csv.reader(io.StringIO(prepared().decode("utf-8-sig"))))
    prepared()
    house.mine = queries.of_person(house.zhou.pk)[1].id
    return table


def trace_of(rows, path):
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    with as_system("test"):
        return tracing.trace(path)


def test_the_whole_file_names_the_export_and_the_person(house, leaked, tmp_path):
    best, *rest = trace_of(leaked, tmp_path / "x.csv")

    assert (best.export.id, best.export.asked_name) == (house.mine, "周岚")
    assert (best.invisible, best.row_checks, best.line) == (6, 6, True)
    assert not any(other.is_proved for other in rest)


def test_one_row_copied_elsewhere_is_enough(house, leaked, tmp_path):
    row = leaked[4]

    (best, *_) = trace_of([["notes"], ["", *row, "", "mine"]], tmp_path / "x.csv")

    assert best.export.id == house.mine
    assert best.is_proved


def test_one_cell_with_the_invisible_mark_is_enough(house, leaked, tmp_path):
    cell = next(c for c in leaked[3] if watermark.without_marks(c) != c)

    (best,) = trace_of([[cell]], tmp_path / "x.csv")

    assert (best.export.id, best.invisible) == (house.mine, 1)


def test_shuffled_retyped_and_cut_rows_are_known_by_their_checks(house, leaked, tmp_path):
    rows = [[watermark.without_marks(cell) for cell in row] for row in leaked[2:-1]]
    rows = [*rows[3:], *rows[:3]][::-1]
    cut = [[row[-1].lower(), row[0]] for row in rows[:3]]

    (best, *_) = trace_of(cut, tmp_path / "x.csv")

    assert (best.export.id, best.invisible, best.row_checks) == (house.mine, 0, 3)


def test_with_every_mark_removed_the_contracts_still_hint_and_prove_nothing(leaked, tmp_path):
    found = trace_of([[row[0]] for row in leaked[2:-1]], tmp_path / "x.csv")

    assert {hit.in_content for hit in found} == {6}
    assert not any(hit.is_proved for hit in found)


def test_somebody_elses_table_names_nobody(leaked, tmp_path):
    other = [["AF9999-1", "张三", "BCDFGHJ"], ["AF9999-2", "李四", "KLMNPQR"]]

    assert trace_of(other, tmp_path / "x.csv") == []


def test_a_forged_line_proves_nothing(leaked, tmp_path):
    (hit, *_) = trace_of([["Export X-000001 · somebody"]], tmp_path / "x.csv")

    assert hit.line
    assert not hit.is_proved


def test_the_marks_survive_a_workbook_another_sheet_and_csv(house, prepared, tmp_path):
    book = tmp_path / "x.xlsx"
    book.write_bytes(prepared(file_format=FileFormat.XLSX))
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    assert "周岚" in str(rows[0][0])
    assert rows[0][0] == rows[-1][0]
    copy = tmp_path / "copy.xlsx"
    with xlsxwriter.Workbook(str(copy)) as out:
        out.add_worksheet("other")
        sheet = out.add_worksheet("pasted")
        for place, row in enumerate(rows[3:5]):
            sheet.write_row(place + 7, 2, row)

    with as_system("test"):
        from_book, from_copy = tracing.trace(book)[0], tracing.trace(copy)[0]
    again = trace_of(rows, tmp_path / "again.csv")[0]

    assert {hit.export.id for hit in (from_book, from_copy, again)} == {from_book.export.id}
    assert (from_copy.invisible, from_copy.row_checks) == (2, 2)
    assert (again.invisible, again.row_checks) == (6, 6)


def test_a_list_of_sums_is_traced_too(prepared, tmp_path):
    text = prepared(list_code=ListCode.ARREARS).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[2:-1]

    (best, *_) = trace_of([[watermark.without_marks(c) for c in rows[0]]], tmp_path / "x.csv")

    assert best.row_checks == 1


def test_no_cell_is_run_by_a_spreadsheet(leaked):
    texts = [cell for row in leaked for cell in row]

    assert any(watermark.without_marks(cell).startswith("'=***") for cell in texts)
    assert not [c for c in texts if watermark.without_marks(c).lstrip().startswith(FORMULA_STARTS)]


def test_the_command_names_the_person(house, leaked, tmp_path, capsys):
    path = tmp_path / "x.csv"
    trace_of(leaked[3:4], path)

    code = command_line.main(["export", "trace", str(path)])

    said = capsys.readouterr().out
    assert code == 0
    assert f"X-{house.mine:06d}" in said
    assert "周岚" in said
