"""The worker, as the launcher starts it: a process of its own on the story's database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from recoup.foundation.access.roles import VARIABLE, Role
from recoup.foundation.vault.keyring import key_file

# Intake alone: a story's clock stands still, and what is forgotten hourly goes by the real one.
WORKER = [sys.executable, "-m", "recoup", "manage", "procrastinate", "worker", "--queues=intake"]


@contextmanager
def worker_at_work(var: Path) -> Iterator[None]:
    """Files are taken in while this lasts, looked for in `var`; the key is the story's."""
    known = connection.settings_dict
    address = make_conninfo(host=known["HOST"], user=known["USER"], dbname=known["NAME"])
    log = var / "worker.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            WORKER,
            env=os.environ
            | {
                "RECOUP_DATABASE_URL": address,
                "RECOUP_VAR": str(var),
                "RECOUP_KEK_FILE": str(key_file()),
                VARIABLE: Role.WORKER,
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield
        assert worker.poll() is None, log.read_text()
    finally:
        worker.terminate()
        worker.wait(timeout=20)
