"""What was forgotten, listed outside the database: a restored older backup forgets it again.

One file for each deletion beside the anchors, signed like them, with numbers only. It is written
before the database commits the batch it tells of, and written anew with the next one.
"""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from recoup.core.refusals import Refused
from recoup.foundation import audit, db
from recoup.foundation.audit import Act, anchoring, signing
from recoup.modules.privacy.rules import DataKind

NAME = "erased-{run}.json"
DONE = """
SELECT kind, subject_id, lender_id, done_at FROM privacy_erasureitem
 WHERE run_id = %(run_id)s AND state = 'DONE' ORDER BY id
"""
PEOPLE = (DataKind.OBLIGOR, DataKind.THIRD_PERSON)
# What forgets each kind; the database's owner alone may call them.
FORGETS: dict[str, tuple[DataKind, ...]] = {
    "access_forget_people": PEOPLE,
    "access_forget_words": (DataKind.NOTES,),
    "access_forget_call_notes": (DataKind.NOTES,),
    "access_forget_vehicles": (DataKind.VEHICLE,),
    "access_forget_refused_rows": (DataKind.QUARANTINE,),
}


class ListUnproved(Refused):
    """Whoever can write a file must not be able to have people forgotten."""

    code = "privacy_erased_list_unproved"
    message = "%(file)s is not a list of ours, or was changed; nothing of it was forgotten."


@dataclass(frozen=True, slots=True)
class Erased:
    """Something that was forgotten, and when."""

    run: int
    kind: DataKind
    subject_id: int
    lender_id: int
    at: datetime


def keep(run_id: int) -> Path:
    """Write the list of a deletion, all that it has done so far; inside its transaction."""
    items = [
        [row["kind"], row["subject_id"], row["lender_id"], row["done_at"].isoformat()]
        for row in db.ask(DONE, {"run_id": run_id})
    ]
    text = json.dumps({"erased": run_id, "items": items}, separators=(",", ":"))
    is_first = not db.ask(anchoring.LAST) and not anchoring.kept_outside()
    key = signing.load_key(anchoring.key_file(), may_make=is_first)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    folder = anchoring.folder()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME.format(run=run_id)
    half = file.with_suffix(".part")
    with half.open("w") as out:
        out.write(json.dumps({"text": text, "signature": signature}))
        out.flush()
        os.fsync(out.fileno())
    return half.rename(file)


def since(moment: datetime, folder: Path) -> list[Erased]:
    """What the lists in a folder say was forgotten after a moment. Raises ListUnproved."""
    files = sorted(folder.glob(NAME.format(run="*")))
    return [item for file in files for item in _read(file) if item.at > moment]


def _read(file: Path) -> Iterator[Erased]:
    try:
        kept = json.loads(file.read_text())
        text = kept["text"]
        public = signing.load_key(anchoring.key_file(), may_make=False).public_key()
        if not signing.is_signed(public, text, base64.b64decode(kept["signature"])):
            raise ListUnproved(file=str(file))
        said = json.loads(text)
        for kind, subject_id, lender_id, at in said["items"]:
            moment = datetime.fromisoformat(at)
            yield Erased(said["erased"], DataKind(kind), subject_id, lender_id, moment)
    except (ValueError, KeyError, TypeError) as error:
        raise ListUnproved(file=str(file)) from error


@db.use_case()
def forget_again(items: list[Erased]) -> int:
    """Forget in a restored database what had been forgotten after its backup; how many items.

    As the database's owner, before anybody works with it: numbers given anew later are others'.
    """
    with connection.cursor() as cursor:
        for function, kinds in FORGETS.items():
            subjects = [item.subject_id for item in items if item.kind in kinds]
            if subjects:
                cursor.execute(f"SELECT {function}(%s::bigint[])", [subjects])
    if items:
        runs = sorted({item.run for item in items})
        facts = {"items": len(items), "runs": runs, "again": True}
        audit.record(Act.PERSON_FORGOTTEN, "erasure_run", None, facts=facts)
    return len(items)
