"""The head of the case page and the timeline, each in one question."""

from datetime import date, datetime, timedelta

import pytest

from recoup.modules.cases import queries
from recoup.modules.cases.queries import TimelineGroup
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.cases.timeline import record
from recoup.modules.ledger import services as ledger
from recoup.modules.ledger.rules import Channel
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_case,
    make_collector,
    make_contract,
    make_decision,
    make_party,
    make_promise,
    make_vehicle,
    make_worklist_item,
)

pytestmark = pytest.mark.django_db


def head_of(contract: int, reader: int) -> queries.CaseHead:
    head = queries.case_head(contract_id=contract, reader_id=reader, as_of=BUSINESS_DAY)
    assert head is not None
    return head


def three_cases_of_liu() -> tuple[object, list[int]]:
    liu = make_collector()
    contracts = []
    for rank, name in enumerate(("王小强", "张伟", "陈静"), start=1):
        party = make_party(name, phone=f"1380000000{rank}")
        contract = make_contract(number=f"AF-{rank}", borrower_id=party)
        make_worklist_item(make_case(contract, collector=liu), liu, rank=rank)
        contracts.append(contract)
    return liu, contracts


def test_previous_and_following_are_the_neighbours_on_my_worklist():
    liu, (wang, zhang, chen) = three_cases_of_liu()

    heads = [head_of(contract, liu.pk) for contract in (wang, zhang, chen)]

    assert [head.previous_contract_id for head in heads] == [None, wang, zhang]
    assert [head.following_contract_id for head in heads] == [zhang, chen, wang]
    assert {(head.waiting, head.listed) for head in heads} == {(3, 3)}


def test_a_case_of_a_colleague_leads_on_to_the_first_of_my_own():
    liu, (wang, _zhang, _chen) = three_cases_of_liu()
    li_na = make_collector("li_na", "李娜")
    other = make_contract(number="AF-9", borrower_id=make_party("赵敏"))
    make_worklist_item(make_case(other, collector=li_na), li_na, taken_at=AT_TEN)

    head = head_of(other, liu.pk)

    assert (head.previous_contract_id, head.following_contract_id) == (None, wang)
    assert head.place is not None
    assert (head.place.collector_name, head.place.taken_at) == ("李娜", AT_TEN)


def test_the_head_says_decision_promise_and_vehicle():
    liu = make_collector()
    contract = make_contract()
    case = make_case(contract, collector=liu)
    make_decision(case)
    make_vehicle(contract)
    make_promise(case, due_on=date(2026, 11, 19), actor=liu, state="BROKEN")
    make_promise(case, due_on=date(2026, 11, 25), actor=liu)

    head = head_of(contract, liu.pk)

    assert head.case is not None
    assert head.case.collector_name == "刘敏"
    assert head.decision is not None
    assert (head.decision.treatment, head.decision.version_code) == ("PHONE", "v1")
    assert head.promise is not None
    assert (head.promise.state, head.broken_promises) == ("OPEN", 1)
    assert head.vehicle is not None
    assert (head.vehicle.plate_masked, head.vehicle.valued_on) == ("沪A·***21", date(2026, 10, 1))


def test_a_contract_without_anything_has_an_empty_head_and_an_unknown_one_none():
    head = head_of(make_contract(), 1)
    assert (head.case, head.decision, head.place, head.promise, head.vehicle) == (None,) * 5
    assert queries.case_head(contract_id=999_999, reader_id=1, as_of=BUSINESS_DAY) is None


def history_of_wang() -> int:
    contract = make_contract()
    case = make_case(contract)
    kinds = (TimelineKind.CASE_OPENED, TimelineKind.CALL_LOGGED, TimelineKind.PROMISE_TAKEN)
    for days, kind in enumerate(kinds):
        record(
            contract_id=contract,
            case_id=case,
            kind=kind,
            facts={"n": days},
            actor_id=None,
            at=AT_TEN - timedelta(days=9 - days),
            business_on=BUSINESS_DAY - timedelta(days=9 - days),
        )
    payment = ledger.record_payment(
        contract_id=contract,
        amount_minor=100_000,
        currency="CNY",
        value_on=date(2026, 11, 12),
        channel=Channel.TRANSFER,
        reference="",
        actor_id=1,
        at=AT_TEN,
        as_of=BUSINESS_DAY,
    )
    at: datetime = AT_TEN + timedelta(minutes=5)
    ledger.reverse_payment(
        contract_id=contract,
        payment_id=payment,
        reason="退票",
        actor_id=2,
        at=at,
        as_of=BUSINESS_DAY,
    )
    return contract


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        (
            TimelineGroup.ALL,
            ["PAYMENT_REVERSED", "PROMISE_TAKEN", "PAYMENT_POSTED", "CALL_LOGGED", "CASE_OPENED"],
        ),
        (TimelineGroup.CALLS, ["CALL_LOGGED"]),
        (TimelineGroup.PROMISES, ["PROMISE_TAKEN"]),
        (TimelineGroup.MONEY, ["PAYMENT_REVERSED", "PAYMENT_POSTED"]),
        (TimelineGroup.CASE, ["CASE_OPENED"]),
    ],
)
def test_the_timeline_tells_each_group_latest_first_with_the_money_among_it(group, kinds):
    rows, has_more = queries.timeline(contract_id=history_of_wang(), group=group)
    assert [row.kind for row in rows] == kinds
    assert not has_more


def test_a_long_timeline_says_that_there_is_more():
    contract = history_of_wang()
    rows, has_more = queries.timeline(contract_id=contract, limit=2)
    assert (len(rows), has_more) == (2, True)
