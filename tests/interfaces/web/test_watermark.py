"""Every page carries, faintly, whose screen it is; login does not, and nothing runs in it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from recoup.interfaces.web.views.watermark import INK_ON_DARK, INK_ON_LIGHT, STRENGTH
from tests.factories import AT_TEN
from tests.interfaces.web.mornings import make_morning, signed_in

pytestmark = pytest.mark.django_db
TOKENS = Path("recoup/interfaces/ui/static/ui/tokens.css")
# Text and what it stands on, the palest of each kind.
PAIRS = (
    ("ink-3", "surface"), ("ink-3", "surface-2"), ("ink-3", "ground"), ("accent", "accent-soft"),
    ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("info", "info-soft"),
    ("accent-ink", "accent"),
)  # fmt: skip
SOURCE = re.compile(r'<img class="watermark" src="([^"]+)"')


@pytest.fixture
def morning(at_ten):
    return make_morning()


def test_the_picture_names_the_person_their_number_and_the_time(morning):
    answer = signed_in(morning.liu_min).get("/watermark.svg")

    text = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "刘敏 1042" in text
    assert "2026-11-20 10:00" in text
    assert "script" not in text
    assert "style" not in text


@pytest.mark.parametrize("page", ["/", "/cases", "/promises", "/search?q=AF"])
def test_every_page_asks_for_its_readers_picture_of_this_minute(morning, page):
    liu = SOURCE.search(signed_in(morning.liu_min).get(page).content.decode())[1]
    he = SOURCE.search(signed_in(morning.he_jie).get(page).content.decode())[1]
    with time_machine.travel(AT_TEN + timedelta(minutes=1), tick=False):
        later = SOURCE.search(signed_in(morning.liu_min).get(page).content.decode())[1]

    assert len({liu, he, later}) == 3, "no browser shows one of them for another"


def test_somebody_elses_address_still_shows_oneself(morning):
    text = signed_in(morning.he_jie).get(f"/watermark.svg?for={morning.liu_min.pk}-1")

    assert "何洁" in text.content.decode()
    assert "刘敏" not in text.content.decode()


def test_a_name_is_text_in_the_picture_whatever_it_is(morning):
    morning.liu_min.display_name = "</text><script>x</script>"
    morning.liu_min.save()

    assert "<script" not in signed_in(morning.liu_min).get("/watermark.svg").content.decode()


def test_each_dialog_of_a_page_carries_it_too(morning):
    case = f"/contracts/{morning.wang_38_days_late}/case"
    page = signed_in(morning.liu_min).get(case).content.decode()

    dialogs = re.findall(r"<dialog .*?</dialog>", page, re.DOTALL)
    assert len(dialogs) >= 3, "keys, hold, promise"
    assert {bool(SOURCE.search(dialog)) for dialog in dialogs} == {True}


def test_there_is_no_dialog_and_no_popover_but_of_the_kit():
    """Whatever lies above the page carries the mark: nothing else may lie there."""
    ours = {Path(f"recoup/interfaces/ui/templates/ui/{name}.html")
            for name in ("dialog", "dialog_reason")}  # fmt: skip
    found = {path for path in Path("recoup").rglob("templates/**/*.html")
             if re.search(r"<dialog|popover", path.read_text())}  # fmt: skip

    assert found == ours
    assert all("ui/watermark.html" in path.read_text() for path in ours)


def test_before_sign_in_there_is_none(client, db):
    assert "watermark" not in client.get("/login").content.decode()
    assert client.get("/watermark.svg").status_code == 302


def colours(css: str) -> dict[str, list[int]]:
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6})", css)
    return {name: [int(code[i : i + 2], 16) for i in (0, 2, 4)] for name, code in found}


def luminance(colour: list[float]) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [v / 255 for v in colour]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_below(ink: str, text: list[int], ground: list[int]) -> float:
    """The contrast of a text where a letter of the watermark lies over both."""
    over = [int(ink[i : i + 2], 16) for i in (1, 3, 5)]
    share = float(STRENGTH)
    seen = [[v * (1 - share) + o * share for v, o in zip(c, over, strict=True)]
            for c in (text, ground)]  # fmt: skip
    dark, light = sorted(map(luminance, seen))
    return (light + 0.05) / (dark + 0.05)


def test_every_text_keeps_its_contrast_below_the_watermark_in_light_and_dark():
    light, dark = TOKENS.read_text().split("@media")
    by_day = colours(light)
    by_night = by_day | colours(dark)

    for palette, ink in ((by_day, INK_ON_LIGHT), (by_night, INK_ON_DARK)):
        for text, ground in PAIRS:
            assert contrast_below(ink, palette[text], palette[ground]) >= 4.5, (text, ground, ink)


def test_a_dark_page_gets_a_light_picture(morning):
    dark = signed_in(morning.liu_min).get("/watermark.svg?for=1&on=dark").content.decode()

    assert f'fill="{INK_ON_DARK}"' in dark
