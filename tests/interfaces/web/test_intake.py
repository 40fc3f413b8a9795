"""The intake pages: upload, mapping, progress, totals and quarantine, for those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recoup.foundation import db
from recoup.foundation.access.context import NOBODY, held
from recoup.foundation.filestore.models import File
from recoup.interfaces.worker.intake_tasks import take_in_upload
from recoup.modules.intake.models import Batch, Mapping
from recoup.modules.intake.rules import BatchState
from recoup.modules.ledger.models import Payment
from tests import factories
from tests.modules.intake.conftest import CONTRACTS
from tests.modules.intake.files import PAYMENTS, PAYMENTS_HEADER

OWN = "贷款合同号,到账日期,实还金额,备注\nHT-001,2026-10-15,5.00,无\n"


class Desk:
    """Lin of the intake desk, signed in, with Anda's files."""

    def __init__(self, language="en", role="INTAKE"):
        user = factories.make_collector("lin_qing", "林青", role=role, language=language)
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(user)

    def upload(self, content, kind="payments", name="还款.csv"):
        file = SimpleUploadedFile(name, content.encode())
        return self.client.post("/intake", {"lender": "anda", "kind": kind, "file": file})

    def start(self, batch, **chosen):
        """Post the mapping, then do what the worker does."""
        answer = self.client.post(f"/intake/{batch.pk}/start", chosen)
        assert answer.status_code == 302
        take_in_upload.func(batch_id=batch.pk)
        batch.refresh_from_db()
        return self.client.get(f"/intake/{batch.pk}").text


@pytest.fixture
def lin(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    factories.make_lender()
    desk = Desk()
    desk.upload(CONTRACTS, "contracts", "合同.csv")
    desk.start(Batch.objects.get(), mapping="standard", schedule_from_terms="on")
    return desk


def test_an_upload_is_looked_at_before_it_goes_in(lin):
    answer = lin.upload(PAYMENTS)
    batch = Batch.objects.latest("id")
    assert answer.url == f"/intake/{batch.pk}"
    page = lin.client.get(answer.url).text
    assert "The columns are those of the standard layout." in page
    assert "BK2" in page
    assert batch.state == BatchState.RECEIVED
    assert not Payment.objects.exists()


def test_totals_and_quarantine_are_shown_and_the_upload_is_gone(lin, tmp_path):
    lin.upload(PAYMENTS + "HT-001,2024-02-30,5,+BK3\n")
    batch = Batch.objects.latest("id")
    page = lin.start(batch, mapping="standard")
    assert (batch.state, batch.rows_good, batch.rows_bad) == (BatchState.DONE, 2, 1)
    assert "2024-02-30 is not a day of the calendar." in page
    assert "CN¥2,000.00" in page
    download = lin.client.get(f"/intake/{batch.pk}/quarantine.csv")
    with held(NOBODY):  # the answer is sent when the request is over
        text = b"".join(download.streaming_content).decode("utf-8-sig")
    assert "'+BK3" in text
    seen = db.ask("SELECT act, subject_id FROM audit_event WHERE subject = 'batch' ORDER BY at")
    assert [tuple(row.values()) for row in seen][-2:] == [
        ("INTAKE_SEEN", batch.pk), ("DOWNLOADED", batch.pk)]  # fmt: skip
    assert not File.objects.filter(erased_at=None).exists()


def test_reasons_are_in_chinese_for_a_chinese_reader(lin):
    lin.upload(PAYMENTS_HEADER + "HT-001,2024-02-30,5,BK3\n")
    batch = Batch.objects.latest("id")
    lin.start(batch, mapping="standard")
    user = factories.make_collector("zhou_lan", "周岚", role="INTAKE", language="zh-hans")
    reader = Client(headers={"accept-language": "zh-hans"})
    reader.force_login(user)
    assert "日历上没有 2024-02-30 这一天。" in reader.get(f"/intake/{batch.pk}").text


def test_other_columns_are_suggested_chosen_and_saved_for_the_lender(lin):
    lin.upload(OWN)
    batch = Batch.objects.latest("id")
    page = lin.client.get(f"/intake/{batch.pk}").text
    assert "<option selected>到账日期</option>" in page
    lin.start(
        batch,
        mapping="",
        save_as="安达还款",
        **{
            "column-contract_number": "贷款合同号",
            "column-paid_on": "到账日期",
            "column-amount": "实还金额",
        },
    )
    assert (batch.state, batch.rows_good) == (BatchState.DONE, 1)
    assert Mapping.objects.get().code == "安达还款"
    lin.upload(OWN + "HT-001,2026-10-16,6.00,无\n")
    assert "安达还款" in lin.client.get(f"/intake/{Batch.objects.latest('id').pk}").text


def test_a_mapping_without_a_required_column_is_refused_on_the_page(lin):
    lin.upload(OWN)
    batch = Batch.objects.latest("id")
    page = lin.start(batch, mapping="", **{"column-contract_number": "贷款合同号"})
    assert batch.state == BatchState.REFUSED
    assert "These columns are missing: paid_on, amount." in page
    assert not Payment.objects.exists()


def test_the_same_file_again_says_so_and_changes_nothing(lin):
    lin.upload(PAYMENTS)
    first = Batch.objects.latest("id")
    lin.start(first, mapping="standard")
    lin.upload(PAYMENTS)
    second = Batch.objects.latest("id")
    page = lin.start(second, mapping="standard")
    assert f"taken in already, as batch {first.pk}; nothing has changed." in page
    assert Payment.objects.count() == 2


def test_a_broken_file_says_what_is_wrong_and_can_be_discarded(lin, tmp_path):
    lin.upload(PAYMENTS, name="还款.xlsx")
    batch = Batch.objects.latest("id")
    page = lin.client.get(f"/intake/{batch.pk}").text
    assert "The file is named .xlsx, but its content is CSV." in page
    assert lin.client.post(f"/intake/{batch.pk}/discard").url == "/intake"
    assert not Batch.objects.filter(pk=batch.pk).exists()
    assert not File.objects.filter(erased_at=None).exists()


def test_an_empty_upload_is_refused_beside_its_field(lin):
    answer = lin.upload("")
    assert answer.status_code == 422
    assert Batch.objects.count() == 1


def test_a_running_batch_is_asked_again_and_an_interrupted_one_can_go_on(lin):
    lin.upload(PAYMENTS)
    batch = Batch.objects.latest("id")
    lin.client.post(f"/intake/{batch.pk}/start", {"mapping": "standard"})
    waiting = lin.client.get(f"/intake/{batch.pk}/progress").text
    assert 'hx-trigger="every 1s"' in waiting
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, stage="READING")
    stopped = lin.client.get(f"/intake/{batch.pk}/progress").text
    assert "hx-trigger" not in stopped
    assert "The worker was stopped." in stopped
    lin.start(batch)
    assert batch.state == BatchState.DONE


@pytest.mark.parametrize("role", ["COLLECTOR", "FINANCE"])
def test_who_does_not_take_in_files_sees_none(lin, role):
    other = Client()
    other.force_login(factories.make_collector("wu_tao", "吴涛", role=role))
    number = Batch.objects.latest("id").pk
    for address in ("/intake", f"/intake/{number}", f"/intake/{number}/quarantine.csv"):
        assert other.get(address).status_code == 403
    assert other.post(f"/intake/{number}/discard").status_code == 403
    assert Batch.objects.filter(pk=number).exists()


def test_an_unknown_batch_is_not_found(lin):
    assert lin.client.get("/intake/999999").status_code == 404
