"""Saving a call: the page moves by fragments, and nothing typed is ever lost."""

import re

import pytest
import time_machine

from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.comms.models import Call
from recoup.modules.plans.models import Promise
from tests.factories import AT_TEN, make_collector
from tests.interfaces.web.story import Morning, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_saving_updates_head_strip_timeline_and_next_step_in_one_answer(morning):
    response = morning.client.post(
        morning.address("calls"), morning.call(note="响铃 30 秒"), headers=HTMX
    )

    swapped = set(re.findall(r'id="([\w-]+)" ?[^>]*hx-swap-oob="true"', response.text))
    assert response.status_code == 200
    assert swapped == {"case-head", "gate", "history", "next-step"}
    said = words(response.text)
    assert "今日待办 1 / 2" in said
    assert "未接 1/6" in said
    assert "响铃 30 秒" in said
    assert "通话已保存。下一步：" in said


def test_the_composer_comes_back_empty_with_a_new_key(morning):
    sent = morning.call(note="响铃 30 秒")
    composer = morning.client.post(morning.address("calls"), sent, headers=HTMX).text
    composer = composer[: composer.index("</section>")]
    assert sent["form_key"] not in composer
    assert "响铃" not in composer


def test_without_scripts_saving_leads_back_to_the_page_which_says_so(morning):
    response = morning.client.post(morning.address("calls"), morning.call(), follow=True)
    assert response.redirect_chain == [(morning.address(), 302)]
    assert "通话已保存" in response.text


def test_save_and_next_takes_the_next_case_of_the_list(morning):
    WorklistItem.objects.filter(case_id=morning.case).update(taken_at=AT_TEN)
    response = morning.client.post(
        morning.address("calls"), morning.call(then="next"), headers=HTMX
    )
    assert response.headers["HX-Redirect"] == f"/contracts/{morning.next_contract}/case"
    taken = WorklistItem.objects.get(contract_id=morning.next_contract)
    assert taken.taken_at == AT_TEN


def test_after_the_last_case_save_and_next_leads_to_the_worklist(morning):
    WorklistItem.objects.update(taken_at=AT_TEN)
    response = morning.client.post(morning.address("calls"), morning.call(then="next"))
    assert response.url == "/?done=1"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_refusal_keeps_every_word_and_says_each_reason_beside_its_field(morning, headers):
    typed = morning.call("DISPUTES", amount="1,2x", note="  ")
    response = morning.client.post(morning.address("calls"), typed, headers=headers)

    assert response.status_code == 422
    said = words(response.text)
    assert "已谈及债务：请确认已先核实对方身份。" in said
    assert "请写下客户说了什么" in said
    assert 'value="1,2x"' in response.text
    assert typed["form_key"] in response.text
    assert re.search(r'value="DISPUTES"[^>]*checked', response.text)
    assert not Call.objects.exists()


def test_a_promise_is_read_in_major_units_and_full_width_too(morning):
    typed = morning.call(
        "PROMISE", identity_checked="on", amount="６，４００．５", due_on="2026-11-24"
    )
    morning.client.post(morning.address("calls"), typed)
    promise = Promise.objects.get()
    assert (promise.amount_minor, promise.due_on.isoformat()) == (640_050, "2026-11-24")


@pytest.mark.parametrize(
    ("amount", "due_on", "said"),
    [
        ("abc", "2026-11-24", "“abc”不是金额。"),
        ("-5", "2026-11-24", "“-5”带有正负号"),
        ("1.005", "2026-11-24", "小数超过 CNY 的 2 位"),
        ("100", "2026-02-30", "请按“年-月-日”填写日期"),
        ("0", "2026-11-24", "承诺金额必须大于零。"),
        ("100", "2026-11-19", "承诺日早于账务日 2026-11-20。"),
        ("100", "2027-01-01", "承诺最多 31 天"),
    ],
)
def test_an_unsound_promise_is_refused_in_words(morning, amount, due_on, said):
    typed = morning.call("PROMISE", identity_checked="on", amount=amount, due_on=due_on)
    response = morning.client.post(morning.address("calls"), typed, headers=HTMX)
    assert response.status_code == 422
    assert said in words(response.text)
    assert not Promise.objects.exists()
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"result": "NONSENSE"},
        {"result": ""},
        {"contact_point": "x"},
        {"contact_point": "9" * 30},
        {"form_key": "no-uuid"},
        {"note": "字" * 2001},
    ],
)
def test_a_form_nobody_could_have_filled_in_is_refused_and_crashes_nothing(morning, broken):
    response = morning.client.post(morning.address("calls"), morning.call() | broken, headers=HTMX)
    assert response.status_code == 422
    assert not Call.objects.exists()


def test_the_same_form_sent_twice_is_one_call(morning):
    for _ in range(2):
        assert morning.client.post(morning.address("calls"), morning.call()).status_code == 302
    assert Call.objects.count() == 1


def test_at_night_the_gate_refuses_but_a_debtor_who_calls_us_is_heard(client):
    with time_machine.travel(AT_TEN.replace(hour=23), tick=False):
        morning = Morning(client)
        refused = morning.client.post(morning.address("calls"), morning.call(), headers=HTMX)
        heard = morning.client.post(morning.address("calls"), morning.call(inbound="on"))
    assert refused.status_code == 422
    assert "现在不可联系此人：不在允许催收的时段。" in words(refused.text)
    assert heard.status_code == 302
    assert Call.objects.get().inbound


def test_li_na_saves_a_call_on_a_case_liu_holds_and_is_told(morning):
    WorklistItem.objects.filter(case_id=morning.case).update(taken_at=AT_TEN)
    li_na = make_collector("li_na", "李娜", language="en")
    morning.sign_in(li_na)

    page = words(morning.client.get(morning.address()).text)
    response = morning.client.post(morning.address("calls"), morning.call(), headers=HTMX)

    assert "刘敏 took this case at 10:00" in page
    assert response.status_code == 200
    assert TimelineEntry.objects.get(kind="CALL_LOGGED").actor_id == li_na.pk


def test_a_refusal_reads_in_english_too(english_morning):
    morning = english_morning
    typed = morning.call("REFUSES")
    response = morning.client.post(morning.address("calls"), typed, headers=HTMX)
    assert "confirm that the person's identity was checked first" in words(response.text)


def test_a_call_is_only_posted(morning):
    assert morning.client.get(morning.address("calls")).status_code == 405
