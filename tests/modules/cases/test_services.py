"""Holding, releasing and showing: each says why on the timeline, or leaves no trace."""

import pytest

from recoup.modules.cases import models, services
from recoup.modules.cases.rules import MoveRefused, NoLiveCase, ReasonMissing
from tests.factories import AT_TEN, BUSINESS_DAY, make_case, make_contract

pytestmark = pytest.mark.django_db


def act(service, contract_id: int, reason: str = "客户住院", **more: str) -> None:
    service(
        contract_id=contract_id, reason=reason, actor_id=3, at=AT_TEN, as_of=BUSINESS_DAY, **more
    )


def test_holding_and_releasing_write_who_when_and_why():
    contract = make_contract()
    make_case(contract)

    act(services.hold_case, contract, "  客户住院 ")
    held = models.Case.objects.get().state
    act(services.release_case, contract, "已出院")

    assert (held, models.Case.objects.get().state) == ("HELD", "OPEN")
    entries = models.TimelineEntry.objects.order_by("id")
    assert [(e.kind, e.actor_id, e.at, e.facts) for e in entries] == [
        ("CASE_HELD", 3, AT_TEN, {"reason": "客户住院"}),
        ("CASE_RELEASED", 3, AT_TEN, {"reason": "已出院"}),
    ]


def test_holding_a_held_case_is_refused_and_leaves_no_trace():
    contract = make_contract()
    make_case(contract, state="HELD")

    with pytest.raises(MoveRefused):
        act(services.hold_case, contract)

    assert not models.TimelineEntry.objects.exists()


@pytest.mark.parametrize("service", [services.hold_case, services.release_case])
def test_an_act_without_a_reason_is_refused(service):
    contract = make_contract()
    make_case(contract)

    with pytest.raises(ReasonMissing):
        act(service, contract, "   ")

    assert models.Case.objects.get().state == "OPEN"
    assert not models.TimelineEntry.objects.exists()


def test_a_cured_case_cannot_be_held():
    contract = make_contract()
    make_case(contract, state="CURED", closed_on=BUSINESS_DAY)

    with pytest.raises(NoLiveCase):
        act(services.hold_case, contract)

    assert models.Case.objects.get().state == "CURED"
