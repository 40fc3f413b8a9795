"""Placing cases with an agency, and taking them back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recoup.foundation.access import entering
from recoup.foundation.access.context import Access, NotAllowed, held
from recoup.foundation.access.rights import Reach, Right
from recoup.foundation.access.roles import Role
from recoup.foundation.audit.models import Event
from recoup.modules.assignment import lists, rules
from recoup.modules.assignment.lists import Choice
from recoup.modules.assignment.models import WorklistItem
from recoup.modules.assignment.services import place
from recoup.modules.cases import jobs
from recoup.modules.cases.models import Case, TimelineEntry
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_agency,
    make_case,
    make_collector,
    make_contract,
    make_lender,
    make_party,
    make_worklist_item,
)
from tests.support.roles import working_as

pytestmark = pytest.mark.django_db


def placed(case_ids, agency_id, seen=None):
    return place(
        choice=Choice(case_ids=tuple(case_ids)), agency_id=agency_id,
        seen=len(case_ids) if seen is None else seen,
        actor_id=7, at=AT_TEN, as_of=BUSINESS_DAY,
    )  # fmt: skip


@pytest.fixture
def liu():
    return make_collector()


@pytest.fixture
def case_id(liu):
    number = make_case(make_contract(), collector=liu)
    make_worklist_item(number, liu)
    return number


def hands_of(case_id: int) -> tuple[int | None, int | None]:
    return Case.objects.values_list("collector_id", "agency_id").get(pk=case_id)


def test_a_placed_case_leaves_its_collector_and_todays_list_and_says_so(case_id):
    agency = make_agency()
    assert placed(case_ids=[case_id], agency_id=agency) == 1

    assert hands_of(case_id) == (None, agency)
    assert not WorklistItem.objects.exists()
    entry = TimelineEntry.objects.get()
    facts = {"agency_id": agency, "agency": "华信催收"}
    assert (entry.kind, entry.facts, entry.actor_id) == ("CASE_ASSIGNED", facts, 7)
    event = Event.objects.get(act="PLACED")
    assert (event.subject_id, event.facts) == (agency, {"cases": 1, "chosen": 1})


def test_the_night_leaves_a_placed_case_with_its_agency_and_gives_one_that_came_back(case_id, liu):
    agency = make_agency()
    placed(case_ids=[case_id], agency_id=agency)
    jobs.assign(as_of=BUSINESS_DAY, at=AT_TEN)
    assert hands_of(case_id) == (None, agency)

    placed(case_ids=[case_id], agency_id=None)
    jobs.assign(as_of=BUSINESS_DAY, at=AT_TEN)
    assert hands_of(case_id) == (liu.pk, None)


def test_placing_twice_and_placing_what_is_closed_change_nothing(case_id):
    agency = make_agency()
    closed = make_case(make_contract(number="AF-2"), state="CURED", closed_on=BUSINESS_DAY)
    placed(case_ids=[case_id], agency_id=agency)
    with pytest.raises(rules.NothingMoves):
        placed(case_ids=[case_id], agency_id=agency)
    with pytest.raises(rules.NothingChosen):
        placed(case_ids=[closed], agency_id=agency)
    assert TimelineEntry.objects.count() == 1
    assert hands_of(closed) == (None, None)


def test_a_held_case_is_not_placed_but_comes_back(case_id, liu):
    agency = make_agency()
    held_case = make_case(make_contract(number="AF-2"), collector=liu, state="HELD")
    assert placed(case_ids=[case_id, held_case], agency_id=agency) == 1
    assert hands_of(held_case) == (liu.pk, None)
    Case.objects.filter(pk=case_id).update(state="HELD")
    assert placed(case_ids=[case_id], agency_id=None) == 1
    assert hands_of(case_id) == (None, None)


@pytest.mark.parametrize(
    ("now", "seen", "no"),
    [
        (0, 0, rules.NothingChosen),
        (50_001, 50_001, rules.TooManyChosen),
        (3, 2, rules.ChoiceMoved),
    ],
)
def test_an_unsound_choice_is_refused_by_name(now, seen, no):
    with pytest.raises(no):
        rules.refuse_unsound_choice(now, seen=seen)
    rules.refuse_unsound_choice(50_000, seen=50_000)


def test_a_list_that_is_not_the_one_looked_at_moves_nothing(case_id, liu):
    with pytest.raises(rules.ChoiceMoved):
        placed(case_ids=[case_id], agency_id=make_agency(), seen=2)
    assert hands_of(case_id) == (liu.pk, None)


def test_an_agency_that_is_not_there_gets_nothing(case_id, liu):
    with pytest.raises(rules.AgencyUnknown):
        placed(case_ids=[case_id], agency_id=999_999)
    assert hands_of(case_id) == (liu.pk, None)


def test_a_whole_filter_is_placed_in_as_many_statements_as_one_case(liu):
    agency = make_agency()

    def place_a_bucket(bucket: int, number: int) -> int:
        for n in range(number):
            case = make_case(make_contract(number=f"B{bucket}-{n}"), collector=liu, bucket=bucket)
            make_worklist_item(case, liu, rank=n)
        with CaptureQueriesContext(connection) as captured:
            moved = place(
                choice=Choice(bucket=bucket), agency_id=agency, seen=number, actor_id=7, at=AT_TEN,
                as_of=BUSINESS_DAY,
            )  # fmt: skip
        assert moved == number
        return len(captured)

    assert place_a_bucket(3, 1) == place_a_bucket(4, 12)
    assert not WorklistItem.objects.exists()
    assert TimelineEntry.objects.filter(kind="CASE_ASSIGNED").count() == 13


def test_the_list_and_its_sums_follow_the_hands(case_id, liu):
    agency = make_agency()
    other = make_case(make_contract(number="AF-2"), collector=liu, bucket=5)
    placed(case_ids=[other], agency_id=agency)

    def shown(**choice) -> list[int]:
        rows = lists.live_cases(as_of=BUSINESS_DAY, choice=Choice(**choice))
        return [row.case_id for row in rows]

    assert shown() == [other, case_id]
    assert shown(agency_id=agency) == [other]
    assert shown(agency_id=lists.NO_AGENCY) == [case_id]
    ours, theirs = lists.hands_of(lists.EVERY, as_of=BUSINESS_DAY)
    assert (ours.agency_id, ours.cases, ours.listed) == (None, 1, 1)
    assert (theirs.agency_name, theirs.cases, theirs.listed) == ("华信催收", 1, 0)


def test_a_page_places_as_the_web_role_and_only_the_agency_then_sees_it(case_id):
    agency = make_agency()
    leader = make_collector("zhou_lan", "周岚", role="LEADER")
    other = make_agency("xinyi", "信义催收")
    luo = make_collector("luo_bing", "罗兵", role="AGENCY", agency_id=agency)
    fan = make_collector("fan_li", "范丽", role="AGENCY", agency_id=other)

    def seen_by(person) -> list[int]:
        entering.enter(person.pk, on=BUSINESS_DAY, has_second_factor=False)
        return [row.case_id for row in lists.live_cases(as_of=BUSINESS_DAY)]

    with working_as(Role.WEB):
        entered = entering.enter(leader.pk, on=BUSINESS_DAY, has_second_factor=False)
        with held(entered.access):
            place(
                choice=Choice(case_ids=(case_id,)), agency_id=agency, seen=1, actor_id=leader.pk,
                at=AT_TEN, as_of=BUSINESS_DAY,
            )  # fmt: skip
        assert seen_by(luo) == [case_id]
        assert seen_by(fan) == []
        entering.leave()


def test_who_may_not_assign_places_nothing(case_id, liu):
    rights = frozenset(set(Right) - {Right.ASSIGN_CASES})
    somebody = Access(user_id=1, rights=rights, reach=Reach.ALL, has_second_factor=True)
    with held(somebody), pytest.raises(NotAllowed):
        placed(case_ids=[case_id], agency_id=make_agency())
    assert hands_of(case_id) == (liu.pk, None)


def test_another_lenders_case_is_not_placed(case_id, liu):
    bao = make_lender("bao")
    other = make_case(
        make_contract(number="BAO-1", lender_id=bao, borrower_id=make_party(lender_id=bao)),
        collector=liu,
    )
    agency = make_agency()
    rights = frozenset({Right.ASSIGN_CASES})
    with held(Access(user_id=1, rights=rights, reach=Reach.ALL, lender_ids=(make_lender(),))):
        assert placed(case_ids=[case_id, other], agency_id=agency) == 1
    assert hands_of(case_id) == (None, agency)
    assert hands_of(other) == (liu.pk, None)
