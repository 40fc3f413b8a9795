"""The services ask again whose case it is, beside the database's policies (here: as its owner)."""

import pytest

from recoup.foundation.access.context import Access, held
from recoup.foundation.access.rights import Reach, Right
from recoup.modules.cases import services
from recoup.modules.cases.models import Case
from recoup.modules.cases.rules import NoLiveCase
from recoup.modules.ledger import services as ledger
from recoup.modules.ledger.models import Payment
from recoup.modules.ledger.rules import AccountUnknown, Channel
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_agency,
    make_case,
    make_collector,
    make_contract,
    make_lender,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def liu():
    return make_collector()


@pytest.fixture
def contract(liu):
    """A case of Anda's, in Liu's hands."""
    contract = make_contract()
    make_case(contract, collector=liu)
    return contract


def access(reach: Reach, user_id: int = 1, **more: object) -> Access:
    facts = {"lender_ids": (make_lender(),), "rights": frozenset(Right)} | more
    return Access(user_id=user_id, reach=reach, has_second_factor=True, **facts)


def hold(contract: int) -> None:
    services.hold_case(
        contract_id=contract, reason="投诉", actor_id=1, at=AT_TEN, as_of=BUSINESS_DAY
    )


def state() -> str:
    return Case.objects.get().state


def test_ones_own_ones_teams_and_all_are_within_reach(contract, liu):
    within = (
        access(Reach.OWN, liu.pk),
        access(Reach.TEAM, liu.pk, team_id=liu.team_id),
        access(Reach.TEAM, team_id=liu.team_id),
        access(Reach.ALL),
        access(Reach.LENDER),
    )
    for held_by in within:
        Case.objects.update(state="OPEN")
        with held(held_by):
            hold(contract)
        assert state() == "HELD"


def test_what_is_out_of_reach_is_as_if_it_were_not_there(contract, liu):
    bao = (make_lender("bao"),)
    beyond = (
        access(Reach.OWN),
        access(Reach.OWN, liu.pk, lender_ids=bao),
        access(Reach.TEAM, team_id=make_team("phone-2")),
        access(Reach.TEAM, team_id=None),
        access(Reach.ALL, lender_ids=bao),
        access(Reach.LENDER, lender_ids=bao),
        access(Reach.AGENCY, agency_id=make_agency()),
        access(Reach.AGENCY, agency_id=None),
        access(Reach.SELF),
        access(Reach.NONE),
    )
    for held_by in beyond:
        with held(held_by), pytest.raises(NoLiveCase):
            hold(contract)
        assert state() == "OPEN"


def test_an_agency_reaches_what_is_placed_with_it_and_the_team_no_longer(contract, liu):
    huaxin, other = make_agency(), make_agency("other", "另一家")
    Case.objects.update(agency_id=huaxin, collector_id=None)
    for held_by in (
        access(Reach.AGENCY, agency_id=other),
        access(Reach.TEAM, liu.pk, team_id=liu.team_id),
    ):
        with held(held_by), pytest.raises(NoLiveCase):
            hold(contract)
    with held(access(Reach.AGENCY, agency_id=huaxin)):
        hold(contract)
    assert state() == "HELD"


def test_no_money_is_posted_to_another_lenders_account(contract):
    def post() -> None:
        ledger.record_payment(
            contract_id=contract, amount_minor=100, currency="CNY", value_on=BUSINESS_DAY,
            channel=Channel.TRANSFER, reference="", actor_id=1, at=AT_TEN, as_of=BUSINESS_DAY,
        )  # fmt: skip

    with held(access(Reach.ALL, lender_ids=(make_lender("bao"),))), pytest.raises(AccountUnknown):
        post()
    assert not Payment.objects.exists()
    with held(access(Reach.ALL)):
        post()
    assert Payment.objects.count() == 1
