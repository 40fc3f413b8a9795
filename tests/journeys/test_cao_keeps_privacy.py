"""Cao Yu keeps privacy: Chen asks for her data, Wang's time is up, and four eyes see it."""

import os

import pytest
from playwright.sync_api import expect

from recoup.foundation.access.roles import Role
from recoup.interfaces.worker import privacy_tasks
from recoup.modules.parties.models import Party
from recoup.modules.privacy.models import ErasureRun
from tests.journeys.accessibility import grave_findings
from tests.journeys.sizes import LAPTOP, PHONE
from tests.journeys.words import BOTH, CHINESE
from tests.modules.privacy.conftest import Archive
from tests.support.roles import working_as

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("RECOUP_PICTURES", "")


def picture(desk, name: str) -> None:
    if PICTURES:
        size = desk.page.viewport_size["width"]
        path = f"{PICTURES}/{name}-{desk.words.html}-{size}.png"
        desk.page.screenshot(path=path, full_page=True)


@pytest.fixture
def archive(house, clock, tmp_path, settings) -> Archive:
    settings.MEDIA_ROOT = tmp_path
    return Archive()


def test_chen_asks_proves_who_she_is_and_gets_her_file(archive, sit_down):
    desk = sit_down(archive.cao, CHINESE, has_second_factor=True).opens("/privacy")
    desk.page.locator("#number").fill("AF2022-1")
    desk.page.get_by_role("button", name="查找").click()
    desk.page.get_by_role("link", name="陈*").click()
    desk.page.locator("#detail").fill("请告诉我你们有我的什么信息")
    desk.page.locator("#receive button.primary").click()
    picture(desk, "privacy-person")
    desk.page.get_by_role("link", name="查阅、复制本人信息").click()
    desk.page.get_by_role("button", name="确系本人").click()
    picture(desk, "privacy-request")

    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("button", name="生成副本").click()

    assert fetched.value.suggested_filename.endswith(".zip")
    desk.page.locator("#answer-text").fill("已当面交付副本")
    desk.page.locator("#answer button.primary").click()
    expect(desk.page.locator("h1 + .pill")).to_contain_text("已答复")


def test_what_cao_lists_song_lets_go_and_it_is_gone(archive, sit_down):
    cao = sit_down(archive.cao, CHINESE, has_second_factor=True).opens("/privacy/retention")
    cao.page.get_by_role("button", name="列出到期信息").click()
    with working_as(Role.WORKER):
        privacy_tasks.list_due(run_id=ErasureRun.objects.get().pk)
    cao.opens("/privacy/retention")
    expect(cao.page.locator("#runs")).to_contain_text("须第二人决定")
    expect(cao.page.get_by_role("button", name="永久删除")).to_have_count(0)
    picture(cao, "privacy-retention")

    song = sit_down(archive.song, CHINESE, has_second_factor=True).opens("/privacy/retention")
    song.page.get_by_role("button", name="永久删除").click()
    expect(song.page.locator("#runs")).to_contain_text("进行中")
    with working_as(Role.WORKER):
        privacy_tasks.forget(run_id=ErasureRun.objects.get().pk)

    expect(song.opens("/privacy/retention").page.locator("#runs")).to_contain_text("完成")
    assert Party.objects.get(pk=archive.wang).name_masked == "***"


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.html)
def test_the_pages_are_readable_by_everybody(archive, sit_down, words, size):
    archive.listed()
    desk = sit_down(archive.cao, words, size, has_second_factor=True)
    found = []
    for name, place in (
        ("requests", "/privacy?number=AF2022-1"),
        ("person", f"/privacy/people/{archive.chen}"),
        ("retention", "/privacy/retention"),
        ("registers", "/privacy/registers"),
    ):
        desk.opens(place).fits()
        picture(desk, f"privacy-{name}")
        found += [f"{place}: {finding}" for finding in grave_findings(desk.page)]
    assert not found, "\n".join(found)
