"""The custody trail: who brought a file, who read which part of it, who erased it and why."""

from recoup.foundation.filestore.queries import FileRow


def stored(row: FileRow) -> None:
    """A file was filed."""


def read(row: FileRow, start: int, stop: int | None) -> None:
    """A file, or a part of it, was given out."""


def erased(row: FileRow, reason: str) -> None:
    """A file was erased."""
