"""The KMS adapter against moto's server over HTTP, and its signature against botocore's."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from recoup.foundation.vault import aws_kms, keyring
from recoup.foundation.vault.aws_kms import AwsKms
from recoup.foundation.vault.refusals import KeyWrong, KmsFailed


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Another project's key management service, in a process of its own."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _new_key(url: str) -> str:
    headers = {
        "X-Amz-Target": "TrentService.CreateKey",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": "AWS4-HMAC-SHA256 Credential=me/20261122/eu-central-1/kms/aws4_request",
    }
    with urlopen(Request(url, b"{}", headers), timeout=30) as answer:  # noqa: S310 - our own server
        return str(json.load(answer)["KeyMetadata"]["KeyId"])


@pytest.fixture
def kms(url: str) -> AwsKms:
    return AwsKms(url, _new_key(url), "eu-central-1", "me", "secret")


def test_a_data_key_comes_back_and_is_not_seen_in_what_is_kept(kms):
    wrapped = kms.wrap(b"k" * 32, "vault_datakey|1|SEAL")

    assert b"k" * 32 not in wrapped
    assert kms.unwrap(wrapped, "vault_datakey|1|SEAL") == b"k" * 32


def test_a_data_key_of_another_lender_is_refused(kms):
    wrapped = kms.wrap(b"k" * 32, "vault_datakey|1|SEAL")

    with pytest.raises(KeyWrong):
        kms.unwrap(wrapped, "vault_datakey|2|SEAL")


def test_an_unknown_key_and_a_silent_service_are_said(kms, url):
    stranger = AwsKms(url, "0ad0ad0a-0000-0000-0000-000000000000", "eu-central-1", "me", "x")
    with pytest.raises(KmsFailed, match="NotFoundException"):
        stranger.wrap(b"k" * 32, "a")

    nobody = AwsKms(f"http://127.0.0.1:{_free_port()}", kms.key, "eu-central-1", "me", "x")
    with pytest.raises(KmsFailed, match="ConnectionRefusedError"):
        nobody.wrap(b"k" * 32, "a")


def test_it_is_the_present_keeper_when_the_environment_names_it(kms, monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    for name, value in {
        "RECOUP_KMS_URL": kms.url,
        "RECOUP_KMS_KEY": kms.key,
        "RECOUP_KMS_REGION": kms.region,
        "RECOUP_KMS_ACCESS_KEY": kms.access_key,
        "RECOUP_KMS_SECRET_FILE": str(secret),
    }.items():
        monkeypatch.setenv(name, value)
    ring = keyring.read(lambda: False)

    assert ring.present == kms
    assert "secret" not in repr(ring)
    wrapped = ring.present.wrap(b"k" * 32, "a")
    assert ring.keeper(f"kms:{kms.key}").unwrap(wrapped, "a") == b"k" * 32


def test_requests_are_signed_as_botocore_signs_them(monkeypatch):
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    kms = AwsKms("https://kms.eu-central-1.amazonaws.com", "key", "eu-central-1", "AKID", "s3cr3t")
    body = b'{"KeyId": "key"}'
    ours = kms._headers("Encrypt", body, at)
    theirs = AWSRequest(
        "POST",
        kms.url + "/",
        {"Content-Type": ours["Content-Type"], "X-Amz-Target": ours["X-Amz-Target"]},
        body,
    )
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: at.replace(tzinfo=None))
    SigV4Auth(Credentials("AKID", "s3cr3t"), "kms", "eu-central-1").add_auth(theirs)

    assert ours["Authorization"] == theirs.headers["Authorization"]
    assert aws_kms.MOST_BYTES > 6144  # KMS answers with at most that much
