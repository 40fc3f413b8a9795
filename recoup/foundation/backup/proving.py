"""Proving a backup: it is restored for real, by a process of its own, in an empty folder."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from recoup.foundation.audit import anchoring
from recoup.foundation.backup.refusals import NotWhatItWas
from recoup.foundation.vault import keyring

# What names the present installation must not reach the one that is made for the proof.
OF_THIS_INSTALLATION = ("RECOUP_", "DJANGO_", "AWS_")
KEYS = ("RECOUP_KEK", "RECOUP_KEK_FILE", "RECOUP_AUDIT_KEY_FILE")


def prove(*, folder: Path, arguments: Sequence[str]) -> str:
    """Restore the backup with an embedded PostgreSQL, verify everything, leave nothing behind.

    What it said; raises NotWhatItWas with what went wrong. Without a key archive among the
    arguments the present keys are used.
    """
    with tempfile.TemporaryDirectory(prefix="recoup-proof-") as var:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "recoup", "restore", str(folder.resolve()), *arguments],
            env=_environment(Path(var), with_keys="--keys" not in arguments),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise NotWhatItWas(what=(done.stderr + done.stdout).strip()[-800:])
    return done.stdout


def _environment(var: Path, *, with_keys: bool) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith(OF_THIS_INSTALLATION)}
    for name in ("RECOUP_LANG", "RECOUP_PG_BIN"):
        if name in os.environ:
            known[name] = os.environ[name]
    known["RECOUP_VAR"] = str(var)
    if with_keys:
        known |= {name: os.environ[name] for name in KEYS if name in os.environ}
        if "RECOUP_KEK_FILE" not in known and keyring.key_file().exists():
            known["RECOUP_KEK_FILE"] = str(keyring.key_file().resolve())
        known["RECOUP_AUDIT_KEY_FILE"] = str(anchoring.key_file().resolve())
    return known
