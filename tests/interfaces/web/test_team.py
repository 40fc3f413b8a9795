"""The team leader's page: today's portfolio and where it came from."""

import re

import pytest

from recoup.modules.analytics.queries import flow_of_day
from recoup.modules.analytics.rules import Move, move_of
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.cases.models import Case
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.interfaces.web.mornings import day, make_morning, signed_in


@pytest.fixture
def morning(db):
    return make_morning()


@pytest.mark.parametrize(
    ("before", "now", "move"),
    [
        (0, 1, Move.NEW),
        (0, 3, Move.NEW),
        (2, 0, Move.CURED),
        (2, 2, Move.STAYED),
        (2, 3, Move.FORWARD),
        (3, 1, Move.BACK),
    ],
)
def test_what_a_move_between_buckets_means(before, now, move):
    assert move_of(before, now) is move


def test_the_flow_loses_nobody_and_never_adds_currencies(morning):
    flows = {flow.currency: flow for flow in flow_of_day(as_of=BUSINESS_DAY)}
    yuan, dollars = flows["CNY"], flows["USD"]
    assert yuan.contracts == 52
    assert yuan.overdue.minor == 5_200_000
    assert dollars.overdue.minor == 200_000
    m1 = yuan.moves()[1]
    assert (m1.before, m1.moves[Move.FORWARD], m1.moves[Move.CURED]) == (48, 5, 3)
    assert [(t.bucket, t.contracts, t.change) for t in yuan.buckets()[:2]] == [
        (1, 47, -1),
        (2, 5, 5),
    ]
    assert sum(map(sum, yuan.matrix())) == 55


def test_the_page_shows_each_currency_on_its_own(morning):
    page = signed_in(morning.leader).get("/team").text
    assert 'id="arrears-CNY"' in page
    assert 'id="arrears-USD"' in page
    assert "¥\N{NO-BREAK SPACE}52,000.00" in page
    assert "US$\N{NO-BREAK SPACE}2,000.00" in page


def test_one_team_shows_its_own(morning):
    page = signed_in(morning.leader, "en").get(f"/team?team={morning.he_jie.team_id}").text
    assert "CN¥7,000.00" in page
    assert "何洁" in page
    assert "刘敏" not in page


def test_numbers_open_to_lists(morning):
    leader = signed_in(morning.leader)
    page = leader.get("/team").text
    main = page[page.index("<main") :]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', main)}
    assert "/cases?of=all&bucket=2" in links
    assert "/promises?only=due&of=all" in links
    assert f"/?collector={morning.liu_min.pk}" in links
    links = {link for link in links if not link.startswith("/exports")}  # asks for a second factor
    assert {leader.get(link).status_code for link in links} == {200}


def test_worked_and_waiting_per_collector(morning):
    WorklistItem.objects.filter(contract_id=morning.wang_38_days_late).update(done_at=AT_TEN)
    WorklistItem.objects.filter(contract_id=morning.chen_6_days_late).update(taken_at=AT_TEN)
    page = signed_in(morning.leader).get("/team").text
    row = re.search(r"刘敏</a>.*?</tr>", page, re.DOTALL)
    assert row is not None
    cells = re.findall(r'<td class="num">(?:<a[^>]*>)?([^<]*)', row[0])
    assert cells == ["1 / 4", "1", "2", "0", "0", "0"]


def test_promises_due_kept_and_broken(morning):
    cases = list(Case.objects.order_by("id").values_list("pk", flat=True))
    actor = morning.liu_min
    factories.make_promise(cases[0], due_on=BUSINESS_DAY, actor=actor)
    for case_id, state in zip(cases[1:4], ("KEPT", "BROKEN", "PARTLY_KEPT"), strict=True):
        factories.make_promise(
            case_id, due_on=day(-1), actor=actor, state=state, decided_on=BUSINESS_DAY
        )
    page = signed_in(morning.leader).get("/team").text
    shown = re.findall(r'href="/promises\?only=(\w+)[^>]*>(\d+)<', page)
    assert shown == [("due", "1"), ("kept", "1"), ("broken", "2")]


def test_a_collector_does_not_see_it(morning):
    answer = signed_in(morning.liu_min).get("/team")
    assert answer.status_code == 403
    assert "您没有权限打开此页" in answer.text


def test_before_the_first_night_and_without_arrears_it_says_so(db):
    leader = factories.make_collector("zhou_lan", "周岚", role="LEADER")
    client = signed_in(leader)
    assert "尚未运行夜批" in client.get("/team").text
    factories.make_finished_night()
    assert "没有逾期合同" in client.get("/team").text
