"""A browser that runs no scripts: the same work, plainer."""

import pytest
from playwright.sync_api import expect

from recoup.modules.comms.models import Call
from tests.journeys import portfolio as people
from tests.journeys.portfolio import FRIDAY
from tests.journeys.words import CHINESE

pytestmark = pytest.mark.browser


def test_a_call_is_logged_and_the_next_case_taken(house, clock, sit_down):
    liu = people.liu_min()
    people.wang_38_days()
    people.zhao_8_days()
    clock.night_passes(FRIDAY)
    desk = sit_down(liu, CHINESE, java_script_enabled=False).opens("/")
    desk.button("下一件").click()
    desk.is_on_the_case_of("王*强")

    desk.page.get_by_role("radio", name="承诺还款").check()
    desk.page.get_by_label("备注").fill("周五付")
    desk.button("保存并下一件").click()
    desk.reads(CHINESE.identity_first, at="#composer").is_on_the_case_of("王*强")
    expect(desk.page.get_by_label("备注")).to_have_value("周五付")
    assert not Call.objects.exists()

    desk.page.get_by_label("已核实身份").check()
    desk.button("保存并下一件").click()
    desk.is_on_the_case_of("赵*").reads("通话已保存", at="#notices")
    desk.page.get_by_role("radio", name="无人接听").check()
    desk.page.get_by_role("button", name="保存", exact=True).click()
    desk.is_on_the_case_of("赵*").reads("无人接听", at="#history")
    assert Call.objects.count() == 2
    desk.button("下一件").click()
    desk.reads(CHINESE.worklist_done)


def test_a_payment_is_tried_and_posted(house, clock, sit_down):
    people.liu_min()
    wang = people.wang_38_days()
    clock.night_passes(FRIDAY)
    chen = people.everybody_else()["chen"]
    desk = sit_down(chen, CHINESE, java_script_enabled=False).opens_account(wang.contract_id)
    desk.page.get_by_label("金额").fill("5471.82")
    desk.button("试算冲账").click()
    desk.reads("5,413.23")
    desk.opens_account(wang.contract_id).page.get_by_label("金额").fill("5471.82")
    desk.button("入账").click()
    desk.reads("5,413.23", at="#overdue")
