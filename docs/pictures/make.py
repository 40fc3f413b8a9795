"""Take the pictures of the README from a running Recoup with the sample portfolio.

    make run                       # in another terminal
    python -m docs.pictures.make [--user zhang] [--address http://127.0.0.1:8000]

Needs Playwright and a Chromium of the system (`make test` says how to get one). The worklist and
the first case in CNY, in both languages, as they are: names and numbers masked, data marked
synthetic.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from recoup.interfaces.cli.folder import DEMO_PASSWORD

HERE = Path(__file__).parent
SIZE: ViewportSize = {"width": 1366, "height": 900}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def main() -> None:
    """Sign in once per language and take both pictures."""
    given = arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
        )
        for short, language in LANGUAGES.items():
            take(browser, given, short, language)
        browser.close()


def arguments() -> argparse.Namespace:
    """Where Recoup runs and who signs in."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="zhang")
    parser.add_argument("--password", default=DEMO_PASSWORD)
    parser.add_argument("--case", default="", help="the case's address, else the first one in CNY")
    return parser.parse_args()


def take(browser: Browser, given: argparse.Namespace, short: str, language: str) -> None:
    """The worklist and a case in one language."""
    context = browser.new_context(viewport=SIZE, device_scale_factor=1.5, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, given)
    choose_language(page, language)
    page.goto(given.address + "/")
    page.screenshot(path=HERE / f"worklist-{short}.png")
    in_yuan = page.locator("tr", has_text="¥").locator("a.rowlink")
    case = given.case or in_yuan.first.get_attribute("href")
    page.goto(given.address + str(case), wait_until="networkidle")
    page.screenshot(path=HERE / f"case-{short}.png")
    context.close()


def sign_in(page: Page, given: argparse.Namespace) -> None:
    """Through the sign-in page, as anybody does."""
    page.goto(given.address + "/login")
    page.fill("#id_username", given.user)
    page.fill("#id_password", given.password)
    page.locator("form", has=page.locator("#id_password")).locator("button.primary").click()
    page.wait_for_url(given.address + "/")


def choose_language(page: Page, language: str) -> None:
    """By the form every page carries; it offers the other language only."""
    other = page.locator(f"button[name=language][value={language}]")
    if other.count():
        other.first.click()
        page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
