"""Terms, people, numbers and vehicle as they stood: photographed on the day, rebuilt afterwards."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from recoup.foundation import audit, db
from recoup.foundation.access.context import as_system
from recoup.foundation.audit import watching
from recoup.modules.comms.rules import CallResult
from recoup.modules.contracts.models import Contract, ContractParty
from recoup.modules.custody.models import Item, Movement
from recoup.modules.inspection import queries
from recoup.modules.inspection.rules import CaseFile, Chapter
from recoup.modules.ledger.models import Account, Extension
from recoup.modules.parties.models import ContactPoint, Lender, Party
from recoup.modules.vehicles.models import Vehicle
from tests.factories import (
    AT_TEN,
    first_contact_point,
    make_call,
    make_case,
    make_collector,
    make_contact_point,
    make_contract,
    make_lender,
    make_party,
    make_vehicle,
    name_in_contract,
)

pytestmark = pytest.mark.django_db
TOLD = (
    Chapter.CONTRACT,
    Chapter.PEOPLE,
    Chapter.CONTACT_POINTS,
    Chapter.VEHICLE,
    Chapter.POSITION,
    Chapter.DUES,
    Chapter.CALLS,
    Chapter.FILES,
    Chapter.CUSTODY,
    Chapter.REVEALS,
    Chapter.UNTOLD,
)


def now() -> datetime:
    moment: datetime = db.ask("SELECT clock_timestamp() AS at")[0]["at"]
    return moment


@pytest.fixture
def contract_id() -> int:
    """Wang's contract: with a guarantor, a car, a case, a call and a paper file."""
    wang = make_party("王小强")
    contract_id = make_contract(borrower_id=wang)
    name_in_contract(contract_id, make_party("赵铁柱", phone="13700001234"), "GUARANTOR")
    make_vehicle(contract_id)
    liu = make_collector()
    case_id = make_case(contract_id, collector=liu)
    make_call(case_id, wang, CallResult.NO_ANSWER, AT_TEN, actor=liu)
    item = Item.objects.create(
        lender_id=make_lender(), contract_id=contract_id, kind="PAPER_FILE", label="A-1", place="1"
    )
    Movement.objects.create(
        item=item, lender_id=make_lender(), kind="REGISTERED", at=AT_TEN,
        business_on=date(2026, 11, 20), actor_id=liu.pk, place="1",
    )  # fmt: skip
    return contract_id


def case_file(contract_id: int, known_by: datetime) -> CaseFile:
    with as_system("test"):
        day = timezone.localtime(known_by).date()
        return queries.case_file(contract_id=contract_id, as_of=day, known_by=known_by)


def told(contract_id: int, known_by: datetime) -> dict[Chapter, Any]:
    case = case_file(contract_id, known_by)
    return {chapter: case.part(chapter).rows for chapter in TOLD}


def reasons(contract_id: int, known_by: datetime) -> list[tuple[str, str]]:
    rows = case_file(contract_id, known_by).part(Chapter.UNTOLD).rows
    return [(row[0], row[1]) for row in rows]


def test_a_case_is_told_as_it_stood_whatever_was_changed_since(contract_id: int) -> None:
    moment = now()
    photograph = told(contract_id, moment)
    assert photograph[Chapter.UNTOLD] == ()
    assert len(photograph[Chapter.PEOPLE]) == 2

    borrower = Contract.objects.get(pk=contract_id).borrower_id
    number = first_contact_point(borrower)
    Lender.objects.update(name="换了名字")
    Contract.objects.update(annual_rate_micro=1, matures_on=None, region="北京", state="SETTLED")
    Account.objects.update(grace_days=9, penalty_rate_micro=1, tolerance_pct=99)
    Party.objects.update(name_masked="李*华", id_type="PASSPORT", region="北京")
    ContactPoint.objects.update(value_masked="139****0000", is_valid=False, holder="WORK")
    make_contact_point(borrower, "13900001111")
    ContractParty.objects.all().delete()
    name_in_contract(contract_id, make_party("孙悟空"), "CONTACT")
    Vehicle.objects.all().delete()
    make_vehicle(contract_id, make="丰田", colour="红")
    Movement.objects.create(
        item=Item.objects.get(), lender_id=make_lender(), kind="MOVED", at=now(),
        business_on=date(2026, 11, 23), actor_id=1, place="2",
    )  # fmt: skip
    audit.record(audit.Act.REVEALED, "party", borrower, facts={"purpose": "CALL"})

    assert told(contract_id, moment) == photograph
    later = told(contract_id, now())
    assert later[Chapter.REVEALS] != ()
    unchanged = (Chapter.FILES, Chapter.UNTOLD)
    assert {c for c in TOLD if c not in unchanged} == {c for c in TOLD if later[c] != photograph[c]}
    assert ContactPoint.objects.filter(pk=number).exists()


def test_a_portfolio_taken_in_by_large_statements_is_told_too(contract_id: int) -> None:
    lender_id = make_lender()
    with_many = watching.MOST_IMAGES + 5
    for n in range(with_many):
        make_party(f"钱{n}号", lender_id=lender_id, phone="")
    moment = now()
    photograph = told(contract_id, moment)

    Party.objects.update(name_masked="***换")

    last = db.ask("""
        SELECT facts::text AS facts FROM audit_event
         WHERE subject = 'parties_party' AND act = 'CHANGED' ORDER BY at DESC LIMIT 1
    """)[0]["facts"]
    assert "images" not in last
    assert "王*强" not in last
    assert told(contract_id, moment) == photograph


def test_a_contract_filed_after_the_day_says_so_and_is_shown_as_it_came(contract_id: int) -> None:
    before = now() - timedelta(days=3)

    case = case_file(contract_id, before)

    assert reasons(contract_id, before) == [("FILED_LATER", "contracts_contract")]
    assert case.part(Chapter.PEOPLE).rows[0][1] == "王*强"


def test_who_has_been_forgotten_since_is_said_to_be(contract_id: int) -> None:
    moment = now()
    borrower = Contract.objects.get(pk=contract_id).borrower_id
    db.ask("SELECT access_forget_people(ARRAY[%s]::bigint[])", [borrower])

    case = case_file(contract_id, moment)

    assert reasons(contract_id, moment) == [("FORGOTTEN", "parties_party")]
    assert case.part(Chapter.PEOPLE).rows[0][1] == "***"
    assert "6021" not in str(case)


def test_a_schedule_moved_after_the_day_is_said_to_be(contract_id: int) -> None:
    moment = now()
    Extension.objects.create(
        contract_id=contract_id, months=1, seqs=[1], reason="ill", decided_on=date(2026, 11, 23),
        received_at=moment + timedelta(seconds=1),
    )  # fmt: skip

    assert reasons(contract_id, moment) == [("EXTENDED", "ledger_due")]
    assert reasons(contract_id, moment + timedelta(seconds=2)) == []


def test_what_a_migration_changed_is_said(contract_id: int) -> None:
    moment = now()
    watching.rest()
    Vehicle.objects.update(colour="红")
    watching.watch()

    assert reasons(contract_id, moment) == [("MIGRATED", "vehicles_vehicle")]


def test_the_day_of_the_first_january_of_the_common_era_asks_for_nothing_odd(
    contract_id: int,
) -> None:
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)

    assert case_file(contract_id, long_ago).part(Chapter.PAYMENTS).rows == ()
