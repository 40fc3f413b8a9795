"""Whatever a cell or a file holds, it is read or refused; nothing else, and nothing is changed."""

import csv
import io
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import python_calamine
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from recoup.core.refusals import Refused
from recoup.modules.intake import cells, dates, readers
from recoup.modules.intake.columns import Column, ColumnType
from recoup.modules.intake.layout import LAYOUT, column
from recoup.modules.intake.limits import DEFAULT
from recoup.modules.intake.mapping import read_spec, standard
from recoup.modules.intake.rules import RowKind

SPEC = read_spec(standard(RowKind.PAYMENTS))
RATE = column(RowKind.CONTRACTS, "annual_rate")
TERM = column(RowKind.CONTRACTS, "term_months")
NAME = column(RowKind.PARTIES, "name")
METHOD = column(RowKind.CONTRACTS, "method")
CONVERTERS = [
    cells.text(NAME),
    cells.identifier(NAME),
    cells.money("CNY"),
    cells.money("USD", decimal_comma=True, rounded=True),
    cells.rate(RATE),
    cells.rate(RATE, fraction=True, rounded=True),
    cells.multiplier(Column("m", "m", ColumnType.MULTIPLIER, "", most="1.5")),
    cells.whole(TERM),
    cells.yes_no,
    cells.choice(METHOD),
    cells.currency,
    dates.standard_date,
    dates.reader("DD/MM/YYYY|YYYY.M.D", plus_months=1),
    dates.month_reader("MM/YYYY", None),
]
cell_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text == text.strip()
)


@given(cell_text)
@example("2024-02-30")
@example("９９")
@example("1" * 5000)
@example("12/9999")
def test_a_cell_is_read_or_refused(text):
    for convert in CONVERTERS:
        with suppress(Refused):
            convert(text)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_is_the_same_in_every_form(day):
    assert dates.standard_date(day.isoformat()) == day
    assert dates.standard_date(f"{day:%Y%m%d}") == day
    assert dates.standard_date(f"{day.year}/{day.month}/{day.day}") == day
    assert dates.standard_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert dates.standard_date(f"{day.isoformat()} 23:59:59") == day
    assert dates.reader("DD/MM/YYYY")(f"{day:%d/%m}/{day.year}") == day


@given(st.integers(0, 1_000_000))
def test_a_rate_is_exact_as_per_cent_and_as_fraction(micro):
    assert cells.rate(RATE)(f"{Decimal(micro) / 10_000:f}") == micro
    assert cells.rate(RATE)(f"{Decimal(micro) / 10_000:f}%") == micro
    assert cells.rate(RATE, fraction=True)(f"{Decimal(micro) / 1_000_000:f}") == micro


tables = st.lists(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=3, max_size=3),
    max_size=8,
)


def rows_of(path):
    seen = readers.inspect(path, path.name, "", DEFAULT)
    reader = readers.open_table(path, seen, SPEC)
    return reader.header, [row for _, row in reader.rows()]


@given(tables)
def test_a_table_written_as_csv_reads_the_same(table):
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *table])
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        header, rows = rows_of(path)
    assert header == ("a", "b", "c")
    assert rows == [row for row in table if any(row)]


@given(st.binary(max_size=400))
@example(b'a,b\n"')
@example(b"\xef\xbb\xbfa\n1")
def test_any_bytes_are_read_or_refused(content):
    with TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx", ".parquet"):
            path = Path(folder, f"f{suffix}")
            path.write_bytes(content)
            with suppress(Refused):
                assert all(isinstance(row, list | Refused) for row in rows_of(path)[1])


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Cn"]), max_size=9),
            st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-6),
            st.dates(date(1901, 1, 1), date(2199, 1, 1)),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_a_workbook_reads_as_another_reader_reads_it(table):
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.xlsx")
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ("text", "number", "day", "truth"))
            for index, (text, number, day, truth) in enumerate(table, 1):
                sheet.write_string(index, 0, text)
                sheet.write_number(index, 1, number)
                sheet.write_datetime(index, 2, day)
                sheet.write_boolean(index, 3, truth)
        _, ours = rows_of(path)
        theirs = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()[1:]
    assert len(ours) == len(theirs)
    for mine, (text, number, day, truth) in zip(ours, theirs, strict=True):
        assert mine[0] == text
        assert float(mine[1]) == number
        assert mine[2:] == [day.isoformat(), str(truth).lower()]


def test_every_required_column_can_be_read():
    assert set(RowKind) == set(LAYOUT)
