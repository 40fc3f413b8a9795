"""Database, worker and file store killed with signal 9: nothing acknowledged is lost."""

import time
from pathlib import Path

import pytest

from tests.drills import house as houses
from tests.drills.house import Working
from tests.foundation.backup.installation import Installation

pytestmark = pytest.mark.slow
STAGE = "SELECT stage FROM intake_batch"


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return houses.made(tmp_path / "var")


def test_a_database_killed_while_payments_are_posted_keeps_every_acknowledged_one(house):
    acknowledged: list[str] = []
    for _ in range(3):
        with houses.running(house):
            desks = [Working(house, houses.POSTING) for _ in range(2)]
            for desk in desks:
                desk.wait_for(8)
            houses.kill_database(house)
            for desk in desks:
                assert desk.ended(), "it must have noticed"
                acknowledged += desk.said

    kept = house.python(houses.KEPT_PAYMENTS).split()
    assert len(acknowledged) >= 48
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))
    # One per desk and kill may be committed without having been told.
    assert len(kept) - len(acknowledged) <= 6
    assert house.python(houses.BOOKED) == "True\n"
    assert house.recoup("audit", "verify").returncode == 0


def test_writers_of_files_killed_leave_whole_files_or_none(house):
    acknowledged: list[str] = []
    for count in (1, 3, 6, 9):
        with houses.running(house):
            writers = [Working(house, houses.STORING) for _ in range(2)]
            for writer in writers:
                writer.wait_for(count)
            for writer in writers:
                writer.kill()
                acknowledged += writer.said

    kept = house.python(houses.KEPT_FILES).splitlines()
    assert len(acknowledged) >= 38
    assert set(acknowledged) <= set(kept)
    assert kept[-1] == "faults 0"
    assert house.recoup("files", "verify").returncode == 0


def test_a_database_killed_under_the_file_store_loses_no_acknowledged_file(house):
    with houses.running(house):
        writer = Working(house, houses.STORING)
        writer.wait_for(10)
        houses.kill_database(house)
        assert writer.ended()

    kept = house.python(houses.KEPT_FILES).splitlines()
    assert set(writer.said) <= set(kept)
    assert kept[-1] == "faults 0"


@pytest.mark.parametrize("stage", ["READING", "JUDGING"])
def test_a_worker_killed_over_an_upload_leaves_it_whole_for_the_next_one(house, stage):
    house.python(houses.UPLOADING)
    with houses.running(house):
        worker = Working(house, houses.TAKING_IN)
        until = time.monotonic() + 90
        while houses.asked(house, STAGE) != (stage,):
            assert worker.process.poll() is None, worker.last_words()
            assert time.monotonic() < until
        worker.kill()
        assert houses.asked(house, "SELECT count(*) FROM ledger_payment") == (0,)
        assert houses.asked(house, "SELECT count(*) FROM filestore_file") == (1,)
        time.sleep(2)  # the server looks twice a second whether a client still lives
        next_one = Working(house, houses.TAKING_IN)
        assert next_one.ended(300) == ""
        assert next_one.said == ["through"]

    assert house.python(houses.TAKEN_IN) == "DONE 20000 0 20000 0\n"
