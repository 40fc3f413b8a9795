"""A file as a path, for readers that need to jump about in it (spreadsheets, Parquet).

The copy has no name: only this process has it, and with the process it is gone, also by kill -9.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from recoup.foundation.filestore import services


@contextmanager
def plain_copy(file_id: int) -> Iterator[Path]:
    """The whole file, verified to its end before the first byte is read.

    Raises what `services.read` raises.
    """
    reading = services.read(file_id)
    folder = Path(settings.VAR) / "tmp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as copy:
        for piece in reading.pieces:
            copy.write(piece)
        copy.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{copy.fileno()}")
