"""A small house: two lenders, two teams, an agency; a contract in each hand, who looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from psycopg import sql

from recoup.foundation.access import entering
from recoup.foundation.access.roles import Role
from recoup.modules.arrears.models import Snapshot
from recoup.modules.cases.models import Case, TimelineEntry
from recoup.modules.comms.rules import CallResult
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger.models import (
    Adjustment,
    AdjustmentReversal,
    Entry,
    Extension,
    Payment,
    Reversal,
    Transfer,
)
from recoup.modules.workforce.models import Agency, Grant, User
from tests.factories import (
    AT_TEN,
    BUSINESS_DAY,
    make_call,
    make_case,
    make_contract,
    make_decision,
    make_finished_night,
    make_lender,
    make_party,
    make_promise,
    make_team,
    make_vehicle,
    make_worklist_item,
    name_in_contract,
)
from tests.support.roles import working_as

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
A_MONTH_AGO, LONG_AGO = date(2026, 10, 30), date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hands a contract is in."""

    lender: str
    collector: str = ""
    agency: bool = False
    closed_on: date | None = None
    has_case: bool = True


HANDS = {
    "lius": Hand("anda", "liu"),
    "chens_of_the_same_team": Hand("anda", "chen"),
    "zhous_of_another_team": Hand("anda", "zhou"),
    "the_agencys": Hand("anda", agency=True),
    "nobodys": Hand("anda"),
    "never_late": Hand("anda", has_case=False),
    "lius_closed_lately": Hand("anda", "liu", closed_on=A_MONTH_AGO),
    "lius_closed_long_ago": Hand("anda", "liu", closed_on=LONG_AGO),
    "lius_of_another_lender": Hand("beiyuan", "liu"),
    "zhous_of_another_lender": Hand("beiyuan", "zhou"),
}
EVERY = frozenset(HANDS)
OF_ANDA = frozenset(name for name, hand in HANDS.items() if hand.lender == "anda")
OF_TEAM = frozenset(
    {"lius", "chens_of_the_same_team", "lius_closed_lately", "lius_of_another_lender"}
)
# Who looks: role, for which lender, and which contracts they may see anything of.
PEOPLE: dict[str, tuple[str, str, frozenset[str]]] = {
    "liu": ("COLLECTOR", "", OF_TEAM),
    "chen": ("COLLECTOR", "anda", OF_TEAM & OF_ANDA),
    "zhou": ("COLLECTOR", "", frozenset({"zhous_of_another_team", "zhous_of_another_lender"})),
    "leader_of_anda": ("LEADER", "anda", OF_ANDA),
    "leader_of_all": ("LEADER", "", EVERY),
    "finance": ("FINANCE", "", EVERY),
    "finance_of_anda": ("FINANCE", "anda", OF_ANDA),
    "entry": ("ENTRY", "", EVERY),
    "closing": ("CLOSING", "", EVERY),
    "compliance": ("COMPLIANCE", "", EVERY),
    "audit": ("AUDIT", "", EVERY),
    "inspector": ("INSPECTOR", "anda", OF_ANDA),
    "lender": ("LENDER", "anda", OF_ANDA),
    "agency": ("AGENCY", "", frozenset({"the_agencys"})),
    "service": ("SERVICE", "anda", OF_ANDA),
    "intake": ("INTAKE", "", frozenset()),
    "operator": ("OPERATOR", "", frozenset()),
    "borrower": ("BORROWER", "", frozenset()),
    "without_a_role": ("", "", frozenset()),
}
TEAMS = {"liu": "phone-1", "chen": "phone-1", "zhou": "phone-2"}


@dataclass(frozen=True, slots=True)
class House:
    """Ids by name."""

    people: dict[str, int]
    contracts: dict[str, int]
    lenders: dict[str, int]
    agency_id: int

    def names(self, contract_ids: set[int]) -> set[str]:
        """The contracts with these ids, by name."""
        return {name for name, number in self.contracts.items() if number in contract_ids}


def build() -> House:
    """Everybody and everything, made as the owner."""
    make_finished_night()
    lenders = {"anda": make_lender(), "beiyuan": make_lender("beiyuan", "北源融资租赁")}
    agency_id = int(Agency.objects.create(code="xinyi", name="信义催收").pk)
    people = {name: _enter_person(name, lenders, agency_id) for name in PEOPLE}
    contracts = {
        name: _contract(name, hand, lenders, people, agency_id) for name, hand in HANDS.items()
    }
    return House({name: user.pk for name, user in people.items()}, contracts, lenders, agency_id)


def _enter_person(name: str, lenders: dict[str, int], agency_id: int) -> User:
    role, lender, _ = PEOPLE[name]
    team = make_team(TEAMS[name], TEAMS[name]) if name in TEAMS else None
    is_service = role == "SERVICE"
    password = "!" if is_service else f"hash of {name}"
    user = User.objects.create(
        username=name, password=password, team_id=team, is_service=is_service
    )
    if role:
        Grant.objects.create(
            user=user,
            role_id=role,
            lender_id=lenders.get(lender),
            agency_id=agency_id if role == "AGENCY" else None,
            expires_on=date(2026, 12, 31) if role == "INSPECTOR" else None,
            granted_at=NOW,
        )
    return user


def _contract(
    name: str, hand: Hand, lenders: dict[str, int], people: dict[str, User], agency_id: int
) -> int:
    lender_id = lenders[hand.lender]
    borrower = make_party(name[:20], lender_id=lender_id)
    contract_id = make_contract(number=name[:60], borrower_id=borrower, lender_id=lender_id)
    guarantor = make_party(f"{name[:18]} g", lender_id=lender_id, phone="13912340000")
    name_in_contract(contract_id, guarantor, "GUARANTOR")
    make_vehicle(contract_id)
    _money(contract_id)
    Snapshot.objects.create(
        as_of=BUSINESS_DAY, contract_id=contract_id, lender_id=lender_id, dpd_raw=38, dpd_net=38,
        bucket=2, tier=2, unpaid_dues=2, principal_minor=1, interest_minor=1, cost_minor=0,
        penalty_minor=0, exposure_minor=2,
    )  # fmt: skip
    if hand.has_case:
        _case(contract_id, borrower, hand, people, agency_id)
    return contract_id


def _money(contract_id: int) -> None:
    payment = Payment.objects.create(
        contract_id=contract_id, value_on=BUSINESS_DAY, amount_minor=100, currency="CNY",
        channel="TRANSFER", received_at=NOW,
    )  # fmt: skip
    Reversal.objects.create(
        payment=payment, contract_id=contract_id, reason="退票", reversed_on=BUSINESS_DAY,
        received_at=NOW,
    )  # fmt: skip
    Entry.objects.create(
        contract_id=contract_id, source_id=payment.pk, debit=1, credit=2, amount_minor=100,
        value_on=BUSINESS_DAY, booked_at=NOW,
    )  # fmt: skip
    adjustment = Adjustment.objects.create(
        contract_id=contract_id, kind="WAIVER", value_on=BUSINESS_DAY, amount_minor=1,
        reason="减免", request_id=contract_id, received_at=NOW,
    )  # fmt: skip
    AdjustmentReversal.objects.create(
        adjustment=adjustment, contract_id=contract_id, reason="误批", reversed_on=BUSINESS_DAY,
        received_at=NOW,
    )  # fmt: skip
    Transfer.objects.create(
        payment=payment, contract_id=contract_id, to_contract_id=0, amount_minor=100,
        to_payment_id=0, reason="错账", request_id=contract_id, received_at=NOW,
    )  # fmt: skip
    Extension.objects.create(
        contract_id=contract_id, months=1, seqs=[1], reason="展期", decided_on=BUSINESS_DAY,
        received_at=NOW,
    )  # fmt: skip


def _case(
    contract_id: int, borrower: int, hand: Hand, people: dict[str, User], agency_id: int
) -> None:
    collector = people.get(hand.collector)
    state = {"state": "CLOSED", "closed_on": hand.closed_on} if hand.closed_on else {}
    case_id = make_case(
        contract_id, collector=collector, agency_id=agency_id if hand.agency else None, **state
    )
    # Whoever did it long before is not who looks: nobody sees it for having done it.
    stranger = people["without_a_role"]
    make_decision(case_id)
    make_worklist_item(case_id, collector or stranger)
    make_call(case_id, borrower, CallResult.NO_ANSWER, AT_TEN, actor=stranger)
    make_promise(case_id, due_on=BUSINESS_DAY, actor=stranger)
    TimelineEntry.objects.create(
        contract_id=contract_id, case_id=case_id, at=NOW, business_on=BUSINESS_DAY,
        kind="CASE_OPENED",
    )  # fmt: skip


@contextmanager
def looking(user_id: int | None, *, has_second_factor: bool = True) -> Iterator[None]:
    """A web process in which this person is in; nobody for None."""
    with working_as(Role.WEB):
        entering.leave()
        if user_id is not None:
            entering.enter(user_id, on=BUSINESS_DAY, has_second_factor=has_second_factor)
        yield
        entering.leave()


def ask(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """The rows a statement returns, as whoever is in."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def count(table: str) -> int:
    """How many rows of a table are seen."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int(cursor.fetchone()[0])


def contract_of_case(case_id: int) -> int:
    """Asked as the owner."""
    return int(Case.objects.get(pk=case_id).contract_id)


def contract_numbered(name: str) -> Contract:
    """Asked as the owner."""
    return Contract.objects.get(number=name[:60])
