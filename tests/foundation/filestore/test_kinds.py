"""A file is what its bytes say, whatever it is called."""

import pytest

from recoup.foundation.filestore.kinds import kind_of
from recoup.foundation.filestore.rules import Kind
from tests.foundation.filestore import contents


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (contents.PNG, Kind.PNG),
        (contents.JPEG, Kind.JPEG),
        (contents.PDF, Kind.PDF),
        (contents.wav(), Kind.WAV),
        (contents.xlsx(), Kind.XLSX),
        (contents.archive(), Kind.ZIP),
        (contents.CSV, Kind.CSV),
        ("合同号,本金\n".encode("gb18030"), Kind.CSV),
        ("合同号\t本金\n".encode("utf-16"), Kind.CSV),
        (b"BMW,MZ-1\n1,2\n", Kind.CSV),
        (b'{"a": 1}', Kind.JSON),
        (b"PAR1\x15\x04\x15\x00", Kind.PARQUET),
        (b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 8, Kind.MP3),
        (b"#!AMR\n\x3c\x91\0\x17" + b"\0" * 20, Kind.AMR),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", Kind.M4A),
        (b"OggS\0\2" + b"\0" * 22 + b"\x01\x1eOpusHead", Kind.OGG),
    ],
)
def test_known_kinds_are_told_by_their_beginning(head, kind):
    assert kind_of(head) is kind


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff",
        b"\x7fELF\2\1\1\0" + b"\0" * 8,
        b"<!doctype html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <svg xmlns='x'><script/></svg>",
        "<html>".encode("utf-16"),
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1 x}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 8,
        b"\0" * 40,
        b"",
        b"\1\2\3 then \x89PNG\r\n\x1a\n far behind" + b"\0" * 80,
    ],
)
def test_programs_markup_old_office_and_the_unknown_are_none_of_them(head):
    assert kind_of(head) is None


def test_a_picture_hidden_behind_a_program_is_no_picture():
    assert kind_of(b"MZ" + b"\0" * 100 + contents.PNG) is None
