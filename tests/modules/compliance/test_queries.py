"""The gate's facts come from the calls, cases and numbers as they stand."""

from datetime import timedelta

import pytest

from recoup.modules.comms.rules import CallResult
from recoup.modules.compliance import queries
from recoup.modules.compliance.rules import Clearance, Refusal
from recoup.modules.contracts.rules import Role
from tests.factories import (
    AT_TEN,
    make_call,
    make_case,
    make_collector,
    make_contact_point,
    make_contract,
    make_lender,
    make_party,
    name_in_contract,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang():
    """Wang, with a live case worked by Liu."""
    party = make_party("王小强")
    contract = make_contract(borrower_id=party)
    liu = make_collector()
    return party, contract, make_case(contract, collector=liu), liu


def test_only_our_own_conversations_of_today_count_against_wang(wang):
    party, contract, case, liu = wang
    make_call(case, party, CallResult.CALL_BACK, AT_TEN - timedelta(hours=1), actor=liu)
    make_call(
        case, party, CallResult.CALL_BACK, AT_TEN - timedelta(minutes=9), actor=liu, inbound=True
    )
    make_call(case, party, CallResult.CALL_BACK, AT_TEN - timedelta(hours=11), actor=liu)
    make_call(case, party, CallResult.NO_ANSWER, AT_TEN - timedelta(hours=1), actor=liu)
    make_call(case, party, CallResult.NOT_THE_PERSON, AT_TEN - timedelta(hours=1), actor=liu)

    facts = queries.contact_facts([contract], at=AT_TEN)[0]

    assert (facts.talks_today, facts.unanswered_today, facts.calls_this_week) == (1, 1, 4)


def test_conversations_about_another_contract_of_wang_count_too(wang):
    party, _contract, case, liu = wang
    other = make_contract(number="AF2024-2", borrower_id=party)
    for minutes in (10, 20, 30):
        at = AT_TEN - timedelta(minutes=minutes)
        make_call(case, party, CallResult.CALL_BACK, at, actor=liu)

    state = queries.states_of_contracts([other], AT_TEN)[other]

    assert isinstance(state, Refusal)
    assert [reason.code for reason in state.reasons] == ["TALKS_TODAY"]


def test_three_failures_running_make_wang_lost_so_the_contact_person_may_be_asked(wang):
    party, contract, case, liu = wang
    sun = make_party("孙悦", phone="13611112222")
    name_in_contract(contract, sun, "CONTACT")
    days = [AT_TEN - timedelta(days=n) for n in (1, 2, 3)]
    make_call(case, party, CallResult.CALL_BACK, AT_TEN - timedelta(days=4), actor=liu)
    for at in days[:2]:
        make_call(case, party, CallResult.NO_ANSWER, at, actor=liu)
    before = queries.people_states(contract, at=AT_TEN)
    make_call(case, party, CallResult.NO_ANSWER, days[2], actor=liu)
    after = queries.people_states(contract, at=AT_TEN)

    assert [state.role for state in before] == [Role.BORROWER, Role.CONTACT]
    assert isinstance(before[1], Refusal)
    assert isinstance(after[1], Clearance)


def test_a_debtor_without_a_valid_number_of_their_own_is_lost():
    party = make_party("李四", phone="")
    make_contact_point(party, "13900001111", holder="SPOUSE")
    make_contact_point(party, "13900002222", is_valid=False)
    contract = make_contract(borrower_id=party)

    assert queries.contact_facts([contract], at=AT_TEN)[0].debtor_is_lost


def test_a_number_of_somebody_else_is_judged_as_a_contact_person(wang):
    party, contract, _case, _liu = wang
    own = queries.gate(contract_id=contract, party_id=party, held_by_other=False, at=AT_TEN)
    spouses = queries.gate(contract_id=contract, party_id=party, held_by_other=True, at=AT_TEN)

    assert isinstance(own, Clearance)
    assert isinstance(spouses, Refusal)


def test_nobody_outside_the_contract_passes_the_gate(wang):
    _party, contract, _case, _liu = wang
    stranger = make_party("路人甲", phone="13911119999")

    found = queries.gate(contract_id=contract, party_id=stranger, held_by_other=False, at=AT_TEN)
    assert found is None


def test_a_dollar_contract_follows_american_law_at_the_debtors_place():
    gm = make_lender("gm", "GM Financial", "USD")
    smith = make_party("John Smith", lender_id=gm, phone="+15125550143", region="CA")
    contract = make_contract(borrower_id=smith, lender_id=gm, currency="USD", number="US-1")
    night_in_california = AT_TEN.replace(hour=18)  # 02:00 there

    state = queries.states_of_contracts([contract], night_in_california)[contract]

    assert isinstance(state, Refusal)
    assert state.reasons[0].rule_ids == ("US-TIME-001",)


def test_a_worklist_of_borrowers_is_asked_in_two_questions(wang, django_assert_num_queries):
    party, _contract, _case, _liu = wang
    others = [make_party(f"借款人{n}", phone=f"1380000{n:04}") for n in range(5)]
    for n, other in enumerate(others):
        make_contract(number=f"N-{n}", borrower_id=other)

    with django_assert_num_queries(2):
        states = queries.contact_states([party, *others], AT_TEN)

    assert set(states) == {party, *others}
