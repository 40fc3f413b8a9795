"""What a running launcher keeps in its data folder: who runs here, and the demo password."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from recoup.interfaces.cli.site import Site
from recoup.interfaces.cli.terms import CannotRun

DEMO_PASSWORD = "recoup-demo-2026"  # noqa: S105 - printed on purpose, and for this machine only


@contextmanager
def alone_in(var: Path, address: str) -> Iterator[None]:
    """One launcher per data folder; the lock ends with the process, however it ends."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                _("Recoup already runs from this folder: %(who)s") % {"who": lock.read().strip()}
            ) from None
        lock.truncate(0)
        lock.write(_("%(address)s, process %(pid)d") % {"address": address, "pid": os.getpid()})
        lock.flush()
        yield


def demo_password(var: Path, site: Site) -> str:
    """RECOUP_DEMO_PASSWORD; else a known one on this machine alone, a secret one on a network."""
    if given := os.environ.get("RECOUP_DEMO_PASSWORD"):
        return given
    kept = var / "demo_password"
    if kept.exists():
        return kept.read_text().strip()
    if site.is_local:
        return DEMO_PASSWORD
    with os.fdopen(os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600), "w") as new:
        new.write(made := secrets.token_urlsafe(12))
    return made
