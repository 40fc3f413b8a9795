"""The worklist: its order and reasons, filters, the next case, and one's own lists."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.comms.rules import CallResult
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger.models import Payment, Reversal
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.interfaces.web.mornings import day, make_late, make_morning, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def morning():
    return make_morning()


@pytest.fixture
def liu(morning) -> Client:
    return signed_in(morning.liu_min)


def names(page: str) -> list[str]:
    return re.findall(r'class="rowlink name"[^>]*>([^<]*)<', page)


def case_of(contract_id: int) -> int:
    return Case.objects.get(contract_id=contract_id).pk


def test_the_list_is_in_the_order_of_the_night_and_says_why(liu):
    page = liu.get("/").text
    assert names(page) == ["王*强", "陈*", "赵*", "J*** S***"]
    page = page[page.index("<tbody>") :]
    assert page.index("承诺刚跳票") < page.index("承诺今日到期") < page.index("余额高于车值")


def test_names_and_plates_are_masked_and_the_page_says_they_are_synthetic(liu):
    page = liu.get("/").text
    assert "王小强" not in page
    assert "沪A58K21" not in page
    assert "沪A·***21" in page
    assert "示例数据：姓名、电话、地址、车牌均为合成" in page


def test_amounts_stand_in_their_own_currency(liu):
    page = liu.get("/").text
    assert "¥\N{NO-BREAK SPACE}5,438.00" in page
    assert "US$\N{NO-BREAK SPACE}5,412.00" in page


def test_the_reader_of_english_reads_english(morning):
    page = signed_in(morning.liu_min, "en").get("/").text
    assert '<html lang="en">' in page
    assert "Promise just broken" in page
    assert "$5,412.00" in page
    assert "今日" not in page


def test_someone_elses_cases_are_not_on_it(liu):
    assert "孙*" not in liu.get("/").text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("only=due", ["陈*"]),
        ("only=broken", ["王*强"]),
        ("bucket=3", ["赵*"]),
        ("bucket=1", ["陈*", "J*** S***"]),
        ("bucket=6", []),
        ("only=nonsense&bucket=x&sort=y&page=-3", ["王*强", "陈*", "赵*", "J*** S***"]),
        ("sort=dpd", ["赵*", "王*强", "J*** S***", "陈*"]),
        ("page=2", []),
    ],
)
def test_filters_and_order(liu, asked, shown):
    assert names(liu.get(f"/?{asked}").text) == shown


def test_what_is_worked_leaves_the_list_and_is_found_under_all(liu, morning):
    WorklistItem.objects.filter(contract_id=morning.wang_38_days_late).update(done_at=AT_TEN)
    page = liu.get("/").text
    assert names(page) == ["陈*", "赵*", "J*** S***"]
    assert "1 / 4" in page
    assert "王*强" in names(liu.get("/?only=all").text)


def test_htmx_gets_the_list_alone(liu):
    fragment = liu.get("/?only=due", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert fragment.lstrip().startswith('<section class="card" id="worklist"')


def test_fifty_cases_to_a_page(liu, morning):
    for number in range(5, 65):
        make_late(f"甲{number}", 300 + number, morning.liu_min, number, ["IN_ORDER"])
    first, second = liu.get("/").text, liu.get("/?page=2").text
    assert len(names(first)) == 50
    assert len(names(second)) == 14
    assert "第 1–50 行，共 64 行" in first
    assert not set(re.findall(r"AF2024-\d+", first)) & set(re.findall(r"AF2024-\d+", second))


def test_the_day_so_far_counts_calls_promises_and_money_per_currency(liu, morning):
    wang, smith = case_of(morning.wang_38_days_late), case_of(morning.smith_12_days_late)
    party = Contract.objects.get(pk=morning.wang_38_days_late).borrower_id
    for result in (CallResult.PROMISE, CallResult.NO_ANSWER, CallResult.NO_ANSWER):
        factories.make_call(wang, party, result, AT_TEN, actor=morning.liu_min)
    for case_id, amount in ((wang, 640_000), (smith, 50_000)):
        factories.make_promise(
            case_id, amount_minor=amount, due_on=day(3), taken_on=BUSINESS_DAY,
            actor=morning.liu_min,
        )  # fmt: skip
    paid = pay(morning.chen_6_days_late, 410_300)
    pay(morning.chen_6_days_late, 1, reversed_=True)
    pay(morning.sun_45_days_late, 999_999)
    page = liu.get("/").text
    assert paid
    assert "共 3 通 · 33%" in page
    assert "¥\N{NO-BREAK SPACE}6,400.00" in page
    assert "US$\N{NO-BREAK SPACE}500.00" in page
    assert '<span class="value"><span class="money">¥\N{NO-BREAK SPACE}4,103.00' in page


def pay(contract_id: int, amount_minor: int, reversed_: bool = False) -> int:
    payment = Payment.objects.create(
        contract_id=contract_id, value_on=BUSINESS_DAY, amount_minor=amount_minor, currency="CNY",
        channel="TRANSFER", received_at=AT_TEN,
    )  # fmt: skip
    if reversed_:
        Reversal.objects.create(
            payment=payment, contract_id=contract_id, reason="退票", reversed_on=BUSINESS_DAY,
            received_at=AT_TEN,
        )  # fmt: skip
    return payment.pk


def test_the_last_promise_stands_in_the_row(liu, morning):
    factories.make_promise(
        case_of(morning.chen_6_days_late), amount_minor=410_300, due_on=BUSINESS_DAY,
        actor=morning.liu_min,
    )  # fmt: skip
    assert re.search(
        r"承诺 <span class=\"money\">¥\s4,103.00</span> · <time[^>]*>11-20", liu.get("/").text
    )


def test_the_next_case_is_the_first_that_waits_and_leaves_a_trace(liu, morning):
    answer = liu.post("/next")
    assert answer.status_code == 302
    assert answer["Location"] == f"/contracts/{morning.wang_38_days_late}/case"
    taken = TimelineEntry.objects.get(kind="CASE_TAKEN")
    assert (taken.contract_id, taken.actor_id) == (morning.wang_38_days_late, morning.liu_min.pk)
    again = liu.post("/next", headers={"HX-Request": "true"})
    assert again["HX-Redirect"] == f"/contracts/{morning.chen_6_days_late}/case"
    assert "处理中" in liu.get("/").text


def test_with_no_case_left_the_list_says_so_and_nothing_is_written(liu, morning):
    WorklistItem.objects.update(done_at=AT_TEN)
    answer = liu.post("/next")
    assert answer["Location"] == "/?done=1"
    assert "清单已完成" in liu.get(answer["Location"]).text
    assert not TimelineEntry.objects.exists()


def test_asking_for_the_next_case_by_a_link_is_refused(liu):
    assert liu.get("/next").status_code == 405
    assert not WorklistItem.objects.exclude(taken_at=None).exists()


def test_before_the_first_night_the_page_says_what_would_fill_it():
    client = signed_in(factories.make_collector())
    for address in ("/", "/cases", "/promises"):
        assert "尚未运行夜批" in client.get(address).text
    assert client.post("/next")["Location"] == "/?done=1"


def test_a_leader_opens_a_collectors_list_but_cannot_take_from_it(morning):
    page = signed_in(morning.leader).get(f"/?collector={morning.liu_min.pk}").text
    assert "刘敏的作业清单" in page
    assert names(page)[0] == "王*强"
    assert 'action="/next"' not in page


def test_the_list_of_nobody_is_not_there(morning):
    assert signed_in(morning.leader).get("/?collector=999999999").status_code == 404


def test_a_collector_does_not_open_anothers_list(liu, morning):
    for address in (f"/?collector={morning.he_jie.pk}", "/cases?of=all", "/promises?of=all"):
        assert liu.get(address).status_code == 403


def test_my_cases_are_mine_deepest_first(liu):
    assert names(liu.get("/cases").text) == ["赵*", "王*强", "陈*", "J*** S***"]
    assert names(liu.get("/cases?bucket=2").text) == ["王*强"]


def test_a_leader_sees_the_cases_of_a_team(morning):
    leader = signed_in(morning.leader)
    assert len(names(leader.get("/cases?of=all").text)) == 5
    team_id = morning.he_jie.team_id
    assert names(leader.get(f"/cases?of=all&team={team_id}").text) == ["孙*"]


def test_promises_by_what_became_of_them(liu, morning):
    promise = factories.make_promise
    due = case_of(morning.chen_6_days_late), case_of(morning.wang_38_days_late)
    promise(due[0], due_on=BUSINESS_DAY, actor=morning.liu_min)
    promise(
        due[1], due_on=day(-1), actor=morning.liu_min, state="BROKEN", decided_on=BUSINESS_DAY
    )  # fmt: skip
    promise(case_of(morning.smith_12_days_late), due_on=day(5), actor=morning.he_jie)
    assert names(liu.get("/promises").text) == ["陈*"]
    assert names(liu.get("/promises?only=broken").text) == ["王*强"]
    assert names(liu.get("/promises?only=kept").text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AF2024-000038", ["王*强"]),
        ("沪a·58k21", ["王*强"]),
        ("沪A58K2", []),
        ("58K21", []),
        ("139 0000 0001", ["陈*"]),
        ("0001", ["陈*"]),
        ("+86 139 0000 0001", ["陈*"]),
        ("孙伟", []),
        ("john smith", ["J*** S***"]),
        ("13900", []),
        ("孙", []),
        ("AF2024-0000", ["陈*", "J*** S***", "王*强", "赵*"]),
        ("139", []),
        ("%", []),
        ("_F2024", []),
        ("'; DROP TABLE cases_case; --", []),
        ("\x00", []),
        ("", []),
    ],
)
def test_search_finds_beginnings_of_number_and_whole_plates_phones_and_names(liu, text, found):
    answer = liu.get("/search", {"q": text})
    assert answer.status_code == 200
    assert names(answer.text) == found


def test_search_finds_what_is_within_reach_and_shows_no_name_in_full(morning):
    for reader, found in ((morning.liu_min, []), (morning.leader, ["孙*"])):
        page = signed_in(reader).get("/search", {"q": "孙伟"}).text
        assert names(page) == found


def test_a_hostile_search_text_stays_text(liu):
    assert "<script>alert" not in liu.get("/search", {"q": "<script>alert(1)</script>"}).text


def test_a_case_outside_the_hours_says_from_when_it_may_be_called(liu, time_machine):
    time_machine.move_to(AT_TEN + timedelta(hours=13), tick=False)
    assert "可拨" in liu.get("/").text
    assert not re.search(r'pill good">可拨', liu.get("/?only=broken").text)
    time_machine.move_to(AT_TEN, tick=False)
    assert re.search(r'pill good">可拨 · 今日 0/3', liu.get("/?only=broken").text)
