"""The store in an S3-compatible place, over HTTP, with a server that is not ours (moto)."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from obstore.store import S3Store

from recoup.foundation.filestore import places, services, upkeep
from recoup.foundation.filestore.models import Content
from recoup.foundation.filestore.refusals import FileDamaged, KindNotAllowed, StoreUnreachable
from recoup.foundation.filestore.rules import Purpose
from tests.factories import AT_TEN
from tests.foundation.filestore import contents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("job", "store")]
BUCKET = "recoup-files"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Moto's S3 server, a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def bucket(server, monkeypatch, settings) -> S3Store:
    """The installation keeps its files there, under a prefix."""
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    _make_bucket(server)
    settings.FILES_URL = f"s3://{BUCKET}/var"
    places.place_at.cache_clear()
    yield S3Store(BUCKET)
    places.place_at.cache_clear()


def _make_bucket(server: str) -> None:
    import boto3  # noqa: PLC0415 - moto's own client, for the one thing obstore does not do

    boto3.client("s3", endpoint_url=server).create_bucket(Bucket=BUCKET)


def names(bucket: S3Store) -> list[str]:
    return sorted(seen["path"] for page in bucket.list() for seen in page)


def put(lender_id: int, content: bytes):
    pieces = [content[at : at + 100_000] for at in range(0, len(content), 100_000)]
    return services.put(
        pieces, lender_id=lender_id, purpose=Purpose.RECORDING, actor_id=7, at=AT_TEN
    )


def test_a_file_of_many_parts_goes_in_and_comes_out_in_whole_and_in_part(bucket, anda):
    recording = contents.wav(1200)  # 19 MB: three parts
    row = put(anda, recording)

    assert names(bucket) == [f"var/{Content.objects.get().object_name}"]
    assert b"".join(services.read(row.id).pieces) == recording
    part = services.read(row.id, start=9_000_001, stop=9_400_000).pieces
    assert b"".join(part) == recording[9_000_001:9_400_000]
    assert upkeep.verify().faults == ()
    services.erase_within(row.id, reason="TEST", at=AT_TEN)


def test_what_is_refused_on_the_way_leaves_no_object(bucket, anda):
    before = names(bucket)

    with pytest.raises(KindNotAllowed):
        put(anda, b"MZ" + b"\0" * 9_000_000)
    assert names(bucket) == before


def test_a_lost_and_a_changed_object_are_found(bucket, anda):
    lost, changed = put(anda, contents.wav(1)), put(anda, contents.wav(2))
    name_lost, name_changed = (
        "var/" + Content.objects.get(pk=row.content_id).object_name for row in (lost, changed)
    )
    bucket.delete(name_lost)
    data = bytearray(bytes(bucket.get(name_changed).bytes()))
    data[5000] ^= 1
    bucket.put(name_changed, bytes(data))

    assert [fault.why for fault in upkeep.verify().faults] == ["file_damaged"] * 2
    with pytest.raises(FileDamaged):
        b"".join(services.read(lost.id).pieces)


def test_objects_nobody_knows_of_are_removed(bucket, anda, monkeypatch):
    bucket.put("var/ab/abcdef", b"left by a killed writer")
    monkeypatch.setattr(upkeep, "GRACE", upkeep.GRACE * -1)  # as if a day had passed

    assert upkeep.tidy(at=AT_TEN.replace(year=2099)) >= 1
    assert "var/ab/abcdef" not in names(bucket)


def test_a_store_that_does_not_answer_is_a_refusal_and_no_row_is_left(bucket, anda, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(places, "RETRIES", {"max_retries": 0})
    places.place_at.cache_clear()

    with pytest.raises(StoreUnreachable):
        put(anda, contents.wav(1))
    assert not Content.objects.exists()
