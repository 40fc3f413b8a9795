"""Every text our pages and tags hand to gettext, read from the sources."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

Text = tuple[str, str]  # context ("" for none) and singular
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def texts(files: list[Path]) -> Iterator[tuple[Path, Text, str]]:
    """File, text, and its plural ("" for none)."""
    for file in files:
        source = file.read_text()
        code = _flat(templatize(source)) if file.suffix == ".html" else source
        for _, message, _, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            forms = (message,) if isinstance(message, str) else message
            yield file, (context or "", forms[0]), forms[1] if len(forms) > 1 else ""


def _flat(code: str) -> str:
    """A template's code keeps the template's indentation, which Python would not read."""
    return "\n".join(line.strip() for line in code.splitlines())
