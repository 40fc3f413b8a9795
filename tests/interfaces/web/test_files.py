"""Files as browsers get them: streamed, in parts, in a sandbox, to whom they belong."""

from collections.abc import Iterable

import pytest
from django.test import Client

from recoup.foundation.access.context import as_system
from recoup.foundation.audit.models import Event
from recoup.foundation.filestore import services
from recoup.foundation.filestore.models import Content
from recoup.foundation.filestore.refusals import FileDamaged
from recoup.foundation.filestore.rules import Purpose
from recoup.foundation.filestore.services import About
from recoup.interfaces.web.ranges import ByteRange, RangeUnmeetable, range_asked
from tests import factories
from tests.factories import AT_TEN
from tests.foundation.filestore import contents

RECORDING = contents.wav(10)
SIZE = len(RECORDING)


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("", None),
        ("bytes=0-", ByteRange(0, 100)),
        ("bytes=0-9", ByteRange(0, 10)),
        ("bytes=90-500", ByteRange(90, 100)),
        ("bytes=-5", ByteRange(95, 100)),
        ("bytes=-500", ByteRange(0, 100)),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("lines=1-2", None),
        ("bytes=a-b", None),
    ],
)
def test_a_range_is_read_as_the_rfc_says_and_nonsense_is_the_whole(header, asked):
    assert range_asked(header, 100) == asked


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_cannot_be_met(header):
    with pytest.raises(RangeUnmeetable):
        range_asked(header, 100)


class Shelf:
    """A recording of Liu's case, and an upload of Anda's."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.lender = factories.make_lender()
        self.liu = factories.make_collector()
        self.contract = factories.make_contract()
        factories.make_case(self.contract, collector=self.liu)
        self.recording = self.put(RECORDING, Purpose.RECORDING, self.contract)
        self.upload = self.put(contents.CSV, Purpose.INTAKE)

    def put(self, content: bytes, purpose: Purpose, contract_id: int | None = None) -> int:
        with as_system("test"):
            about = About("call", 1, contract_id)
            row = services.put(
                [content], lender_id=self.lender, purpose=purpose, actor_id=1, at=AT_TEN,
                about=about,
            )  # fmt: skip
        return row.id

    def sit(self, username: str, role: str, **more: object) -> Client:
        return signed_in(factories.make_collector(username, username, role=role, **more))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def shelf(db, at_ten, tmp_path, settings) -> Shelf:
    settings.MEDIA_ROOT = tmp_path
    return Shelf()


def test_a_recording_is_streamed_as_an_attachment_that_runs_nowhere(shelf):
    answer = signed_in(shelf.liu).get(f"/files/{shelf.recording}")

    assert answer.status_code == 200
    assert answer.streaming
    assert answer.getvalue() == RECORDING
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Content-Length"] == str(SIZE)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="recording-{shelf.recording}.wav"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_player_gets_the_part_it_asks_for_and_the_part_is_on_record(shelf):
    address = f"/files/{shelf.recording}"
    answer = signed_in(shelf.liu).get(address, headers={"range": "bytes=70000-99999"})

    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes 70000-99999/{SIZE}"
    assert answer["Content-Length"] == "30000"
    assert answer.getvalue() == RECORDING[70_000:100_000]
    seen = Event.objects.get(act="FILE_SEEN")
    assert (seen.actor_id, seen.facts["from"], seen.facts["to"]) == (shelf.liu.pk, 70_000, 100_000)
    assert seen.contract_ids == [shelf.contract]


def test_a_part_behind_the_end_is_refused_with_the_size(shelf):
    answer = signed_in(shelf.liu).get(
        f"/files/{shelf.recording}", headers={"range": f"bytes={SIZE}-"}
    )
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{SIZE}"


def test_who_does_not_see_the_case_does_not_see_its_recording(shelf):
    elsewhere = factories.make_team("phone-2", "电催二组")
    borui = factories.make_lender("borui", "博瑞融资租赁")
    agency = factories.make_agency()
    strangers = [
        shelf.sit("wu_tao", "COLLECTOR", team_id=elsewhere, employee_number="7"),
        shelf.sit("he_jun", "COMPLIANCE", lender_id=borui, employee_number="8"),
        shelf.sit("borui_1", "LENDER", lender_id=borui, employee_number="9"),
        shelf.sit("huaxin_1", "AGENCY", agency_id=agency, employee_number="10"),
    ]

    for stranger in strangers:
        assert stranger.get(f"/files/{shelf.recording}").status_code == 404
        assert stranger.get("/files/999999").status_code == 404
    assert not Event.objects.filter(act="FILE_SEEN").exists()
    assert Client().get(f"/files/{shelf.recording}").status_code == 302


def test_an_upload_is_for_those_who_take_in_files(shelf):
    lin = shelf.sit("lin_qing", "INTAKE", employee_number="11")
    audit = shelf.sit("gao_yu", "FINANCE", employee_number="12")

    assert lin.get(f"/files/{shelf.upload}").getvalue() == contents.CSV
    assert audit.get(f"/files/{shelf.upload}").status_code == 403
    assert lin.get(f"/files/{shelf.recording}").status_code in {403, 404}


def test_an_erased_file_is_not_found(shelf):
    with as_system("test"):
        services.erase_within(shelf.recording, reason="RETENTION", at=AT_TEN)

    assert signed_in(shelf.liu).get(f"/files/{shelf.recording}").status_code == 404


def test_a_damaged_file_breaks_off_and_never_shows_a_wrong_byte(shelf, tmp_path):
    content = Content.objects.get(kind="WAV")
    path = tmp_path / "store" / content.object_name
    data = bytearray(path.read_bytes())
    data[80_000] ^= 1
    path.write_bytes(data)
    answer = signed_in(shelf.liu).get(f"/files/{shelf.recording}")

    got = bytearray()
    with pytest.raises(FileDamaged):
        drain(answer.streaming_content, got)
    assert RECORDING.startswith(got)
    assert len(got) < SIZE


def drain(pieces: Iterable[bytes], got: bytearray) -> None:
    for piece in pieces:
        got += piece


def test_nothing_but_reading_is_answered(shelf):
    liu = signed_in(shelf.liu)
    assert liu.post(f"/files/{shelf.recording}").status_code == 405
    assert liu.delete(f"/files/{shelf.recording}").status_code == 405


def test_the_operator_reads_that_nobody_scans_and_others_do_not_get_there(shelf, settings):
    settings.SCANNER = "none"
    operator = shelf.sit("tang_wei", "OPERATOR", language="en", employee_number="13")

    page = operator.get("/files", headers={"accept-language": "en"}).text
    assert "Files are not scanned for harmful content." in page
    assert signed_in(shelf.liu).get("/files").status_code == 403


def test_the_operator_reads_that_the_scanner_does_not_answer(shelf, settings):
    settings.SCANNER = "unix:/nowhere/clamd.ctl"
    operator = shelf.sit("tang_wei", "OPERATOR", language="en", employee_number="13")

    page = operator.get("/files", headers={"accept-language": "en"}).text
    assert "Until it answers no file is taken in." in page
