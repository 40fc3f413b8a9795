"""Small files of each kind, as their programs would begin them."""

import io
import struct
import zipfile

import xlsxwriter

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc\xfa\0\0"
    b"\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0C\0" + b"\x08" * 64 + b"\xff\xd9"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CSV = "合同号,应还日,本金\nHT-001,2026-10-15,500.00\n".encode()
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def wav(seconds: float = 0.1) -> bytes:
    """Silence, 8 kHz, 16 bits, one channel."""
    data = b"\0\0" * int(8000 * seconds)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1,
                       8000, 16000, 2, 16)  # fmt: skip
    return head + struct.pack("<4sI", b"data", len(data)) + data


def xlsx() -> bytes:
    """A real workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "合同号")
    return out.getvalue()


def archive() -> bytes:
    """A ZIP that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("case.html", "<p>")
    return out.getvalue()
