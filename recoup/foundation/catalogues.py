"""Translations, compiled: every `django.po` below the package becomes the `.mo` Django reads.

Compiled files are not kept in the repository: whoever runs, checks or tests compiles them first.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

PACKAGE = Path(__file__).resolve().parents[1]


class CatalogueBroken(Exception):
    """A catalogue cannot be read; the message names the file and the reason."""


def catalogues(below: Path = PACKAGE) -> list[Path]:
    """Every catalogue's source below a folder."""
    return sorted(below.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_all(below: Path = PACKAGE) -> list[Path]:
    """Compile the catalogues that changed since they were compiled; return those."""
    return [source for source in catalogues(below) if _compile(source)]


def _compile(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    changed = source.stat().st_mtime_ns
    if compiled.exists() and compiled.stat().st_mtime_ns == changed:
        return False
    half = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    try:
        with source.open("rb") as text, half.open("wb") as out:
            write_mo(out, read_po(text, abort_invalid=True))
    except (PoFileError, ValueError) as error:
        half.unlink()
        raise CatalogueBroken(f"{source}: {error}") from error
    os.utime(half, ns=(changed, changed))
    half.rename(compiled)
    return True


if __name__ == "__main__":
    for name in compile_all():
        sys.stdout.write(f"{name.relative_to(PACKAGE.parent)}\n")
