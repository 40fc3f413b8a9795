"""The sources of the pages: every text is translated, and nothing runs that we did not send."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.interfaces.ui.texts import texts

INTERFACES = Path(__file__).resolve().parents[3] / "recoup" / "interfaces"
OURS = ("session", "worklist", "team", "gallery", "search")
CATALOGUE = INTERFACES / "ui/locale/zh_Hans/LC_MESSAGES/django.po"
TEMPLATES = sorted(INTERFACES.glob("**/templates/**/*.html"))
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\s(style|on[a-z]+)=[\"']|javascript:", re.IGNORECASE
)
ELSEWHERE = re.compile(r"(src|href)=[\"'](https?:)?//", re.IGNORECASE)


def sources() -> list[Path]:
    pages = [p for name in OURS for p in INTERFACES.glob(f"web/templates/web/{name}/*.html")]
    views = [INTERFACES / "web" / "views" / f"{name}.py" for name in OURS]
    doors = [INTERFACES / "web" / name for name in ("shell.py", "contact_words.py")]
    return [
        *INTERFACES.glob("ui/**/*.html"),
        *INTERFACES.glob("ui/**/*.py"),
        *pages,
        *views,
        *doors,
    ]


def test_every_text_of_ours_has_a_chinese_one_with_the_same_placeholders():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    missing = []
    for file, (context, text), plural in texts(sources()):
        found = catalogue.get(text, context or None)
        chinese = found and (found.string[0] if plural else found.string)
        if not chinese or placeholders(chinese) != placeholders(text):
            missing.append((file.name, text))
    assert not missing


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_style_or_handler_and_nothing_from_elsewhere(template):
    text = template.read_text()
    assert not INLINE.search(text)
    assert not ELSEWHERE.search(text)
