"""The data keys of each lender: made when first needed, kept wrapped, unwrapped in memory only."""

import secrets
from functools import cache
from typing import Any

from django.db import connection

from recoup.foundation import db
from recoup.foundation.vault import keyring
from recoup.foundation.vault.envelope import KEY_BYTES
from recoup.foundation.vault.refusals import DataKeyUnknown
from recoup.foundation.vault.rules import Purpose

_ACTIVE = """
SELECT id, lender_id, purpose, keeper, wrapped FROM vault_datakey
 WHERE lender_id = %(lender_id)s AND purpose = %(purpose)s AND is_active
"""
_BY_ID = """
SELECT id, lender_id, purpose, keeper, wrapped FROM vault_datakey WHERE id = ANY(%(ids)s)
"""
_NOTHING_IS_SEALED = """
SELECT 1 WHERE current_user <> 'recoup_web' AND NOT EXISTS (SELECT FROM vault_datakey)
"""
_OF_PURPOSE = """
SELECT id, lender_id, purpose, keeper, wrapped FROM vault_datakey
 WHERE purpose = %(purpose)s ORDER BY lender_id, id DESC
"""
_MAKE = """
INSERT INTO vault_datakey (lender_id, purpose, keeper, wrapped)
VALUES (%(lender_id)s, %(purpose)s, %(keeper)s, %(wrapped)s)
    ON CONFLICT (lender_id, purpose) WHERE is_active DO NOTHING
"""


def active(lender_id: int, purpose: Purpose) -> tuple[int, bytes]:
    """The number and the plain bytes of the lender's key; the first call makes it."""
    asked = {"lender_id": lender_id, "purpose": purpose.value}
    rows = db.ask(_ACTIVE, asked)
    if not rows:
        make(lender_id, purpose)
        rows = db.ask(_ACTIVE, asked)
    if not rows:
        raise DataKeyUnknown(key=f"{lender_id}/{purpose}")
    return int(rows[0]["id"]), _plain(rows[0])


def make(lender_id: int, purpose: Purpose) -> None:
    """Make the lender's active key, unless another was quicker."""
    wrapper = ring().present
    key = secrets.token_bytes(KEY_BYTES)
    with connection.cursor() as cursor:
        cursor.execute(
            _MAKE,
            {
                "lender_id": lender_id,
                "purpose": purpose.value,
                "keeper": wrapper.name,
                "wrapped": wrapper.wrap(key, bound(lender_id, purpose)),
            },
        )


def by_id(key_id: int) -> tuple[int, bytes]:
    """The lender and the plain bytes of a key. Raises DataKeyUnknown."""
    rows = db.ask(_BY_ID, {"ids": [key_id]})
    if not rows:
        raise DataKeyUnknown(key=key_id)
    return int(rows[0]["lender_id"]), _plain(rows[0])


def index_keys() -> list[tuple[int, int, bytes]]:
    """Lender, number and bytes of every index key this reader can see; given up ones last."""
    rows = db.ask(_OF_PURPOSE, {"purpose": Purpose.INDEX.value})
    return [(int(row["lender_id"]), int(row["id"]), _plain(row)) for row in rows]


def ring() -> keyring.Ring:
    """The keepers at hand; a first key file is made only while nothing is sealed.

    Never by a web process: it sees the keys of its reader's lenders only, and so cannot tell.
    """
    return keyring.read(may_make=lambda: bool(db.ask(_NOTHING_IS_SEALED)))


def bound(lender_id: int, purpose: str) -> str:
    """What a wrapped key is bound to: it opens for no other lender and no other purpose."""
    return f"vault_datakey|{lender_id}|{purpose}"


def _plain(row: dict[str, Any]) -> bytes:
    about = bound(row["lender_id"], row["purpose"])
    return _unwrapped(row["keeper"], bytes(row["wrapped"]), about)


@cache
def _unwrapped(keeper: str, wrapped: bytes, about: str) -> bytes:
    """Remembered by what is wrapped, never by number: a key that was dropped is found no more."""
    return ring().keeper(keeper).unwrap(wrapped, about)
