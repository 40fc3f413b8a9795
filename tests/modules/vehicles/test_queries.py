"""The car behind a contract."""

import pytest

from recoup.core.money import Money
from recoup.modules.vehicles import queries
from tests.factories import make_contract, make_vehicle

pytestmark = pytest.mark.django_db


def test_a_contract_has_its_car_or_none():
    contract = make_contract()
    before = queries.vehicle_of_contract(contract_id=contract)
    make_vehicle(contract)
    after = queries.vehicle_of_contract(contract_id=contract)

    assert before is None
    assert after is not None
    assert (after.model, after.value) == ("朗逸 1.5L", Money(7_850_000, "CNY"))
