"""Xu reads who saw a case, and Gao inspects it as it stood and takes the file along."""

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from recoup.interfaces.inspection.package import faults
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.accessibility import grave_findings
from tests.journeys.portfolio import SATURDAY
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import CHINESE, ENGLISH

pytestmark = pytest.mark.browser
SAID = {
    CHINESE: {"seen": "查看案件", "stood": "的状况", "who": "查看记录", "take": "导出为一个文件",
              "none": "权限范围内没有合同 NO-SUCH"},
    ENGLISH: {"seen": "Case seen", "stood": "as it stood on", "who": "Who saw it",
              "take": "Take along as one file",
              "none": "There is no contract NO-SUCH within your reach."},
}  # fmt: skip
PICTURES = os.environ.get("AUDIT_PICTURES", "")


def picture(desk, name):
    if PICTURES:
        desk.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", SAID, ids=lambda words: words.html)
def test_who_saw_a_case_is_read_and_the_case_taken_along(
    clock, sit_down, words, size, tmp_path: Path
):
    said, shape = SAID[words], f"{words.html}-{size['width']}"
    people.everybody_else()
    liu, wang = people.liu_min(), people.wang_38_days()
    clock.night_passes(SATURDAY)
    sit_down(liu, words, size).opens_case(wang.contract_id)

    auditor = make.make_collector("xu_cheng", "许诚", "AUDIT")
    xu = sit_down(auditor, words, size, has_second_factor=True).opens("/audit").fits()
    xu.page.locator("#contract").fill(wang.number)
    xu.page.locator("#events button").click()
    xu.reads(said["seen"], at="#events").reads("刘敏", at="#events").fits()
    assert not grave_findings(xu.page)
    picture(xu, f"audit-{shape}")
    xu.opens("/audit?contract=NO-SUCH").reads(said["none"]).fits()
    assert not grave_findings(xu.page)

    inspector = make.make_collector("gao_ming", "高明", "INSPECTOR", expires_on=date(2027, 1, 31))
    gao = sit_down(inspector, words, size, has_second_factor=True).opens("/inspection").fits()
    picture(gao, f"ask-{shape}")
    assert not grave_findings(gao.page)
    gao.page.locator("#number").fill(wang.number)
    gao.page.locator("#ask button.primary").click()
    gao.reads(said["stood"], at="h1").reads(said["who"]).fits()
    assert not grave_findings(gao.page)
    picture(gao, f"case-{shape}")
    with gao.page.expect_download() as downloading:
        gao.button(said["take"]).click()
    kept = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(kept)
    assert faults(kept.read_bytes()) == []

    folder = kept.name.removesuffix(".zip")
    with zipfile.ZipFile(kept) as opened:
        opened.extractall(tmp_path)
    assert "王小强" not in (tmp_path / folder / "case.html").read_text()
    if PICTURES:
        (Path(PICTURES) / f"file-{shape}.html").write_text(
            (tmp_path / folder / "case.html").read_text()
        )
