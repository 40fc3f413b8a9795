"""A key that a service keeps: the AWS KMS protocol, which other services speak too.

    RECOUP_KMS_URL          https://kms.eu-central-1.amazonaws.com
    RECOUP_KMS_KEY          number, name or alias of the key
    RECOUP_KMS_REGION       eu-central-1
    RECOUP_KMS_ACCESS_KEY   who we are there
    RECOUP_KMS_SECRET_FILE  a file with the secret of that access key (or RECOUP_KMS_SECRET)

Requests are signed by Signature Version 4 (AWS General Reference, "Signing AWS API requests").
Data keys are asked for once per process and key, so the service is not on the way of any page.
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from recoup.foundation.vault.refusals import KeyWrong, KmsFailed

SECONDS = 10
MOST_BYTES = 64 * 1024
_JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class AwsKms:
    """A key-encrypting key kept by the service at `url`."""

    url: str
    key: str
    region: str
    access_key: str
    secret: str = field(repr=False)

    @classmethod
    def of_environment(cls, said: Mapping[str, str]) -> "AwsKms | None":
        """The service the environment names, if it names one."""
        if not (url := said.get("RECOUP_KMS_URL")):
            return None
        file = said.get("RECOUP_KMS_SECRET_FILE")
        secret = Path(file).read_text().strip() if file else said.get("RECOUP_KMS_SECRET", "")
        return cls(
            url=url.rstrip("/"),
            key=said.get("RECOUP_KMS_KEY", ""),
            region=said.get("RECOUP_KMS_REGION", "us-east-1"),
            access_key=said.get("RECOUP_KMS_ACCESS_KEY", ""),
            secret=secret,
        )

    @property
    def name(self) -> str:
        """What the data keys remember of it."""
        return f"kms:{self.key}"

    def wrap(self, key: bytes, about: str) -> bytes:
        """The data key as the service encrypts it; `about` is its encryption context."""
        answer = self._ask(
            "Encrypt",
            {
                "KeyId": self.key,
                "Plaintext": base64.b64encode(key).decode(),
                "EncryptionContext": {"about": about},
            },
        )
        return base64.b64decode(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        """The data key. Raises KeyWrong, KmsFailed."""
        answer = self._ask(
            "Decrypt",
            {
                "KeyId": self.key,
                "CiphertextBlob": base64.b64encode(wrapped).decode(),
                "EncryptionContext": {"about": about},
            },
        )
        return base64.b64decode(answer["Plaintext"])

    def _ask(self, act: str, said: dict[str, object]) -> dict[str, str]:
        body = json.dumps(said).encode()
        status, text = self._post(body, self._headers(act, body, datetime.now(UTC)))  # noqa: TID251 - the signature needs the clock
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        if status == http.client.OK:
            return dict(answer)
        kind = str(answer.get("__type", status)).rpartition("#")[2]
        if kind in {"InvalidCiphertextException", "IncorrectKeyException"}:
            raise KeyWrong(name=self.name, key=str(said["EncryptionContext"]))
        raise KmsFailed(url=self.url, why=kind)

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        to = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        try:
            to.request("POST", "/", body, headers)
            answer = to.getresponse()
            return answer.status, answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise KmsFailed(url=self.url, why=type(error).__name__) from error
        finally:
            to.close()

    def _headers(self, act: str, body: bytes, at: datetime) -> dict[str, str]:
        """What the request carries, signed."""
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        signed = {
            "content-type": _JSON,
            "host": urlsplit(self.url).netloc,
            "x-amz-date": stamp,
            "x-amz-target": f"TrentService.{act}",
        }
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/{self.region}/kms/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = _hmac(
            self._signing_key(stamp[:8]), f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        )
        return {name.title(): value for name, value in signed.items()} | {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature.hex()}"
        }

    def _signing_key(self, day: str) -> bytes:
        key = b"AWS4" + self.secret.encode()
        for part in (day, self.region, "kms", "aws4_request"):
            key = _hmac(key, part)
        return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
