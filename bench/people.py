"""The drawn people as the product keeps them: sealed, masked and indexed under keys of the bench.

The key-encrypting key is no secret: nobody drawn here exists. The product's processes get it by
RECOUP_KEK (see `server.environment`).
"""

import base64
import hashlib
from collections.abc import Iterable

import numpy as np
import psycopg

from bench.binary_copy import Column
from recoup.foundation.vault.data_keys import bound
from recoup.foundation.vault.envelope import Sealer
from recoup.foundation.vault.keyring import OwnKey
from recoup.foundation.vault.rules import Purpose
from recoup.foundation.vault.sealing import Indexer
from recoup.modules.parties.sealing import Kept, PersonalData

KEK = base64.b64encode(hashlib.sha256(b"recoup bench").digest()).decode()
_MAKE = """
INSERT INTO vault_datakey (lender_id, purpose, keeper, wrapped)
VALUES (%s, %s, %s, %s) RETURNING id
"""


def keys(connection: psycopg.Connection, lender_ids: Iterable[int]) -> dict[int, PersonalData]:
    """Data keys for the lenders, and what seals under them."""
    return {lender: _of_lender(connection, lender) for lender in lender_ids}


def _of_lender(connection: psycopg.Connection, lender_id: int) -> PersonalData:
    keeper = OwnKey(base64.b64decode(KEK))
    numbers, plain = [], []
    for purpose in (Purpose.SEAL, Purpose.INDEX):
        key = hashlib.sha256(f"{lender_id}|{purpose}".encode()).digest()
        wrapped = keeper.wrap(key, bound(lender_id, purpose))
        row = connection.execute(_MAKE, [lender_id, purpose.value, keeper.name, wrapped]).fetchone()
        assert row is not None
        numbers.append(int(row[0]))
        plain.append(key)
    return PersonalData(Sealer(lender_id, numbers[0], plain[0]), Indexer(numbers[1], plain[1]))


def columns(name: str, kept: list[Kept]) -> dict[str, Column]:
    """The three columns of a personal value."""
    sealed, masked, index = zip(*kept, strict=True)
    return {
        f"{name}_sealed": _bytes(sealed),
        f"{name}_masked": Column("text", np.array([text.encode() for text in masked])),
        f"{name}_index": _bytes(index),
    }


def _bytes(values: tuple[bytes, ...]) -> Column:
    return Column("bytea", np.array(values), sizes=np.array([len(value) for value in values]))
