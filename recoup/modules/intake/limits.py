"""How large a file may be: data, so that a lender's practice can move it in one place."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds; what exceeds them is refused before it can hurt.

    `cell_chars` is Excel's own bound. `inflation` is how many times larger a packed part may
    become; spreadsheets of a million alike rows reach about 60.
    """

    file_bytes: int = 2048 * MEGABYTE
    line_bytes: int = 1 * MEGABYTE
    cell_chars: int = 32_767
    columns: int = 1_000
    zip_members: int = 2_000
    unpacked_bytes: int = 2048 * MEGABYTE
    shared_strings_bytes: int = 256 * MEGABYTE
    inflation: int = 200
    row_group_bytes: int = 512 * MEGABYTE
    batch_bytes: int = 128 * MEGABYTE


DEFAULT = Limits()
