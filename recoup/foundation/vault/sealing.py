"""Sealing, opening and finding again: what the modules use.

    vault.seal("王小强", lender_id=1, about="parties_party.name_sealed/P-7")
    vault.open(sealed, lender_id=1, about="parties_party.name_sealed/P-7")
    vault.index("王小强", lender_id=1, field="name")

For many values at once ask for a `sealer` and an `indexer` once and call them for each.
"""

import hmac
from collections.abc import Iterable

from recoup.foundation.access import context
from recoup.foundation.vault import data_keys
from recoup.foundation.vault.envelope import Sealer, key_of
from recoup.foundation.vault.refusals import NotYoursToOpen, SealBroken
from recoup.foundation.vault.rules import INSTALLATION, Purpose

INDEX_BYTES = 16  # of the digest


class Indexer:
    """Blind indexes of one lender: equal texts have equal ones, and without the key they say
    nothing."""

    __slots__ = ("_fields", "_head", "_key")

    def __init__(self, key_id: int, key: bytes) -> None:
        self._head = index_head(key_id)
        self._key = key
        self._fields: dict[str, bytes] = {}

    def index(self, plain: str, field: str) -> bytes:
        """The key's number, then HMAC-SHA256 under a key of this lender's and this field's own."""
        key = self._fields.get(field)
        if key is None:
            key = self._fields[field] = hmac.digest(self._key, field.encode(), "sha256")
        return self._head + hmac.digest(key, plain.encode(), "sha256")[:INDEX_BYTES]


def index_head(key_id: int) -> bytes:
    """The first bytes of every blind index made under a key: four, big-endian."""
    return key_id.to_bytes(4)


def sealer(lender_id: int) -> Sealer:
    """Seals under the lender's present key; ask for a new one per batch, not per process."""
    key_id, key = data_keys.active(lender_id, Purpose.SEAL)
    return Sealer(lender_id, key_id, key)


def indexer(lender_id: int) -> Indexer:
    """Makes the lender's blind indexes; whoever writes them holds `indexing.writing` meanwhile."""
    return Indexer(*data_keys.active(lender_id, Purpose.INDEX))


def seal(plain: str | bytes, *, lender_id: int, about: str) -> bytes:
    """One value, sealed. `about` is table.column/row, the same when it is opened."""
    return sealer(lender_id).seal(plain, about)


def open_bytes(sealed: bytes, *, lender_id: int, about: str) -> bytes:
    """What was sealed, if whoever asks serves the lender. Raises VaultRefused."""
    return open_all([(sealed, about)], lender_id=lender_id)[0]


def open_text(sealed: bytes, *, lender_id: int, about: str) -> str:
    """The text that was sealed. Raises VaultRefused."""
    return open_bytes(sealed, lender_id=lender_id, about=about).decode()


def open_all(several: Iterable[tuple[bytes, str]], *, lender_id: int) -> list[bytes]:
    """Several values of one lender, each with its `about`, asking for each key once.

    Raises NotYoursToOpen, DataKeyUnknown, SealBroken, KeyMissing, KeyWrong.
    """
    _refuse_strangers(lender_id)
    openers: dict[int, Sealer] = {}
    plain = []
    for sealed, about in several:
        value = bytes(sealed)
        key_id = key_of(value)
        if key_id not in openers:
            openers[key_id] = _opener(key_id, lender_id, about)
        plain.append(openers[key_id].open(value, about))
    return plain


def index(plain: str, *, lender_id: int, field: str) -> bytes:
    """The blind index of one text."""
    return indexer(lender_id).index(plain, field)


def seen_indexers() -> list[Indexer]:
    """The indexers of every lender whoever asks serves: for searching.

    While a lender's key changes there are two: what is not indexed anew is found by the old one.
    """
    access = context.current()
    return [
        Indexer(key_id, key)
        for lender, key_id, key in data_keys.index_keys()
        if access.system or lender in access.lender_ids
    ]


def _opener(key_id: int, lender_id: int, about: str) -> Sealer:
    owner, key = data_keys.by_id(key_id)
    if owner != lender_id:
        raise SealBroken(about=about)
    return Sealer(lender_id, key_id, key)


def _refuse_strangers(lender_id: int) -> None:
    """Opening needs somebody who is let in, and who serves this lender (or a named job)."""
    access = context.current()
    if access.system:
        return
    if access.user_id is None or lender_id not in (INSTALLATION, *access.lender_ids):
        raise NotYoursToOpen
