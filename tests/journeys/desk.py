"""What somebody at a desk does and sees, step by step. Steps return the desk, to go on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.journeys.witness import Witness
from tests.journeys.words import Words


class Desk:
    """A browser and the person before it."""

    def __init__(self, page: Page, words: Words, witness: Witness) -> None:
        self.page = page
        self.words = words
        self.witness = witness

    def opens(self, path: str) -> "Desk":
        """Type an address of ours."""
        self.page.goto(path)
        return self

    def opens_case(self, contract_id: int) -> "Desk":
        """The case page of a contract."""
        return self.opens(f"/contracts/{contract_id}/case")

    def opens_account(self, contract_id: int) -> "Desk":
        """The account page of a contract."""
        return self.opens(f"/contracts/{contract_id}/account")

    def signs_in(self, username: str, password: str) -> "Desk":
        """Fill in the sign-in page by keyboard: its first field has the focus."""
        expect(self.page.get_by_label(self.words.user_name)).to_be_focused()
        return self.types(username).presses("Tab").types(password).presses("Enter")

    def presses(self, *keys: str) -> "Desk":
        """Press keys, one after the other, wherever the focus is."""
        self.page.wait_for_load_state()
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def types(self, text: str) -> "Desk":
        """Type where the focus is, over what is selected there."""
        self.page.wait_for_load_state()
        self.page.keyboard.type(text)
        return self

    def tabs_to(self, target: Locator, at_most: int = 40) -> "Desk":
        """Go on with the tabulator until the focus is there, seen all the way."""
        for _ in range(at_most):
            self.presses("Tab")
            self.sees_the_focus()
            if target.evaluate("element => element === document.activeElement"):
                return self
        raise AssertionError(f"{target} is not reached with {at_most} tabs")

    def sees_the_focus(self) -> "Desk":
        """What has the focus, or the label around it, is outlined and on the screen."""
        seen = self.page.evaluate(
            """() => {
                const has = document.activeElement;
                // A day has fields of its own within, which the browser marks.
                if (!has || has === document.body || has.type === "date") return "";
                const drawn = [has, has.closest("label")].filter(Boolean)
                    .some((e) => getComputedStyle(e).outlineStyle !== "none");
                const box = has.getBoundingClientRect();
                const there = box.bottom > 0 && box.top < innerHeight && box.right > 0;
                return drawn && there ? "" : has.outerHTML.slice(0, 200);
            }"""
        )
        assert not seen, f"the focus is not seen on {seen}"
        return self

    def button(self, name: str) -> Locator:
        """A button by what stands on it."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}"))

    def reads(self, text: str | re.Pattern[str], at: str = "body") -> "Desk":
        """The words stand on the page, or in that part of it."""
        expect(self.page.locator(at)).to_contain_text(text)
        return self

    def does_not_read(self, text: str, at: str = "body") -> "Desk":
        """The words do not stand there."""
        expect(self.page.locator(at)).not_to_contain_text(text)
        return self

    def is_at(self, path: str) -> "Desk":
        """The address ends so."""
        expect(self.page).to_have_url(re.compile(re.escape(path) + "$"))
        return self

    def is_on_the_case_of(self, masked_name: str) -> "Desk":
        """The case page of somebody is open."""
        expect(self.page.locator("#case-head h1")).to_have_text(masked_name)
        return self

    def fits(self) -> "Desk":
        """Nothing makes the page as a whole scroll sideways, once it is laid out whole."""
        self.page.wait_for_load_state("load")
        wide, shown = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= shown, f"{self.page.url} is {wide} wide on {shown}"
        return self

    @contextmanager
    def on_the_same_page(self) -> Iterator[None]:
        """What is done within changes the page in place; no page is asked for."""
        before = self.witness.pages_asked
        self.page.evaluate("window.sameAsBefore = true")
        yield
        assert self.page.evaluate("window.sameAsBefore") is True
        assert self.witness.pages_asked == before

    def worklist(self) -> list[str]:
        """The names on the worklist, in order."""
        expect(self.page.locator("#worklist")).to_be_visible()
        return [name.strip() for name in self.page.locator("#worklist .rowlink").all_inner_texts()]

    def worklist_line(self, name: str) -> Locator:
        """The line of somebody on the worklist."""
        return self.page.locator("#worklist tbody tr").filter(has_text=name)

    def takes_the_next_case(self) -> "Desk":
        """N, on any page that has it."""
        expect(self.button(self.words.next_case)).to_be_visible()
        return self.presses("n")

    def says_the_result(self, digit: str) -> "Desk":
        """The digit of a result code."""
        self.presses(digit)
        expect(self.page.locator(f'[name=result][data-key="{digit}"]')).to_be_checked()
        return self

    def has_checked_the_identity(self) -> "Desk":
        """The key I."""
        self.presses("i")
        expect(self.page.get_by_label(self.words.identity_checked)).to_be_checked()
        return self

    def takes_a_promise(self, amount: str, day: str) -> "Desk":
        """Amount and day, as reached by the tabulator from the result codes."""
        self.tabs_to(self.page.locator("#amount")).types(amount)
        self.tabs_to(self.page.locator("#due-on"))
        self.page.locator("#due-on").fill(day)
        return self

    def notes(self, text: str) -> "Desk":
        """What the person said."""
        return self.tabs_to(self.page.locator("#note")).types(text)
