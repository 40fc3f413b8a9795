"""Liu Min's Friday morning, for the tests of the case and account pages."""

import re
from datetime import date
from html import unescape

from django.test import Client

from recoup.interfaces.web.entering import SECOND_FACTOR
from recoup.modules.workforce.models import User
from tests.factories import (
    first_contact_point,
    make_case,
    make_collector,
    make_contact_point,
    make_contract,
    make_decision,
    make_finished_night,
    make_party,
    make_vehicle,
    make_worklist_item,
    monthly_dues,
    name_in_contract,
)


def words(html: str) -> str:
    """The page's words without markup, blanks collapsed."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html.replace("</dt>", " "))))


class Morning:
    """Liu has two cases today: Wang, three instalments late, and Zhang."""

    def __init__(self, client: Client, language: str = "zh-hans") -> None:
        make_finished_night()
        self.client = client
        self.liu = make_collector(language=language)
        self.wang = make_party(
            "王小强", phone="13812346021", id_number="310101199001011234", income_minor=950_000
        )
        make_contact_point(self.wang, "上海市浦东新区世纪大道100号1502室", kind="ADDRESS")
        self.contract = make_contract(
            borrower_id=self.wang, dues=monthly_dues(date(2026, 3, 13), 36), paid_dues=6
        )
        make_vehicle(self.contract)
        self.zhao = make_party("赵敏敏", phone="13711112222")
        name_in_contract(self.contract, self.zhao, "GUARANTOR")
        self.case = make_case(self.contract, collector=self.liu)
        make_decision(self.case)
        make_worklist_item(self.case, self.liu, rank=1)
        self.number = first_contact_point(self.wang)
        zhang = make_party("张伟", phone="13900000002")
        self.next_contract = make_contract(number="AF2024-2", borrower_id=zhang)
        make_worklist_item(make_case(self.next_contract, collector=self.liu), self.liu, rank=2)
        self.sign_in(self.liu)

    def sign_in(self, user: User, *, has_second_factor: bool = False) -> None:
        self.client.force_login(user)
        if has_second_factor:
            session = self.client.session
            session[SECOND_FACTOR] = 1
            session.save()

    def address(self, rest: str = "case") -> str:
        return f"/contracts/{self.contract}/{rest}"

    def call(self, result: str = "NO_ANSWER", **typed: str) -> dict[str, str]:
        """The composer's fields as the browser sends them."""
        return {
            "form_key": "7b1f6f0e-6f0d-4f2a-9f59-0b8a4f7c1a01",
            "contact_point": str(self.number),
            "result": result,
            "amount": "16200.00",
            "due_on": "2026-11-23",
            "note": "",
            "then": "stay",
        } | typed
