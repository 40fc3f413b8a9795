"""Where the key-encrypting key comes from, and what is said when it is missing or wrong."""

import base64
import stat

import pytest
from django.db import connection

from recoup.foundation.vault import data_keys, keyring
from recoup.foundation.vault.refusals import (
    KeyFileMissing,
    KeyFileOpen,
    KeyMissing,
    KeyUnreadable,
    KeyWrong,
)

ONE, OTHER = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
NOTHING_SEALED, SOMETHING_SEALED = (lambda: True), (lambda: False)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """A data folder of its own, and no key from outside."""
    settings.VAR = tmp_path
    for name in ("RECOUP_KEK", "RECOUP_KEK_FILE", "RECOUP_KMS_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_first_start_makes_a_key_file_that_only_its_owner_reads(folder):
    first = keyring.read(NOTHING_SEALED).present.name

    file = folder / "keys" / "kek"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert keyring.read(SOMETHING_SEALED).present.name == first
    assert [path.name for path in file.parent.iterdir()] == ["kek"]


def test_a_missing_file_is_not_made_anew_over_data_that_need_it(folder):
    with pytest.raises(KeyFileMissing) as refused:
        keyring.read(SOMETHING_SEALED)

    assert str(folder / "keys" / "kek") in str(refused.value)
    assert not (folder / "keys").exists()


@pytest.mark.django_db
def test_a_web_process_makes_no_key_file_for_it_cannot_see_whether_one_is_needed(folder):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE recoup_web")
        with pytest.raises(KeyFileMissing):
            data_keys.ring()
        assert list(folder.iterdir()) == []
        cursor.execute("RESET ROLE")

    assert data_keys.ring().present.name.startswith("own:")


def test_a_named_file_that_is_missing_is_not_made_at_all(folder, monkeypatch):
    monkeypatch.setenv("RECOUP_KEK_FILE", str(folder / "elsewhere"))

    with pytest.raises(KeyFileMissing):
        keyring.read(NOTHING_SEALED)
    assert list(folder.iterdir()) == []


def test_a_file_that_others_can_read_is_refused(folder):
    keyring.read(NOTHING_SEALED)
    (folder / "keys" / "kek").chmod(0o640)

    with pytest.raises(KeyFileOpen):
        keyring.read(SOMETHING_SEALED)


@pytest.mark.parametrize("text", ["", "x", "not base64 !", base64.b64encode(b"short").decode()])
def test_what_is_no_key_is_refused(folder, text):
    (folder / "keys").mkdir()
    (folder / "keys" / "kek").write_text(text)
    (folder / "keys" / "kek").chmod(0o600)

    with pytest.raises(KeyUnreadable):
        keyring.read(NOTHING_SEALED)


def test_the_first_key_of_the_environment_wraps_and_the_others_still_unwrap(monkeypatch):
    monkeypatch.setenv("RECOUP_KEK", ONE)
    before = keyring.read(SOMETHING_SEALED).present
    wrapped = before.wrap(b"k" * 32, "a")
    monkeypatch.setenv("RECOUP_KEK", f"{OTHER},{ONE}")
    ring = keyring.read(SOMETHING_SEALED)

    assert ring.present.name != before.name
    assert ring.keeper(before.name).unwrap(wrapped, "a") == b"k" * 32


def test_a_wrong_key_is_said_to_be_wrong_and_never_opens_to_garbage(monkeypatch):
    monkeypatch.setenv("RECOUP_KEK", ONE)
    wrapped = keyring.read(SOMETHING_SEALED).present.wrap(b"k" * 32, "a")
    name = keyring.read(SOMETHING_SEALED).present.name
    monkeypatch.setenv("RECOUP_KEK", OTHER)
    ring = keyring.read(SOMETHING_SEALED)

    with pytest.raises(KeyMissing):
        ring.keeper(name)
    with pytest.raises(KeyWrong):
        ring.present.unwrap(wrapped, "a")


def test_a_data_key_is_bound_to_its_lender(monkeypatch):
    monkeypatch.setenv("RECOUP_KEK", ONE)
    keeper = keyring.read(SOMETHING_SEALED).present
    wrapped = keeper.wrap(b"k" * 32, "vault_datakey|1|SEAL")

    with pytest.raises(KeyWrong):
        keeper.unwrap(wrapped, "vault_datakey|2|SEAL")


def test_the_keys_name_does_not_give_the_key_away(monkeypatch):
    monkeypatch.setenv("RECOUP_KEK", ONE)
    keeper = keyring.read(SOMETHING_SEALED).present

    assert base64.b64decode(ONE).hex()[:16] not in keeper.name
    assert ONE not in repr(keeper)


def test_a_new_key_goes_before_the_old_one_and_the_old_one_is_forgotten_when_asked(folder):
    old = keyring.read(NOTHING_SEALED).present.name
    file = keyring.key_file()
    keyring.put_first(file, keyring.new_key())
    both = keyring.read(SOMETHING_SEALED)

    assert [keeper.name for keeper in both.keepers] == [both.present.name, old]
    assert keyring.keep_first(file) == 1
    assert [k.name for k in keyring.read(SOMETHING_SEALED).keepers] == [both.present.name]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
