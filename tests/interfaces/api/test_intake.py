"""A lender's system sends a file, a worker takes it in, and the faults are read."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recoup.interfaces.worker.intake_tasks import take_in_upload
from recoup.modules.contracts.models import Contract
from recoup.modules.intake.models import Batch
from tests.interfaces.api.conftest import Partner
from tests.interfaces.api.test_reading import body

EXAMPLES = Path("docs/examples")
SEND = "/api/v1/intake/batches"


def send(client: Client, content: bytes, **said: str) -> object:
    file = SimpleUploadedFile(said.pop("filename", "contracts.csv"), content)
    return client.post(SEND, {"lender": "anda", "kind": "contracts", "file": file} | said)


def test_a_file_is_sent_taken_in_and_its_state_read(partner: Partner) -> None:
    client, before = partner.client(), Contract.objects.count()
    good = (EXAMPLES / "contracts.csv").read_bytes()

    sent = send(client, good)
    assert sent.status_code == 202, sent.content  # type: ignore[attr-defined]
    number = body(sent)["id"]
    assert body(sent)["state"] == "RECEIVED"
    take_in_upload(batch_id=number)

    said = body(client.get(f"{SEND}/{number}"))
    assert said["state"] == "DONE"
    assert said["rows_good"] > 0
    assert Contract.objects.count() == before + said["rows_good"]
    assert [one["id"] for one in body(client.get(SEND))["items"]] == [number]


def test_why_rows_were_refused_is_read_in_the_callers_language(partner: Partner) -> None:
    text = (EXAMPLES / "contracts.csv").read_text().replace("2026", "20x6")
    client = partner.client(language="en")
    number = body(send(client, text.encode()))["id"]
    take_in_upload(batch_id=number)

    faults = body(client.get(f"{SEND}/{number}/faults?limit=1"))

    assert faults["items"][0]["detail"]
    assert faults["items"][0]["row_number"] >= 1


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"lender": "hengtong"}, 404, "lender_unknown"),
        ({"lender": "nobody"}, 404, "lender_unknown"),
        ({"kind": "debts"}, 422, "invalid"),
        ({"mapping": "unheard"}, 422, "mapping_unknown"),
    ],
)
def test_what_cannot_be_filed_is_refused_and_nothing_is_kept(
    partner: Partner, said: dict[str, str], status: int, code: str
) -> None:
    answer = send(partner.client(), b"number\n1\n", **said)

    assert (answer.status_code, body(answer)["code"]) == (status, code)  # type: ignore[attr-defined]
    assert not Batch.objects.exists()


def test_an_empty_file_and_a_program_are_refused(partner: Partner) -> None:
    for content in (b"", b"\x7fELF" + b"\0" * 200):
        answer = send(partner.client(), content)
        assert answer.status_code == 422, answer.content  # type: ignore[attr-defined]
    assert not Batch.objects.exists()


def test_anothers_batch_is_not_found(partner: Partner) -> None:
    theirs = Batch.objects.create(
        lender_id=partner.hengtong, kind="contracts", filename="x.csv", sha256="0" * 64,
        size_bytes=1,
        received_at="2026-11-20T01:00:00Z",
    )  # fmt: skip

    assert partner.client().get(f"{SEND}/{theirs.pk}").status_code == 404
    assert body(partner.client().get(SEND))["items"] == []
