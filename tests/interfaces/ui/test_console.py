"""The keyboard in a real browser: keys press what shows them, and do not disturb typing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
CONSOLE = Path(__file__).resolve().parents[3] / "recoup/interfaces/ui/static/ui/console.js"
PAGE = """
<input id="search" data-key="/" value="王">
<button id="next" data-key="n">Next</button>
<button id="off" data-key="p" disabled>Previous</button>
<button id="gone" data-key="n" hidden>Hidden</button>
<label><input type="radio" name="result" value="NO_ANSWER" data-key="7">No answer</label>
<form id="form">
<textarea id="note"></textarea><button id="save" data-key="mod+enter">Save</button></form>
<table class="rows"><tr><td><a class="rowlink" href="#1">1</a></td></tr>
<tr><td><a class="rowlink" href="#2">2</a></td></tr></table>
<button data-dialog="keys" data-key="?">Keys</button>
<dialog id="keys"><button id="inside" data-key="n">Inside</button></dialog>
<div id="toasts" data-lost="Nothing was saved" data-failed="Wrong" data-signed-out="Out"></div>
<script>
  window.pressed = [];
  document.addEventListener("click", (e) => e.target.id && window.pressed.push(e.target.id));
  document.getElementById("form").addEventListener("submit", (e) => {
    if (!e.defaultPrevented) { window.pressed.push("sent"); e.preventDefault(); }
  });
</script>
"""


@pytest.fixture
def console(page: Page) -> Page:
    page.set_content(PAGE)
    page.add_script_tag(path=str(CONSOLE))
    return page


def pressed(page: Page) -> list[str]:
    return page.evaluate("window.pressed")


def test_slash_goes_to_the_search_and_selects_what_is_there(console):
    console.keyboard.press("/")
    expect(console.locator("#search")).to_be_focused()
    console.keyboard.type("陈n7")
    expect(console.locator("#search")).to_have_value("陈n7")
    assert pressed(console) == []


def test_n_presses_next_in_either_case_and_not_what_is_hidden(console):
    console.keyboard.press("n")
    console.keyboard.press("N")
    assert pressed(console) == ["next", "next"]


def test_a_disabled_button_is_not_pressed(console):
    console.keyboard.press("p")
    assert pressed(console) == []


def test_a_digit_chooses_a_result(console):
    console.keyboard.press("7")
    expect(console.locator("[value=NO_ANSWER]")).to_be_checked()


def test_escape_leaves_a_field_and_keys_work_again(console):
    console.locator("#note").fill("会还")
    console.keyboard.press("n")
    expect(console.locator("#note")).to_have_value("会还n")
    console.keyboard.press("Escape")
    console.keyboard.press("n")
    assert pressed(console) == ["next"]


def test_control_enter_saves_from_inside_a_field(console):
    console.locator("#note").focus()
    console.keyboard.press("Control+Enter")
    assert "save" in pressed(console)


def test_with_a_modifier_a_letter_is_the_browsers(console):
    console.keyboard.press("Alt+n")
    assert pressed(console) == []


def test_rows_are_walked_by_j_and_k(console):
    for key in ("j", "j", "j", "k"):
        console.keyboard.press(key)
    expect(console.locator(".rowlink").first).to_be_focused()


def test_in_a_dialog_keys_belong_to_the_dialog(console):
    console.keyboard.press("?")
    expect(console.locator("#keys")).to_be_visible()
    console.keyboard.press("n")
    assert pressed(console) == ["inside"]


def test_a_lost_connection_is_said(console):
    console.evaluate("document.dispatchEvent(new Event('htmx:sendError'))")
    expect(console.locator("#toasts .notice")).to_have_text("Nothing was saved")
