"""Anchors: the heads of all chains, signed, kept in a table and outside the database.

Whoever rewrites the record afterwards, be it the database's administrator, would have to sign the
new heads too, and to change what already lies outside.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from recoup.foundation import db, outbound
from recoup.foundation.audit.signing import load_key, public_pem

ANCHORING = 0x5EC3  # the advisory lock under which one process anchors
LAST = "SELECT number, text FROM audit_anchor ORDER BY number DESC LIMIT 1"
HEADS = "SELECT chain, number, encode(hash, 'hex') AS hash FROM audit_head ORDER BY chain"
KEEP = """
INSERT INTO audit_anchor (number, at, text, signature)
VALUES (%(number)s, %(at)s, %(text)s, %(signature)s)
"""
PUBLIC_KEY = "public.pem"
LATEST = "latest.json"  # the heads a few seconds ago, in place of those before


@dataclass(frozen=True, slots=True)
class Anchor:
    """All heads at a moment, and who vouches for them."""

    number: int
    at: datetime
    text: str
    signature: bytes

    @property
    def line(self) -> str:
        """As it is kept outside: one line of JSON."""
        signature = base64.b64encode(self.signature).decode()
        return json.dumps({"text": self.text, "signature": signature})

    @property
    def fingerprint(self) -> str:
        """What the next anchor names."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def before(self) -> str:
        """The fingerprint of the anchor before it, as it names it."""
        return str(json.loads(self.text)["before"])

    def heads(self) -> dict[int, tuple[int, str]]:
        """Number and hash (hex) of the last event of each chain."""
        return {chain: (number, hash_) for chain, number, hash_ in json.loads(self.text)["heads"]}


def key_file() -> Path:
    """RECOUP_AUDIT_KEY_FILE, else in the data folder."""
    return Path(os.environ.get("RECOUP_AUDIT_KEY_FILE", settings.VAR / "keys" / "audit_ed25519"))


def folder() -> Path:
    """Where anchors lie outside the database: RECOUP_ANCHORS, best on another machine."""
    return Path(os.environ.get("RECOUP_ANCHORS", settings.VAR / "anchors"))


def anchor(*, at: datetime, send: Callable[[str], None] | None = None) -> Anchor | None:
    """Sign the heads and keep them, table and outside; None if no chain moved since the last.

    What lies outside is written before the table's row is committed: an anchor that is only
    outside is harmless, one that is only inside proves nothing. Raises AuditKeyMissing and the
    like, and whatever `send` raises.
    """
    with db.use_case():
        db.ask("SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(%s)) AS lock", [ANCHORING])
        last = db.ask(LAST)
        heads = _heads()
        if last and json.loads(last[0]["text"])["heads"] == heads:
            return None
        key = load_key(key_file(), may_make=not last and not kept_outside())
        text = _text(heads, last[0] if last else None, at)
        made = Anchor((last[0]["number"] if last else 0) + 1, at, text, key.sign(text.encode()))
        _keep_outside(made, public_pem(key))
        if send is not None:
            send(made.line)
        with connection.cursor() as cursor:
            cursor.execute(
                KEEP,
                {
                    "number": made.number,
                    "at": made.at,
                    "text": made.text,
                    "signature": made.signature,
                },
            )
        return made


def keep_latest(*, at: datetime) -> bool:
    """Sign the heads and lay them outside, in place of those laid there before; False if the same.

    An anchor costs a row for ever and is made each minute; this is one small file, so that only
    seconds can be rewritten unseen. The key is made with the first anchor, not here. Raises
    AuditKeyOpen and AuditKeyBroken.
    """
    heads, file = _heads(), key_file()
    before = latest_outside()
    if not file.exists() or (before is not None and json.loads(before.text)["heads"] == heads):
        return False
    said = {"at": at.astimezone(UTC).isoformat(), "heads": heads}
    text = json.dumps(said, separators=(",", ":"), sort_keys=True)
    key = load_key(file, may_make=False)
    folder().mkdir(parents=True, exist_ok=True)
    half = folder() / f"{LATEST}.{os.getpid()}"
    with half.open("w") as out:
        out.write(Anchor(0, at, text, key.sign(text.encode())).line + "\n")
        out.flush()
        os.fsync(out.fileno())
    half.replace(folder() / LATEST)
    return True


def latest_outside() -> Anchor | None:
    """The heads that were laid outside last, as an anchor without number; None if none are."""
    file = folder() / LATEST
    return _read(file.read_text()) if file.exists() else None


def sender() -> Callable[[str], None] | None:
    """What sends each anchor to RECOUP_ANCHOR_URL, its origin listed in RECOUP_OUTBOUND; or None.

    Raises, when called, OutboundRefused and OutboundFailed: the anchor is then made the next time.
    """
    url = os.environ.get("RECOUP_ANCHOR_URL", "")
    if not url:
        return None
    return lambda line: _send(url, line)


def _send(url: str, line: str) -> None:
    outbound.post(url, line.encode(), {"Content-Type": "application/json"})


def kept_outside() -> list[Anchor]:
    """Every anchor in the folder, oldest first.

    A number may stand there twice: once as it was about to be committed when the power went.
    """
    lines = (
        line for file in sorted(folder().glob("*.jsonl")) for line in file.read_text().splitlines()
    )
    return [read for line in lines if (read := _read(line)) is not None]


def kept_inside() -> list[Anchor]:
    """Every anchor in the table, oldest first."""
    rows = db.ask("SELECT number, at, text, signature FROM audit_anchor ORDER BY number")
    return [Anchor(r["number"], r["at"], r["text"], bytes(r["signature"])) for r in rows]


def _heads() -> list[list[Any]]:
    """Chain, number and hash (hex) of the last event of each chain."""
    return [[row["chain"], row["number"], row["hash"]] for row in db.ask(HEADS)]


def _text(heads: list[list[Any]], last: dict[str, Any] | None, at: datetime) -> str:
    said = {
        "anchor": (last["number"] if last else 0) + 1,
        "at": at.astimezone(UTC).isoformat(),
        "before": hashlib.sha256(last["text"].encode()).hexdigest() if last else "",
        "heads": heads,
    }
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def _keep_outside(made: Anchor, public: str) -> None:
    """Append to the day's file and to the disk; beside it what to verify with."""
    folder().mkdir(parents=True, exist_ok=True)
    pem = folder() / PUBLIC_KEY
    if not pem.exists():
        pem.write_text(public)
    file = folder() / f"{made.at.astimezone(UTC):%Y-%m-%d}.jsonl"
    with file.open("a") as out:
        out.write(made.line + "\n")
        out.flush()
        os.fsync(out.fileno())


def _read(line: str) -> Anchor | None:
    """A line of the folder; a half-written last one is none."""
    try:
        kept = json.loads(line)
        said = json.loads(kept["text"])
        signature = base64.b64decode(kept["signature"])
        return Anchor(
            said.get("anchor", 0), datetime.fromisoformat(said["at"]), kept["text"], signature
        )
    except (ValueError, KeyError, TypeError):
        return None
