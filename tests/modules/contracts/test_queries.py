"""The contract's file: terms, people and other loans."""

import pytest

from recoup.core.money import Money
from recoup.modules.contracts import queries
from recoup.modules.contracts.rules import Role
from tests.factories import (
    first_contact_point,
    make_case,
    make_contact_point,
    make_contract,
    make_party,
    name_in_contract,
)

pytestmark = pytest.mark.django_db


def test_the_file_names_the_borrower_first_then_by_part_in_the_contract(
    django_assert_num_queries,
):
    wang = make_party("王小强", income_minor=950_000)
    make_contact_point(wang, "02188663388", kind="PHONE")
    contract = make_contract(borrower_id=wang)
    for name, role in (("孙悦", "CONTACT"), ("赵敏", "GUARANTOR"), ("李梅", "CO_BORROWER")):
        name_in_contract(contract, make_party(name, phone=""), role)

    with django_assert_num_queries(1):
        file = queries.contract_file(contract_id=contract)

    assert file is not None
    assert [(named.person.name_masked, named.role) for named in file.people] == [
        ("王*强", Role.BORROWER),
        ("李*", Role.CO_BORROWER),
        ("赵*", Role.GUARANTOR),
        ("孙*", Role.CONTACT),
    ]
    masked = [point.value_masked for point in file.borrower.numbers]
    assert masked == ["138****6021", "021****3388"]
    assert file.borrower.income == Money(950_000, "CNY")


def test_the_file_lists_the_borrowers_other_loans_those_in_arrears_first():
    wang = make_party("王小强")
    contract = make_contract(borrower_id=wang, number="A")
    make_contract(borrower_id=wang, number="B", state="SETTLED")
    late = make_contract(borrower_id=wang, number="C")
    make_case(late, bucket=3)
    make_contract(borrower_id=make_party("张伟", phone="13900000001"), number="D")

    file = queries.contract_file(contract_id=contract)

    assert file is not None
    assert [(loan.number, loan.bucket) for loan in file.other_loans] == [("C", 3), ("B", None)]


def test_an_unknown_contract_has_no_file():
    assert queries.contract_file(contract_id=999_999) is None


def test_only_numbers_of_people_in_the_contract_are_found():
    wang, zhao = make_party("王小强"), make_party("赵敏", phone="13711112222")
    contract = make_contract(borrower_id=wang)
    name_in_contract(contract, zhao, "GUARANTOR")
    stranger = first_contact_point(make_party("路人甲", phone="13911119999"))

    found = [
        queries.named_contact_point(contract_id=contract, contact_point_id=point)
        for point in (first_contact_point(wang), first_contact_point(zhao), stranger)
    ]

    assert [point and point.role for point in found] == [Role.BORROWER, Role.GUARANTOR, None]
