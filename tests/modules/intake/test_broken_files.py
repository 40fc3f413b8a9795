"""A broken file ends in a refusal that says what is wrong, and leaves nothing behind."""

import io
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recoup.modules.intake import refusals
from recoup.modules.intake.limits import Limits
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.intake.rules import BatchState
from recoup.modules.ledger.models import Payment
from tests.modules.intake.files import PAYMENTS, PAYMENTS_HEADER, repacked, workbook, write

ROWS = [
    ("contract_number", "paid_on", "amount", "reference"),
    ("HT-001", "2026-10-15", 1000, "BK1"),
    ("HT-001", "2026-11-15", 1000.5, "BK2"),
]
CHINESE = PAYMENTS_HEADER.replace("reference", "备注") + "HT-001,2026-10-15,5,备注一\n"
SHEET = "xl/worksheets/sheet1.xml"


def refused(anda, file, refusal, name="file.csv", **more):
    """The file is refused by this refusal; the batch says so and nothing came in."""
    with pytest.raises(refusal) as caught:
        anda.take(file, name=name, **more)
    batch = Batch.objects.latest("id")
    assert (batch.state, batch.refusal_code) == (BatchState.REFUSED, refusal.code)
    assert not Payment.objects.exists()
    assert not QuarantinedRow.objects.exists()
    assert str(caught.value)
    return caught.value.params


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.FileEmpty),
        (b"\n\n", refusals.HeaderMissing),
        (b"contract_number,paid_on\n", refusals.ColumnsMissing),
        (b"amount,paid_on,Amount,contract_number\n", refusals.HeaderRepeated),
        (PAYMENTS.encode() + b"\xff\xff\xff,1\n", refusals.EncodingUnknown),
        (PAYMENTS.encode("utf-16"), refusals.FormatUnknown),
        (PAYMENTS.encode().replace(b"BK2", b"B\x002"), refusals.NulByte),
        (
            PAYMENTS.encode() + b'HT-001,"2026-10-15,5,\nHT-001,2026-10-15,5,X\n',
            refusals.QuoteUnclosed,
        ),
        (b"\x1f\x8b\x08\x00rest", refusals.FormatUnknown),
        (b"PK\x03\x04rest", refusals.ArchiveDamaged),
        (b"PAR1rest", refusals.FormatMisnamed),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", refusals.FormatUnknown),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            refusals.ArchiveEncrypted,
        ),
    ],
    ids=lambda value: value.code if isinstance(value, type) else "",
)
def test_text_that_is_no_table_is_refused(anda_with_wang, content, refusal):
    refused(anda_with_wang, content, refusal)


def test_two_encodings_in_one_file_are_refused_with_a_line_of_each(anda_with_wang):
    mixed = CHINESE.encode() + "HT-001,2026-10-16,5,汽车金融\n".encode("gb18030")
    params = refused(anda_with_wang, mixed, refusals.EncodingMixed)
    assert params == {"utf8_line": 1, "gb_line": 3}


def test_gb18030_is_read_and_is_refused_where_the_mapping_says_otherwise(anda_with_wang):
    file = write(anda_with_wang.folder, "gb.csv", CHINESE, "gb18030")
    columns = {name: name for name in ("contract_number", "paid_on", "amount")}
    spec = {"tables": {"payments": {"columns": columns | {"reference": "备注"}}}}
    refused(
        anda_with_wang,
        file,
        refusals.EncodingWrong,
        kind=None,
        mapping=spec | {"encoding": "utf-8"},
    )
    anda_with_wang.take(file, None, mapping=spec)
    assert Payment.objects.get().reference == "备注一"


def test_a_gigabyte_of_one_line_is_refused_by_its_beginning(anda_with_wang):
    path = anda_with_wang.folder / "long.csv"
    with path.open("wb") as file:
        for _ in range(16):
            file.write(b"x" * 1024 * 1024)
        file.truncate(1024**3)  # a sparse gigabyte
    params = refused(anda_with_wang, path, refusals.LineTooLong)
    assert params["line"] == 1


def test_a_long_line_further_down_is_refused_with_its_number(anda_with_wang):
    params = refused(anda_with_wang, PAYMENTS.encode() + b"y" * 1_100_000, refusals.LineTooLong)
    assert params["line"] == 4


def test_a_file_above_the_limit_is_refused_before_it_is_read(anda_with_wang):
    refused(anda_with_wang, PAYMENTS, refusals.FileTooLarge, limits=Limits(file_bytes=20))


def test_a_workbook_is_read_with_its_dates_per_cents_and_numbers(anda_with_wang):
    batch = anda_with_wang.take(workbook(anda_with_wang.folder, ROWS))
    assert (batch.rows_good, batch.rows_bad) == (2, 0)
    assert list(Payment.objects.order_by("id").values_list("amount_minor", flat=True)) == [
        1000_00,
        1000_50,
    ]


def test_a_formula_is_refused_with_its_cell(anda_with_wang):
    file = workbook(anda_with_wang.folder, ROWS, formula="=500+500")
    assert refused(anda_with_wang, file, refusals.FormulaFound) == {"cell": "C3", "sheet": "数据"}


def test_a_truncated_workbook_is_refused(anda_with_wang):
    whole = workbook(anda_with_wang.folder, ROWS).read_bytes()
    refused(anda_with_wang, whole[: len(whole) // 2], refusals.ArchiveDamaged, name="half.xlsx")


def test_a_workbook_whose_content_was_damaged_is_refused(anda_with_wang):
    path = workbook(anda_with_wang.folder, ROWS)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo(SHEET).header_offset
    content[offset + 80] ^= 0xFF
    path.write_bytes(content)
    refused(anda_with_wang, path, refusals.ArchiveDamaged)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(anda_with_wang):
    path = workbook(anda_with_wang.folder, ROWS)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    bomb = sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * 300_000_000)
    params = refused(anda_with_wang, repacked(path, {SHEET: bomb}), refusals.ArchiveTooLarge)
    assert params["part"] == SHEET


def test_a_zip_bomb_that_lies_about_its_size_is_refused(anda_with_wang):
    path = workbook(anda_with_wang.folder, ROWS)
    honest = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    packed = zlib.compress(b" " * 50_000_000)[2:-4]
    out = io.BytesIO(honest)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/extra.xml", packed)
    lying = out.getvalue().replace(size.to_bytes(4, "little"), (size - 1).to_bytes(4, "little"))
    path.write_bytes(lying)
    refused(anda_with_wang, path, refusals.ArchiveDamaged)


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>',
        b"<worksheet><sheetData><row><c t='s'><v>999</v></c></row></sheetData></worksheet>",
        b"<worksheet><sheetData><row r='1'><c r='B1'/><c r='A1'/></row></sheetData></worksheet>",
        b"<worksheet><sheetData>",
    ],
)
def test_xml_that_is_not_a_plain_sheet_is_refused(anda_with_wang, xml):
    path = repacked(workbook(anda_with_wang.folder, ROWS), {SHEET: xml})
    refused(anda_with_wang, path, refusals.WorkbookUnreadable)


def test_a_number_that_a_spreadsheet_shortened_is_a_row_error(anda_with_wang):
    rows = [*ROWS[:1], ("HT-001", "2026-10-15", 5, 6_222_021_234_567_890_123)]
    batch = anda_with_wang.take(workbook(anda_with_wang.folder, rows))
    assert QuarantinedRow.objects.get(batch_id=batch.id).code == "number_shortened"


def parquet(folder, table, name="file.parquet"):
    path = folder / name
    pq.write_table(table, path)
    return path


def test_parquet_is_read_and_a_truncated_one_refused(anda_with_wang):
    columns = dict(zip(ROWS[0], zip(*ROWS[1:], strict=True), strict=True))
    columns["amount"] = [1000.0, 1000.5]
    path = parquet(anda_with_wang.folder, pa.table(columns))
    content = path.read_bytes()
    half = write(anda_with_wang.folder, "half.parquet", content[: len(content) - 30])
    refused(anda_with_wang, half, refusals.ParquetDamaged)
    assert anda_with_wang.take(path).rows_good == 2


def test_parquet_with_lists_is_refused(anda_with_wang):
    path = parquet(anda_with_wang.folder, pa.table({"amount": [[1], [2]]}))
    refused(anda_with_wang, path, refusals.ParquetNested)


def test_parquet_that_would_unpack_to_too_much_is_refused(anda_with_wang):
    table = pa.table({name: ["x" * 1000] * 5000 for name in ROWS[0]})
    path = anda_with_wang.folder / "file.parquet"
    pq.write_table(table, path, use_dictionary=False, compression="zstd")
    refused(
        anda_with_wang, path, refusals.ParquetTooLarge, limits=Limits(row_group_bytes=1_000_000)
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("HT-001,2026-10-15\n", "row_too_short"),
        ("HT-001,2026-10-15,1,000.00,BK1\n", "row_too_long"),
        ('HT-001,"2026"-10-15,1,BK1\n', "row_misquoted"),
        ("HT-001,2026-02-29,1,BK1\n", "date_impossible"),
        ("HT-001,15/10/2026,1,BK1\n", "date_unreadable"),
        ("HT-001,0001-10-15,1,BK1\n", "date_out_of_range"),
        ("HT-001,2026-10-15,-1,BK1\n", "amount_signed"),
        ("HT-001,2026-10-15,1.005,BK1\n", "amount_too_fine"),
        ("HT-001,2026-10-15,1,=1+1\n", "formula_in_cell"),
        ("HT-001,2026-10-15,1,B\x07K\n", "control_character"),
        (",2026-10-15,1,BK1\n", "missing"),
        (f"HT-001,2026-10-15,1,{'B' * 91}\n", "text_too_long"),
    ],
)
def test_a_bad_row_is_quarantined_and_the_good_one_beside_it_goes_in(anda_with_wang, row, code):
    batch = anda_with_wang.take(PAYMENTS_HEADER + row + "HT-001,2026-10-15,7,GOOD\n")
    assert (batch.rows_good, batch.rows_bad) == (1, 1)
    assert QuarantinedRow.objects.get().code == code
    assert Payment.objects.get().reference == "GOOD"
