"""The disk fills up: what is refused is refused in words, what was acknowledged stays.

The small disks are tmpfs, mounted by root; elsewhere only the limit on file sizes is drilled.
"""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from recoup.foundation.filestore import services, upkeep
from recoup.foundation.filestore.models import Content, File
from recoup.foundation.filestore.refusals import StoreFull
from recoup.foundation.filestore.rules import Purpose
from tests import factories
from tests.drills import house as houses
from tests.drills.house import Working
from tests.factories import AT_TEN
from tests.foundation.filestore import contents

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a small disk")


def put(seconds: float) -> int:
    row = services.put(
        [contents.wav(seconds)], lender_id=factories.make_lender(), purpose=Purpose.RECORDING,
        actor_id=1, at=AT_TEN,
    )  # fmt: skip
    return row.id


def put_until_refused(kept: list[int]) -> None:
    for n in range(20):
        kept.append(put(21 + n / 100))  # noqa: PERF401 - those before the refusal count


def read(file_id: int) -> bytes:
    return b"".join(services.read(file_id).pieces)


@pytest.fixture
def small_store(tmp_path, settings) -> Iterator[Path]:
    """The store on a disk of four megabytes."""
    settings.MEDIA_ROOT = tmp_path / "small"
    with houses.small_disk(tmp_path / "small", 4):
        yield tmp_path / "small"


@as_root
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_refuses_the_next_file_and_keeps_the_others(small_store, job):
    kept = [put(20 + n / 100) for n in range(8)]
    with pytest.raises(StoreFull):
        put(120)
    with pytest.raises(StoreFull):
        put_until_refused(kept)

    assert len(kept) < 16
    assert [len(read(file_id)) > 0 for file_id in kept] == [True] * len(kept)
    assert upkeep.verify().faults == ()
    assert list((small_store / "store" / ".coming").iterdir()) == []
    assert File.objects.count() == len(kept)
    services.erase(kept[0], reason="DRILL", at=AT_TEN)
    assert read(put(1)) == contents.wav(1)


@pytest.mark.django_db(transaction=True)
def test_a_limit_on_file_sizes_is_a_full_store_too(store, job):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    small = put(1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(StoreFull):
            put(60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert Content.objects.count() == 1
    assert list((store / ".coming").iterdir()) == []
    assert read(small) == contents.wav(1)


@as_root
def test_a_database_whose_disk_is_full_keeps_every_acknowledged_payment(tmp_path):
    with houses.small_disk(tmp_path / "disk", 1500):
        house = houses.made(tmp_path / "disk" / "var")
        with houses.running(house):
            first = Working(house, houses.POSTING)
            first.wait_for(5)
            filler = houses.fill(tmp_path / "disk", leave_megabytes=2)
            assert "No space left on device" in first.ended(seconds=300) or first.said
            acknowledged = first.said
        filler.unlink()
        with houses.running(house):
            second = Working(house, houses.POSTING)
            second.wait_for(5)
            second.kill()

        kept = house.python(houses.KEPT_PAYMENTS).split()
        assert set(acknowledged) | set(second.said) <= set(kept)
        assert house.python(houses.BOOKED) == "True\n"
        assert house.recoup("audit", "verify").returncode == 0
