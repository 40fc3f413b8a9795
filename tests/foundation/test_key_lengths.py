"""Every key, code and number that must not be guessed is long enough, and never the same twice."""

import base64
import string

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.test import Client

from recoup.foundation.audit.signing import load_key
from recoup.foundation.backup import parts
from recoup.foundation.filestore import stream
from recoup.foundation.secret_key import load_secret_key
from recoup.foundation.sign_in.rules import new_key
from recoup.foundation.vault import envelope, keyring
from recoup.interfaces.web.views import staff

LEAST_BITS = 128


def bits(text: str, alphabet: str) -> float:
    """How many bits a text drawn from an alphabet has; 0 for one with other letters."""
    return len(text) * (len(alphabet) - 1).bit_length() if set(text) <= set(alphabet) else 0


def test_keys_that_seal_are_aes_256_and_bind_128_bits() -> None:
    assert (envelope.KEY_BYTES, envelope.NONCE_BYTES, envelope.TAG_BYTES) == (32, 12, 16)
    assert (len(stream.new_key()), stream.TAG_BYTES) == (32, 16)
    assert len(base64.b64decode(keyring.new_key())) == 32
    assert len(base64.b64decode(parts.new_key())) == 32
    with pytest.raises(ValueError, match="AESGCM key must be"):
        envelope.Sealer(1, 1, b"x" * 31)


def test_a_sealed_value_takes_a_nonce_of_its_own() -> None:
    sealer = envelope.Sealer(1, 1, b"k" * 32)
    nonces = {sealer.seal("王小强", "a")[5:17] for _ in range(1_000)}

    assert len(nonces) == 1_000


def test_a_passphrase_is_stretched_as_owasp_says() -> None:
    assert (parts.SCRYPT_N, parts.SCRYPT_R, parts.SCRYPT_P) >= (1 << 17, 8, 1)
    assert parts.SALT_BYTES * 8 >= LEAST_BITS


def test_the_record_is_signed_by_ed25519(tmp_path) -> None:
    key = load_key(tmp_path / "audit", may_make=True)

    assert isinstance(key, Ed25519PrivateKey)
    assert len(key.sign(b"x")) == 64


@pytest.mark.django_db
def test_what_a_browser_or_a_machine_shows_is_not_guessed(tmp_path) -> None:
    client = Client()
    session = client.session
    session.save()
    key = new_key()

    assert bits(session.session_key, string.ascii_lowercase + string.digits) >= LEAST_BITS
    assert len(bytes.fromhex(key.secret)) * 8 == 256
    assert len(load_secret_key(tmp_path)) * 6 >= 256
    assert staff.FIRST_PASSWORD_BYTES * 8 >= 96
    assert len({new_key().secret for _ in range(100)}) == 100


def test_codes_have_the_digits_the_standard_asks_for() -> None:
    assert settings.MFA_RECOVERY_CODE_DIGITS >= 10
    assert getattr(settings, "MFA_TOTP_DIGITS", 6) >= 6
    assert getattr(settings, "MFA_TOTP_PERIOD", 30) <= 30
    assert settings.MFA_TOTP_TOLERANCE <= 1
