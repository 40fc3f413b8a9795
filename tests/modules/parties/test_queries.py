"""People and how to reach them."""

import pytest

from recoup.modules.parties import queries
from tests.factories import make_contact_point, make_party

pytestmark = pytest.mark.django_db


def test_valid_own_numbers_come_first_and_addresses_are_not_numbers():
    wang = make_party("王小强", phone="")
    make_contact_point(wang, "13900001111", holder="SPOUSE")
    make_contact_point(wang, "13800000000", is_valid=False)
    make_contact_point(wang, "世纪大道 100 号", kind="ADDRESS")
    make_contact_point(wang, "13812346021")

    person = queries.person(party_id=wang)

    assert person is not None
    assert [point.value_masked for point in person.numbers] == [
        "138****6021",
        "139****1111",
        "138****0000",
    ]
    assert person.name_masked == "王*强"
    assert len(person.contact_points) == 4


def test_nobody_is_nobody():
    assert queries.person(party_id=999_999) is None
