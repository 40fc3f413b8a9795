"""Zhou Fang takes a list out: Cao lets her, and the file names her wherever it goes."""

import csv
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recoup.foundation.access.context import as_system
from recoup.foundation.access.roles import Role
from recoup.interfaces.worker import export_tasks
from recoup.modules.exports import tracing
from recoup.modules.exports.models import Export, RowLimit
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import FRIDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH, CHINESE
from tests.support.roles import working_as

pytestmark = pytest.mark.browser
# Where to keep pictures of the pages, for those who look at them.
PICTURES = os.environ.get("RECOUP_PICTURES", "")


def picture(desk, name: str) -> None:
    if PICTURES:
        size = desk.page.viewport_size["width"]
        desk.page.screenshot(path=f"{PICTURES}/{name}-{desk.words.html}-{size}.png")


@pytest.fixture
def friday(house, clock, tmp_path, settings):
    """A night over two cases in yuan; whoever leads may take one row alone."""
    settings.MEDIA_ROOT = tmp_path / "files"
    people.liu_min()
    leader = people.everybody_else()["zhou"]
    leader.cao = make.make_collector("cao_yu", "曹玉", "COMPLIANCE", employee_number="4004")
    people.zhao_8_days()
    people.wang_38_days()
    clock.night_passes(FRIDAY)
    RowLimit.objects.filter(role="LEADER").update(alone=1)
    return leader


def worker_makes(export_id: int) -> None:
    with working_as(Role.WORKER):
        export_tasks.prepare_export(export_id=export_id)


def ask(desk, reason: str):
    desk.opens("/exports")
    desk.page.locator("#id_reason").fill(reason)
    desk.page.locator("#ask button.primary").click()
    return desk


def test_a_list_above_her_limit_needs_cao_and_its_leak_names_her(friday, sit_down, tmp_path):
    zhou = ask(sit_down(friday, CHINESE, has_second_factor=True), "每月向委托方报告")
    expect(zhou.page.locator("#own")).to_contain_text("待第二人审批")
    picture(zhou, "exports-waiting")

    cao = sit_down(friday.cao, CHINESE, has_second_factor=True).opens("/exports/decisions")
    cao.page.locator("#waiting input[name=reason]").fill("合同约定的月报")
    picture(cao, "exports-decisions")
    cao.page.get_by_role("button", name="批准").click()
    expect(cao.page.locator("#waiting")).to_contain_text("没有待审批的导出")
    worker_makes(Export.objects.get().pk)

    zhou.opens("/exports")
    with zhou.page.expect_download() as fetched:
        zhou.page.get_by_role("link", name="下载").click()
    file = tmp_path / "leaked.csv"
    fetched.value.save_as(file)

    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert "周芳" in rows[0][0]
    assert rows[0] == rows[-1]
    part = tmp_path / "part.csv"
    with part.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerow(rows[3])
    with as_system("test"):
        (hit, *_) = tracing.trace(part)
    assert (hit.export.asked_name, hit.is_proved) == ("周芳", True)


def test_on_the_third_day_the_link_is_gone(friday, sit_down, clock):
    RowLimit.objects.filter(role="LEADER").update(alone=100)
    zhou = ask(sit_down(friday, CHINESE, has_second_factor=True), "每月向委托方报告")
    expect(zhou.page.locator("#own tbody tr")).to_have_count(1)
    worker_makes(Export.objects.get().pk)
    expect(zhou.opens("/exports").page.get_by_role("link", name="下载")).to_be_visible()

    Export.objects.update(expires_at=clock.at)
    with as_system("test"), working_as(Role.WORKER):
        export_tasks.services.expire(at=clock.at)

    expect(zhou.opens("/exports").page.locator("#own")).to_contain_text("已过期")
    expect(zhou.page.get_by_role("link", name="下载")).to_have_count(0)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_the_pages_are_readable_by_everybody_with_the_watermark_over_them(
    friday, sit_down, words, size
):
    zhou = ask(sit_down(friday, words, size, has_second_factor=True), "monthly report to them")
    expect(zhou.page.locator("#own tbody tr")).to_have_count(1)
    zhou.fits()
    found = grave_findings(zhou.page)
    picture(zhou, "exports")
    cao = sit_down(friday.cao, words, size, has_second_factor=True).opens("/exports/decisions")
    cao.fits()
    picture(cao, "decisions")
    found += grave_findings(cao.page)

    assert not found, "\n".join(found)
    mark = cao.page.locator("body > picture > img.watermark")
    assert mark.evaluate("image => image.complete && image.naturalWidth > 0")
    assert mark.evaluate("image => getComputedStyle(image).pointerEvents") == "none"


def test_on_paper_every_page_says_who_printed_it(friday, sit_down, tmp_path):
    zhou = sit_down(friday, CHINESE, has_second_factor=True).opens("/cases")
    zhou.page.emulate_media(media="print")

    mark = zhou.page.locator("body > picture > img.watermark")
    assert mark.evaluate("image => getComputedStyle(image).position") == "fixed"
    assert mark.is_visible()
    printed = tmp_path / "cases.pdf"
    zhou.page.pdf(path=str(printed))
    assert Path(printed).stat().st_size > 1000
