"""Two lenders, a service account of one of them, and its keys."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from recoup.foundation.access.rights import Right
from recoup.foundation.sign_in.services import make_key
from recoup.modules.workforce.models import User
from tests import factories
from tests.factories import AT_TEN

ALL = (Right.SEE_CASES, Right.POST_PAYMENTS, Right.TAKE_IN)
WANG, LI = "王小强", "李大山"


class Partner:
    """Anda's system and what it may see; Hengtong's debtor Li is none of its business."""

    def __init__(self) -> None:
        factories.make_finished_night()
        self.anda = factories.make_lender("anda")
        self.hengtong = factories.make_lender("hengtong", "恒通融资租赁")
        self.collector = factories.make_collector()
        wang = factories.make_party(WANG, lender_id=self.anda, phone="13812346021")
        self.wangs = factories.make_contract(number="AF-1", borrower_id=wang, lender_id=self.anda)
        factories.make_vehicle(self.wangs)
        self.case = factories.make_case(self.wangs, collector=self.collector)
        li = factories.make_party(LI, lender_id=self.hengtong, phone="13900008888")
        self.lis = factories.make_contract(number="HT-9", borrower_id=li, lender_id=self.hengtong)
        factories.make_case(self.lis, collector=self.collector)
        self.user = make_service("anda-erp", self.anda)

    def key(self, scopes: Collection[Right] = ALL, user: User | None = None) -> str:
        """A key with these scopes."""
        made = make_key(
            user_id=(user or self.user).pk,
            name="nightly",
            scopes=scopes,
            expires_at=AT_TEN + timedelta(days=30),
            actor_id=None,
            at=AT_TEN,
        )
        return made.text

    def client(self, scopes: Collection[Right] = ALL, language: str = "en") -> Client:
        """A caller with such a key."""
        return caller(self.key(scopes), language)

    def payment(self, **said: object) -> dict[str, object]:
        """A sound payment for Wang's contract."""
        return {
            "contract_id": self.wangs,
            "amount_minor": 540_000,
            "currency": "CNY",
            "value_on": date(2026, 11, 19).isoformat(),
            "channel": "TRANSFER",
            "reference": "BANK-1",
        } | said


def make_service(username: str, lender_id: int, role: str = "SERVICE") -> User:
    """An account nobody signs in as."""
    user = User.objects.create(
        username=username, password="!", display_name=username, is_service=role == "SERVICE"
    )
    factories.make_grant(user, role, lender_id=lender_id)
    return user


def caller(key: str, language: str = "en") -> Client:
    """Whoever holds this key."""
    return Client(headers={"authorization": f"Bearer {key}", "accept-language": language})


@pytest.fixture
def partner(db: None) -> "Partner":
    with time_machine.travel(AT_TEN, tick=False):
        return Partner()


@pytest.fixture(autouse=True)
def at_ten() -> "Callable[[], None]":
    with time_machine.travel(AT_TEN, tick=False):
        yield
