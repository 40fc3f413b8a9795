"""Nothing runs on our pages that we did not send: the content policy would stop it anyway."""

import re
from pathlib import Path

import pytest

INTERFACES = Path(__file__).resolve().parents[3] / "recoup" / "interfaces"
# A case taken along by an inspector is one file, read without us; no page of ours.
TAKEN_ALONG = INTERFACES / "inspection" / "templates" / "inspection" / "page.html"
TEMPLATES = sorted(set(INTERFACES.glob("**/templates/**/*.html")) - {TAKEN_ALONG})
INLINE = re.compile(  # data for a script is no script
    r"<style|<script(?![^>]*(\bsrc=|\btype=\"application/json\"))"
    r"|\s(style|on[a-z]+)=[\"']|javascript:",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(src|href)=[\"'](https?:)?//", re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_style_or_handler_and_nothing_from_elsewhere(template):
    text = template.read_text()
    assert not INLINE.search(text)
    assert not ELSEWHERE.search(text)


@pytest.mark.parametrize(
    "text",
    ['<p style="x">', "<a onclick='x'>", "<script>", "<style>", '<a href="javascript:x">'],
)
def test_what_is_inline_is_found(text):
    assert INLINE.search(text)
