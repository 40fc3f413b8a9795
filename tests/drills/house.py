"""An installation whose parts are killed and whose disk fills: real processes, fsync on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from recoup.foundation import embedded_postgres
from recoup.foundation.children import end_all_in
from tests.foundation.backup.installation import ROOT, Installation

CONTRACT = """
import django
django.setup()
from datetime import date
from recoup.foundation.access.context import as_system
from tests import factories
with as_system("test"):
    factories.make_contract(dues=factories.monthly_dues(date(2026, 1, 13), 300))
"""
# Each says a line once its work is committed, never before.
POSTING = """
import os, sys, itertools
import django
django.setup()
from datetime import date
from django.utils import timezone
from recoup.foundation.access.context import as_system
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger import services
contract = Contract.objects.get()
with as_system("desk"):
    for n in itertools.count():
        reference = f"{os.getpid()}-{n}"
        services.record_payment(
            contract_id=contract.pk, amount_minor=101, currency="CNY",
            value_on=date(2026, 11, 20), channel="CASH", reference=reference, actor_id=1,
            at=timezone.now(), as_of=date(2026, 11, 20))
        print(reference, flush=True)
"""
STORING = """
import os, itertools
import django
django.setup()
from django.utils import timezone
from recoup.foundation.access.context import as_system
from recoup.foundation.filestore import services
from recoup.foundation.filestore.rules import Purpose
from tests.foundation.filestore import contents
head = contents.wav(0.01)
with as_system("drill"):
    for n in itertools.count():
        body = os.urandom(1 << 18)
        row = services.put((head, body, body), lender_id=1, purpose=Purpose.RECORDING,
                           actor_id=1, at=timezone.now())
        print(row.id, row.sha256, flush=True)
"""
UPLOADING = """
import django
django.setup()
from django.utils import timezone
from recoup.foundation.access.context import as_system
from recoup.modules.intake import services, uploads
rows = "".join(f"AF2024-117302,2026-10-15,1.00,CNY,CASH,R-{n}\\n" for n in range(20_000))
content = ("contract_number,paid_on,amount,currency,channel,reference\\n" + rows).encode()
with as_system("drill"):
    number = services.receive(
        received=uploads.receive([content], lender_id=1), kind="payments", filename="p.csv",
        actor_id=1, at=timezone.now())
    services.queue(batch_id=number, mapping_code="standard", schedule_from_terms=False)
"""
TAKING_IN = """
import django
django.setup()
from recoup.interfaces.worker.intake_tasks import take_in_upload
take_in_upload.func(batch_id=1)
print("through", flush=True)
"""
TAKEN_IN = """
import django
django.setup()
from recoup.foundation.filestore.models import File
from recoup.modules.intake.models import Batch
from recoup.modules.ledger.models import Payment
batch = Batch.objects.get()
live = File.objects.filter(erased_at=None).count()
print(batch.state, batch.rows_good, batch.rows_bad, Payment.objects.count(), live)
"""
KEPT_PAYMENTS = """
import django
django.setup()
from recoup.foundation import db
for row in db.ask("SELECT reference FROM ledger_payment ORDER BY id"):
    print(row["reference"])
"""
BOOKED = """
import django
django.setup()
from datetime import date
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger import queries
contract = Contract.objects.get().pk
replayed = queries.loan_account(contract_id=contract, as_of=date(2026, 11, 20))
booked = queries.account(contract_id=contract)
print(booked.principal_open_minor == sum(s.principal_open for s in replayed.states))
"""
KEPT_FILES = """
import django
django.setup()
import hashlib
from recoup.foundation.access.context import as_system
from recoup.foundation.filestore import services, upkeep
from recoup.foundation.filestore.models import File
with as_system("drill"):
    for row in File.objects.order_by("id"):
        said = hashlib.sha256()
        for piece in services.read(row.id).pieces:
            said.update(piece)
        print(row.id, said.hexdigest())
    print("faults", len(upkeep.verify().faults))
"""


class Working:
    """A process that works, and the lines by which it acknowledged what it did."""

    def __init__(self, house: Installation, script: str) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT, env=house.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.said.append(line.strip())

    def wait_for(self, count: int, seconds: float = 90) -> None:
        """Until it has acknowledged so much."""
        until = time.monotonic() + seconds
        while len(self.said) < count:
            assert self.process.poll() is None, self.last_words()
            assert time.monotonic() < until, self.said
            time.sleep(0.005)

    def kill(self) -> None:
        """As the power would."""
        self.process.send_signal(signal.SIGKILL)
        self.ended()

    def ended(self, seconds: float = 90) -> str:
        """Wait for its end; what it complained of."""
        self.process.wait(seconds)
        self._reader.join()
        return self.last_words()

    def last_words(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()


@contextmanager
def running(house: Installation) -> Iterator["subprocess.Popen[bytes]"]:
    """The installation's PostgreSQL, as our child."""
    server = embedded_postgres.start(house.var)
    try:
        yield server
    finally:
        end_all_in(house.var / "postgres", signal.SIGKILL, 10)
        server.wait()


def asked(house: Installation, question: str) -> tuple[Any, ...]:
    """The first row of an answer, from a connection of one's own."""
    sockets = str(embedded_postgres.socket_dir(house.var))
    with psycopg.connect(host=sockets, user="recoup", dbname="recoup", autocommit=True) as own:
        return own.execute(question).fetchone() or ()


def kill_database(house: Installation) -> None:
    """Every process of the server at once, without a word."""
    end_all_in(house.var / "postgres", signal.SIGKILL, 10)
    (house.var / "postgres" / "postmaster.pid").unlink(missing_ok=True)


def made(var: Path) -> Installation:
    """Tables and one contract with many dues."""
    house = Installation(var)
    done = house.recoup("manage", "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    house.python(CONTRACT)
    return house


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of its own at the folder, so large and no larger (tmpfs; needs root)."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)],
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave_megabytes: int) -> Path:
    """Fill the disk but for a little; the file that does it."""
    filler = folder / "filler"
    stat = os.statvfs(folder)
    free = stat.f_bavail * stat.f_frsize
    with filler.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, free - leave_megabytes * 2**20)
    return filler
