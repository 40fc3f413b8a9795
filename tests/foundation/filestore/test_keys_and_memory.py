"""Files stay readable while keys change, pass through little memory, and wait out a backup."""

import argparse
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from recoup.foundation.access.context import as_system
from recoup.foundation.filestore import removal, services, upkeep
from recoup.foundation.filestore.models import Content
from recoup.foundation.filestore.plain_copy import plain_copy
from recoup.foundation.filestore.refusals import FileDamaged
from recoup.foundation.filestore.rules import Purpose
from recoup.foundation.vault import rotation
from recoup.foundation.vault.envelope import key_of
from recoup.interfaces.cli import files as command
from tests.factories import AT_TEN
from tests.foundation.filestore import contents

pytestmark = [pytest.mark.usefixtures("job", "store")]
MEGABYTE = 1 << 20


def put(lender_id: int, content: bytes = contents.wav(5)) -> int:
    row = services.put(
        [content], lender_id=lender_id, purpose=Purpose.RECORDING, actor_id=7, at=AT_TEN
    )
    return row.id


def bytes_of(file_id: int) -> bytes:
    return b"".join(services.read(file_id).pieces)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_readable_under_the_next_key_of_its_lender(anda):
    number = put(anda)
    before = key_of(bytes(Content.objects.get().sealed_key))
    rotation.rotate(anda)

    assert key_of(bytes(Content.objects.get().sealed_key)) != before
    assert bytes_of(number) == contents.wav(5)


def _peak() -> int:
    """The most memory this process ever held, in bytes."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.django_db
def test_a_large_file_passes_through_little_memory_both_ways(anda):
    Path("/proc/self/clear_refs").write_text("5")  # begin to count anew
    before = _peak()
    head, body = contents.wav(0.01), bytes(MEGABYTE)
    row = services.put(
        (head if n == 0 else body for n in range(400)),
        lender_id=anda, purpose=Purpose.RECORDING, actor_id=7, at=AT_TEN,
    )  # fmt: skip
    size = sum(len(piece) for piece in services.read(row.id).pieces)
    with plain_copy(row.id) as path:
        assert path.stat().st_size == size

    assert size == row.size_bytes > 398 * MEGABYTE
    assert _peak() - before < 40 * MEGABYTE


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_during_a_backup_opens_no_more_and_goes_afterwards(anda, store):
    number = put(anda)
    lies = store / Content.objects.get().object_name
    erased = threading.Thread(target=_erase, args=[number])
    with removal.forbidden():
        erased.start()
        erased.join(30)
        assert lies.exists()
        assert Content.objects.get().sealed_key is None

    later = AT_TEN.fromtimestamp(lies.stat().st_mtime, AT_TEN.tzinfo) + timedelta(days=1, hours=1)
    assert upkeep.tidy(at=later) == 1
    assert not lies.exists()


def _erase(number: int) -> None:
    """In a thread of its own, which has a session of its own."""
    try:
        with as_system("test"):
            services.erase(number, reason="RETENTION", at=AT_TEN)
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_a_plain_copy_has_no_name_and_a_damaged_file_gives_none(anda, store, settings):
    number = put(anda)
    with plain_copy(number) as path:
        assert path.read_bytes() == contents.wav(5)
        assert list((Path(settings.VAR) / "tmp").iterdir()) == []

    lies = store / Content.objects.get().object_name
    lies.write_bytes(lies.read_bytes()[:-1])
    with pytest.raises(FileDamaged), plain_copy(number):
        pytest.fail("it must not be given out")


@pytest.mark.django_db
def test_the_command_says_which_file_is_not_what_it_was(anda, store, capsys):
    number = put(anda)
    put(anda, contents.wav(6))
    assert command.run(argparse.Namespace(what="verify")) == 0
    lies = store / Content.objects.get(file=number).object_name
    lies.unlink()

    assert command.run(argparse.Namespace(what="verify")) == 1
    assert "(file_damaged)" in capsys.readouterr().out
    assert command.run(argparse.Namespace(what="show")) == 0
    assert command.run(argparse.Namespace(what="tidy")) == 0
