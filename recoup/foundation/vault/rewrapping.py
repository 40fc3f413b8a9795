"""A new key-encrypting key: the data keys are wrapped anew, nothing that is sealed is touched."""

from dataclasses import dataclass

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import data_keys, keyring
from recoup.foundation.vault.refusals import NotOurKeyFile, OldKeyInUse

_OTHERS = """
SELECT id, lender_id, purpose, keeper, wrapped FROM vault_datakey
 WHERE keeper <> %(present)s ORDER BY id
"""
_SWAP = """
UPDATE vault_datakey SET keeper = %(present)s, wrapped = %(new)s
 WHERE id = %(id)s AND wrapped = %(old)s
"""
_COUNTS = """
SELECT keeper, purpose, is_active, count(*) AS keys FROM vault_datakey
 GROUP BY keeper, purpose, is_active ORDER BY keeper, purpose, is_active DESC
"""


@dataclass(frozen=True, slots=True)
class KeysOfKeeper:
    """How many data keys a KEK wraps."""

    keeper: str
    purpose: str
    is_active: bool
    keys: int


def rewrap() -> int:
    """Wrap every data key by the present KEK; how many were wrapped by another.

    Raises KeyMissing, KeyWrong, KmsFailed; what is done by then is done and stays readable.
    """
    present = data_keys.ring().present
    done = 0
    for row in db.ask(_OTHERS, {"present": present.name}):
        about = data_keys.bound(row["lender_id"], row["purpose"])
        old = bytes(row["wrapped"])
        key = data_keys.ring().keeper(row["keeper"]).unwrap(old, about)
        with connection.cursor() as cursor:
            cursor.execute(
                _SWAP,
                {
                    "present": present.name,
                    "new": present.wrap(key, about),
                    "id": row["id"],
                    "old": old,
                },
            )
            done += cursor.rowcount
    return done


def add_to_file() -> str:
    """Put a new key before the others in the key file; its name. Raises NotOurKeyFile."""
    file = keyring.key_file()
    ring = data_keys.ring()
    if not file.exists() or ring.present.name != keyring.first_in(file):
        raise NotOurKeyFile(file=str(file))
    keyring.put_first(file, keyring.new_key())
    return data_keys.ring().present.name


def forget_old() -> int:
    """Take the keys nobody needs out of the key file; how many. Raises OldKeyInUse."""
    present = data_keys.ring().present.name
    in_use = len(db.ask(_OTHERS, {"present": present}))
    if in_use:
        raise OldKeyInUse(count=in_use)
    file = keyring.key_file()
    if not file.exists() or present != keyring.first_in(file):
        raise NotOurKeyFile(file=str(file))
    return keyring.keep_first(file)


def keys_by_keeper() -> list[KeysOfKeeper]:
    """The data keys by who wraps them."""
    return [KeysOfKeeper(**row) for row in db.ask(_COUNTS)]
