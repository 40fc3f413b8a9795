"""What axe finds on a page: nothing serious, nothing critical."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": WCAG, "resultTypes": ["violations"]}
_AXE = Axe()


def grave_findings(page: Page) -> list[str]:
    """Rule, what it says, and where: for each serious or critical finding."""
    found = _AXE.run(page, options=OPTIONS).response["violations"]
    return [_in_words(finding) for finding in found if finding["impact"] in GRAVE]


def _in_words(finding: dict[str, Any]) -> str:
    nodes = [f"  {n['html'][:160]} {n.get('failureSummary', '')[:200]}" for n in finding["nodes"]]
    return "\n".join([f"{finding['id']} ({finding['impact']}): {finding['help']}", *nodes[:5]])
