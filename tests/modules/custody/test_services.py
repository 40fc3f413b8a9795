"""Things are lent for a reason, come back the same day, and every movement stays known."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.foundation.access.context import NotAllowed, as_system, held
from recoup.foundation.access.rights import Right
from recoup.foundation.audit.models import Event
from recoup.modules.custody import queries, rules, services
from recoup.modules.custody.models import Item, Movement
from recoup.modules.custody.rules import ItemKind, ItemState, MovementKind
from tests import factories
from tests.factories import AT_TEN, BUSINESS_DAY
from tests.foundation.filestore.conftest import person

pytestmark = pytest.mark.django_db


class Office:
    """Sun keeps the files of Anda; Liu collects."""

    def __init__(self) -> None:
        self.lender = factories.make_lender()
        self.contract = factories.make_contract()
        self.sun = factories.make_collector(
            "sun_fang", "孙芳", role="ENTRY", employee_number="2001"
        )
        self.liu = factories.make_collector()

    def register(self, **more: Any) -> int:
        asked = {
            "lender_id": self.lender,
            "kind": ItemKind.PAPER_FILE,
            "label": "A-117302",
            "place": "档案室 3 柜 2 层",
            "contract_number": "AF2024-117302",
        }
        return services.register(**(asked | self.now() | more))

    def now(self, days: int = 0) -> dict[str, Any]:
        return {
            "actor_id": self.sun.pk,
            "at": AT_TEN + timedelta(days=days),
            "as_of": BUSINESS_DAY + timedelta(days=days),
        }

    def lend(self, item_id: int, **more: Any) -> None:
        asked = {"borrower": "liu_min", "reason": "法院要求核对原件"}
        services.borrow(item_id=item_id, **(asked | self.now() | more))


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    keeper = person(Right.KEEP_CUSTODY, lender_ids=(made.lender,), user_id=made.sun.pk)
    with held(keeper):
        yield made


def trace() -> list[tuple[Any, ...]]:
    """Everything the register holds."""
    things = Item.objects.order_by("id").values_list("state", "holder_id", "due_on", "place")
    return [*things, Movement.objects.count()]


def test_a_thing_is_entered_lent_until_tonight_and_taken_back(office):
    number = office.register()
    office.lend(number)
    out = queries.item(item_id=number, as_of=BUSINESS_DAY)
    services.give_back(item_id=number, **office.now())
    back = queries.item(item_id=number, as_of=BUSINESS_DAY)

    assert (out.state, out.holder_name, out.due_on) == (ItemState.OUT, "刘敏", BUSINESS_DAY)
    assert out.contract_number == "AF2024-117302"
    assert (back.state, back.holder_name, back.due_on) == (ItemState.IN, "", None)
    kinds = [m.kind for m in queries.movements(item_id=number)]
    assert kinds == [MovementKind.RETURNED, MovementKind.BORROWED, MovementKind.REGISTERED]
    returned = queries.movements(item_id=number)[0]
    assert (returned.holder_name, returned.actor_name) == ("刘敏", "孙芳")


def test_what_is_not_back_the_next_day_is_overdue_for_keeper_leader_and_borrower(office):
    number = office.register()
    office.lend(number)
    tomorrow = BUSINESS_DAY + timedelta(days=1)

    assert queries.overdue(as_of=BUSINESS_DAY) == []
    (late,) = queries.overdue(as_of=tomorrow)
    assert (late.id, late.days_overdue) == (number, 1)
    assert queries.overdue(as_of=tomorrow, team_id=office.liu.team_id) == [late]
    assert queries.overdue(as_of=tomorrow, team_id=office.liu.team_id + 1) == []
    assert queries.held_by(user_id=office.liu.pk, as_of=tomorrow) == [late]
    counts = queries.counts(as_of=tomorrow)
    assert (counts.kept, counts.out, counts.due, counts.overdue) == (1, 1, 0, 1)
    services.give_back(item_id=number, **office.now(days=1))
    assert queries.overdue(as_of=tomorrow) == []


def test_a_prolonged_loan_is_late_after_its_new_day_only(office):
    number = office.register()
    office.lend(number)
    until = BUSINESS_DAY + timedelta(days=3)
    services.prolong(item_id=number, due_on=until, reason="庭审延期", **office.now())

    assert queries.overdue(as_of=until) == []
    assert len(queries.overdue(as_of=until + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"borrower": "nobody"}, rules.BorrowerUnknown),
        ({"borrower": ""}, rules.BorrowerUnknown),
        ({"borrower": "sun_fang"}, rules.KeeperBorrows),
        ({"borrower": "2001"}, rules.KeeperBorrows),
        ({"reason": "   "}, rules.ReasonMissing),
        ({"due_on": BUSINESS_DAY - timedelta(days=1)}, rules.DuePast),
        ({"due_on": date(2027, 1, 1)}, rules.DueTooLate),
    ],
)
def test_a_loan_that_is_refused_leaves_no_trace(office, change, refusal):
    number = office.register()
    before = trace()

    with pytest.raises(refusal):
        office.lend(number, **change)
    assert trace() == before


def test_what_is_out_is_not_lent_moved_or_handed_over(office):
    number = office.register()
    office.lend(number)
    before = trace()

    with pytest.raises(rules.NotThere):
        office.lend(number)
    with pytest.raises(rules.NotThere):
        services.move(item_id=number, place="别处", **office.now())
    with pytest.raises(rules.NotThere):
        services.hand_over(item_id=number, reason="还给委托方", **office.now())
    assert trace() == before


def test_what_is_here_or_gone_is_not_taken_back_and_what_is_gone_stays_known(office):
    number = office.register()
    with pytest.raises(rules.NotOut):
        services.give_back(item_id=number, **office.now())
    services.hand_over(item_id=number, reason="结清，还给借款人", **office.now())
    before = trace()

    with pytest.raises(rules.NotOut):
        services.give_back(item_id=number, **office.now())
    with pytest.raises(rules.NotThere):
        office.lend(number)
    assert trace() == before
    assert queries.item(item_id=number, as_of=BUSINESS_DAY).state is ItemState.GONE
    assert queries.counts(as_of=BUSINESS_DAY).kept == 0


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"label": " "}, rules.LabelMissing),
        ({"place": ""}, rules.PlaceMissing),
        ({"contract_number": "AF-0"}, rules.ContractNotKnown),
    ],
)
def test_a_thing_is_entered_with_label_and_place_or_not_at_all(office, change, refusal):
    with pytest.raises(refusal):
        office.register(**change)
    assert trace() == [0]


def test_a_label_is_in_the_register_once_per_lender(office):
    office.register()
    with pytest.raises(rules.LabelTaken):
        office.register()
    other = factories.make_lender("borui", "博瑞融资租赁")
    assert office.register(lender_id=other, contract_number="")


def test_who_does_not_keep_the_register_writes_nothing_in_it(office):
    number = office.register()
    before = trace()
    liu = person(Right.WORK_CASES, lender_ids=(office.lender,), user_id=office.liu.pk)

    with held(liu):
        with pytest.raises(NotAllowed):
            office.register(label="B-1")
        with pytest.raises(NotAllowed):
            office.lend(number)
    assert trace() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_movement SET reason = 'x'",
        "DELETE FROM custody_movement",
        "TRUNCATE custody_movement",
        "DELETE FROM custody_item",
        "UPDATE custody_item SET state = 'OUT'",
    ],
)
def test_the_database_keeps_the_register(office, statement):
    office.register()
    before = trace()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert trace() == before


def test_every_movement_is_on_record_with_its_contract(office):
    number = office.register()
    office.lend(number)

    event = Event.objects.filter(act="ITEM_BORROWED").get()
    assert (event.subject_id, event.actor_id) == (number, office.sun.pk)
    assert event.contract_ids == [office.contract]
    assert event.facts == {"movement": "BORROWED", "holder": office.liu.pk}


def test_things_are_found_by_the_beginning_of_a_label_or_a_whole_contract_number(office):
    number = office.register()
    office.register(label="K_7", kind=ItemKind.KEY, contract_number="")

    def found(said: str) -> list[int]:
        return [row.id for row in queries.items(as_of=BUSINESS_DAY, said=said)]

    assert found("A-11") == [number]
    assert found("AF2024-117302") == [number]
    assert found("AF2024") == []
    assert found("K%") == []
    assert len(found("K_")) == 1


def test_a_job_may_read_the_register_too(office):
    number = office.register()
    with as_system("night"):
        assert queries.item(item_id=number, as_of=BUSINESS_DAY) is not None
