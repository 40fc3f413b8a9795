"""Ma Li, data intake: hands over a lender's file with three bad rows, then the same file again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from recoup.foundation.filestore.models import File
from recoup.modules.contracts.models import Contract
from recoup.modules.intake.models import Batch
from tests import factories as make
from tests.journeys import portfolio as people
from tests.journeys.words import BOTH
from tests.journeys.workshop import worker_at_work

pytestmark = pytest.mark.browser

CONTRACTS = """\
合同号,借款人客户号,借款人姓名,贷款本金,年利率,期限,首期应还日
AD-0001,K1,李雷,120000.00,8.4,24,2024-02-29
AD-0002,K2,韩梅,60000.00,8.4,12,2024-02-30
AD-0003,K3,王芳,80000.00,8.4,24,2024-03-15
AD-0004,K4,张伟,八万,8.4,24,2024-03-15
AD-0005,,赵敏,90000.00,8.4,36,2024-03-20
"""


@pytest.fixture
def ma(house, settings, tmp_path):
    """Her lender is known; a worker is at work."""
    settings.MEDIA_ROOT = tmp_path / "files"
    make.make_lender()
    make.make_lender("baoyuan", "宝源融资租赁")
    clerk = people.everybody_else()["ma"]
    with worker_at_work(tmp_path):
        yield clerk


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "安达合同.csv"
    path.write_text(CONTRACTS, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_good_rows_go_in_bad_ones_say_why_and_the_same_file_changes_nothing(
    ma, file, sit_down, words
):
    desk = sit_down(ma, words).opens("/")
    desk.page.get_by_role("link", name=words.data_intake).click()
    hands_over(desk, file)
    desk.reads("200,000.00", at="#totals")
    quarantine = desk.page.locator("#quarantine tbody tr")
    expect(quarantine).to_have_count(3)
    expect(quarantine.filter(has_text="2024-02-30")).to_contain_text(words.no_such_day)
    expect(quarantine.filter(has_text="八万")).to_contain_text(words.not_an_amount)
    assert sorted(Contract.objects.values_list("number", flat=True)) == ["AD-0001", "AD-0003"]
    with desk.page.expect_download() as download:
        desk.page.locator("#quarantine a[download]").click()
    assert "2024-02-30" in download.value.path().read_text(encoding="utf-8-sig")

    desk.opens("/intake")
    hands_over(desk, file)
    expect(desk.page.locator("#counts .value")).to_have_text(["5", "0", "2", "3"])
    assert Contract.objects.count() == 2


def hands_over(desk, file):
    """Choose the file, look at its columns, take it in, and watch it go through."""
    desk.page.locator("#id_lender").select_option(label="安达汽车金融")
    desk.page.locator("#id_kind").select_option("contracts")
    desk.page.locator("#id_file").set_input_files(file)
    desk.page.locator("#upload .primary").click()
    desk.reads("AD-0002", at="#preview").fits()
    desk.page.locator("#mapping .primary").click()
    expect(desk.page.locator("#totals")).to_be_visible(timeout=30_000)
    desk.fits()


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_a_file_that_is_no_table_is_refused_and_changes_nothing(ma, tmp_path, sit_down, words):
    broken = tmp_path / "合同.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is not a workbook")
    desk = sit_down(ma, words).opens("/intake")
    expect(desk.page.locator("#id_lender")).to_have_value("")
    desk.page.locator("#id_lender").select_option("anda")
    desk.page.locator("#id_file").set_input_files(broken)
    desk.page.locator("#upload .primary").click()
    desk.reads(words.save_it_as, at="#upload [role=alert]").fits()
    desk.reads(words.nothing_taken_in, at="#upload [role=alert]")
    assert not Batch.objects.exists()
    assert not File.objects.exists()
    assert not Contract.objects.exists()
