"""A process killed while it takes in a file leaves nothing behind, and the next run finishes it."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from recoup.modules.contracts.models import Contract
from recoup.modules.intake import queries
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.intake.rules import BatchState, RowKind
from recoup.modules.parties.models import Party
from tests.factories import make_lender
from tests.modules.intake.conftest import CONTRACTS, Intake, database_url
from tests.modules.intake.files import write

# Takes in a file, and at the named moment says so and waits to be killed.
STOPPED = """
import sys, time, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from recoup.foundation.access.context import as_system
from recoup.modules.intake import services
from recoup.modules.intake.rules import RowKind
def stop(step):
    if step.stage == sys.argv[2] and step.fraction >= float(sys.argv[3]):
        print("here", flush=True)
        time.sleep(600)
with as_system("tests"):
    services.take_in(path=Path(sys.argv[1]), lender_code="anda", kind=RowKind.CONTRACTS,
                     actor_id=None, at=datetime(2026, 11, 22, tzinfo=UTC), progress=stop,
                     schedule_from_terms=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("stage", "fraction"), [("READING", "0"), ("JUDGING", "0.9")])
def test_a_killed_intake_leaves_nothing_and_is_taken_over(tmp_path, stage, fraction):
    make_lender()
    path = write(tmp_path, "file.csv", CONTRACTS + "HT-002,KH-404,,1,1,1,,2026-02-28\n")
    kill_at(path, stage, fraction)
    killed = Batch.objects.get()
    assert killed.state == BatchState.RUNNING
    assert not Contract.objects.exists()
    assert not Party.objects.exists()
    assert not QuarantinedRow.objects.exists()
    wait_until_let_go(killed.pk)
    batch = Intake(tmp_path).take(path, RowKind.CONTRACTS, schedule_from_terms=True)
    assert batch.id == killed.pk
    assert (batch.state, batch.rows_good, batch.rows_bad) == (BatchState.DONE, 1, 1)
    assert Contract.objects.count() == 1


def kill_at(path, stage, fraction):
    """Run an intake in a process of its own up to a moment, and kill it there."""
    url = database_url()
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(path), stage, fraction],
        env=os.environ
        | {"RECOUP_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "recoup.config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def wait_until_let_go(number):
    """The server notices within moments that its client has died."""
    for _ in range(200):
        batch = queries.batch(number)
        assert batch is not None
        if batch.is_interrupted:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
    pytest.fail("the killed session still holds its batch")
