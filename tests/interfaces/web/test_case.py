"""The case page says who, what is owed and why, and what may be done now."""

import re

import pytest
import time_machine

from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.parties.models import Reveal, RevealLimit
from tests.factories import (
    AT_TEN,
    first_contact_point,
    make_case,
    make_collector,
    make_contract,
    make_finished_night,
    make_party,
    make_worklist_item,
)
from tests.interfaces.web.story import Morning, words

pytestmark = pytest.mark.django_db
IN_CLEAR = (
    "王小强",
    "13812346021",
    "310101199001011234",
    "1502室",
    "沪A58K21",
    "LSVAA4187E2184321",
)


def test_the_page_answers_whom_by_when_and_by_which_rules(morning):
    page = words(morning.client.get(morning.address()).text)

    assert "可以联系本人" in page
    assert "22:00 前" in page
    assert "0/3" in page
    assert "CN-TIME-001" in page
    assert "担保人 赵*敏: 暂不可 (债务人未失联)" in page


def test_nothing_personal_is_on_the_page_unless_asked_for(morning):
    page = morning.client.get(morning.address()).text

    assert [text for text in IN_CLEAR if text in page] == []
    assert "王*强" in page
    assert "138****6021" in page


def test_showing_in_full_needs_a_reason_and_stands_on_the_timeline(morning):
    refused = morning.client.post(morning.address("show"), {"reason": "  ", "purpose": "LETTER"})
    assert refused.status_code == 422
    assert [text for text in IN_CLEAR if text in refused.text] == []
    assert not TimelineEntry.objects.exists()
    assert not Reveal.objects.exists()

    shown = morning.client.post(
        morning.address("show"), {"reason": "核对身份", "purpose": "IDENTITY_CHECK"}
    )
    assert [text for text in IN_CLEAR if text not in shown.text] == []
    entry = TimelineEntry.objects.get()
    assert (entry.kind, entry.actor_id) == ("PERSONAL_DATA_SHOWN", morning.liu.pk)
    assert entry.facts == {"what": "FILE", "purpose": "IDENTITY_CHECK", "reason": "核对身份"}
    assert {row.party_id for row in Reveal.objects.all()} == {morning.wang, morning.zhao}

    again = morning.client.get(morning.address()).text
    assert [text for text in IN_CLEAR if text in again] == []


def test_one_number_is_shown_by_one_key_for_a_call_and_nothing_else(morning):
    fields = {"contact_point": morning.number}
    asked = {"HX-Request": "true"}
    shown = morning.client.post(morning.address("number"), fields, headers=asked)

    assert shown.status_code == 200
    assert shown.text.lstrip().startswith(f'<dd id="point-{morning.number}"')
    assert [text for text in IN_CLEAR if text in shown.text] == ["13812346021"]
    seen = Reveal.objects.get()
    assert (seen.purpose, seen.contact_point_id, seen.actor_id) == (
        "CALL", morning.number, morning.liu.pk)  # fmt: skip
    assert TimelineEntry.objects.get().facts["what"] == "NUMBER"
    page = morning.client.get(morning.address()).text
    assert "13812346021" not in page
    assert f'id="point-{morning.number}"' in page
    assert 'data-key="v"' in page


def test_without_scripts_the_number_is_shown_on_the_page(morning):
    page = morning.client.post(morning.address("number"), {"contact_point": morning.number}).text
    assert [text for text in IN_CLEAR if text in page] == ["13812346021"]


def test_a_number_of_another_contract_is_not_shown(morning):
    stranger = make_party("钱七", phone="13677778888")
    point = first_contact_point(stranger)
    refused = morning.client.post(morning.address("number"), {"contact_point": point})

    assert refused.status_code == 422
    assert "13677778888" not in refused.text
    assert not Reveal.objects.exists()
    assert not TimelineEntry.objects.exists()


def test_who_copies_number_after_number_is_stopped_and_told_until_when(morning):
    RevealLimit.objects.filter(purpose="CALL").update(per_hour=2)
    fields = {"contact_point": morning.number}
    said = [morning.client.post(morning.address("number"), fields).status_code for _ in range(3)]

    assert said == [200, 200, 422]
    assert Reveal.objects.count() == TimelineEntry.objects.count() == 2
    refused = morning.client.post(morning.address("number"), fields).text
    assert "一小时内您已就此用途查看 2 次原文，11:00 后可继续。" in refused
    assert "13812346021" not in refused


def test_the_why_table_adds_up_to_the_header_to_the_cent(morning):
    page = morning.client.get(morning.address()).text
    header = re.search(r'id="overdue-today".*?class="money">([^<]+)<', page, re.DOTALL)
    total = re.search(r'id="why-total">.*?class="money">([^<]+)<', page, re.DOTALL)
    dues = re.findall(r'</span><span class="num"><span class="money">¥\s*([\d,.]+)<', page)

    assert header is not None
    assert total is not None
    assert header[1] == total[1]
    # 5,400.00 open since 13 Sep (68 days), 13 Oct (38) and 13 Nov (7), at 12.6 % / 360 a day
    assert dues == ["5,528.52", "5,471.82", "5,413.23"]
    assert header[1].endswith("16,413.57")


def test_the_penalty_is_explained_by_days_and_base(morning):
    page = words(morning.client.get(morning.address()).text)
    assert "¥ 5,400.00 × 68 天 = 367,200.00" in page
    assert "367,200.00 × 12.6% ÷ 360 = 128.5200 ≈ ¥ 128.52" in page


def test_the_page_reads_in_english_too(english_morning):
    page = english_morning.client.get(english_morning.address()).text
    assert "You may call the debtor" in page
    assert "Overdue today" in page
    assert "Instalment 7" in page
    assert "Save and next" in page


def test_at_night_the_strip_says_not_now_and_from_when(client):
    with time_machine.travel(AT_TEN.replace(hour=23), tick=False):
        morning = Morning(client)
        page = words(morning.client.get(morning.address()).text)
    assert "现在不可联系本人" in page
    assert "不在允许催收的时段" in page
    assert "11-21 08:00 起可联系" in page


def test_a_held_case_says_so_and_can_be_released(morning):
    morning.client.post(morning.address("hold"), {"reason": "客户住院"})
    held = morning.client.get(morning.address()).text
    morning.client.post(morning.address("release"), {"reason": "已出院"})

    assert "案件已停催" in held
    assert Case.objects.get(id=morning.case).state == "OPEN"


def test_a_move_the_table_does_not_list_is_refused_in_words(morning):
    response = morning.client.post(morning.address("release"), {"reason": "误操作"})
    assert response.status_code == 422
    assert not TimelineEntry.objects.exists()


def test_the_timeline_alone_is_swapped_when_htmx_asks_for_a_group(morning):
    morning.client.post(morning.address("hold"), {"reason": "客户住院"})
    headers = {"HX-Request": "true", "HX-Target": "history"}
    calls = morning.client.get(morning.address("case?kind=CALLS"), headers=headers).text
    cases = morning.client.get(morning.address("case?kind=CASE"), headers=headers).text

    assert calls.lstrip().startswith('<section class="card" id="history"')
    assert "客户住院" not in calls
    assert "客户住院" in cases


def test_previous_and_next_follow_my_worklist(morning):
    page = morning.client.get(f"/contracts/{morning.next_contract}/case").text
    assert f'data-key="p" href="/contracts/{morning.contract}/case"' in page
    assert "今日待办 2 / 2" in page


def test_a_colleague_who_took_the_case_is_named_before_anything_is_typed(morning):
    li_na = make_collector("li_na", "李娜")
    contract = make_contract(number="AF-9", borrower_id=make_party("陈静", phone="13900000003"))
    make_worklist_item(make_case(contract, collector=li_na), li_na, taken_at=AT_TEN)

    page = words(morning.client.get(f"/contracts/{contract}/case").text)

    assert "李娜 正在处理" in page
    assert "李娜 已于 10:00 领取此案" in page


def test_a_case_with_no_vehicle_no_number_and_no_dues_still_stands(morning):
    lonely = make_contract(number="AF-0", borrower_id=make_party("李四", phone=""), dues=[])
    make_case(lonely, collector=morning.liu)
    response = morning.client.get(f"/contracts/{lonely}/case")
    assert response.status_code == 200
    assert "暂无车辆档案" in response.text
    assert "该日没有逾期" in response.text


def test_a_name_is_only_ever_text(morning):
    evil = make_party('<script>alert("x")</script>', phone="13900000004", employer="<b>&</b>")
    contract = make_contract(number='"><img src=x>', borrower_id=evil)
    make_case(contract, collector=morning.liu)
    asked = {"reason": "核对", "purpose": "LETTER"}
    page = morning.client.post(f"/contracts/{contract}/show", asked).text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>&</b>" not in page


def test_an_unknown_contract_is_not_found(morning):
    assert morning.client.get("/contracts/999999/case").status_code == 404


def test_nobody_sees_a_case_without_signing_in(client):
    make_finished_night()
    response = client.get(f"/contracts/{make_contract()}/case")
    assert response.status_code == 302
    assert response.url.startswith("/login")
