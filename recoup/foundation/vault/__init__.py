"""Personal data sealed per field: envelope encryption, blind indexes, keys that can be changed.

Sealed bytes are opened only for somebody who is let in; lists show the masked form beside them.
"""

from recoup.foundation.vault.envelope import Sealer
from recoup.foundation.vault.sealing import (
    Indexer,
    index,
    indexer,
    open_all,
    open_bytes,
    seal,
    sealer,
    seen_indexers,
)
from recoup.foundation.vault.sealing import open_text as open  # noqa: A004 - vault.open reads best

__all__ = [
    "Indexer",
    "Sealer",
    "index",
    "indexer",
    "open",
    "open_all",
    "open_bytes",
    "seal",
    "sealer",
    "seen_indexers",
]
