"""Placing cases with an agency, and taking them back."""

from functools import partial

import pytest

from recoup.foundation.access.context import Access, NotAllowed, held
from recoup.foundation.access.rights import Reach, Right
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

pytestmark = pytest.mark.django_db
placed = partial(place, actor_id=7, at=AT_TEN, as_of=BUSINESS_DAY)


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
    assert (entry.kind, entry.facts, entry.actor_id) == ("CASE_ASSIGNED", {"agency_id": agency}, 7)


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
    assert placed(case_ids=[case_id, closed], agency_id=agency) == 0
    assert TimelineEntry.objects.count() == 1
    assert hands_of(closed) == (None, None)


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
