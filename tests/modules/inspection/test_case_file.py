"""A case as it stood on a day: what came after it is not in the file."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recoup.foundation import audit
from recoup.foundation.access.context import Access, NotAllowed, SecondFactorNeeded, as_system, held
from recoup.foundation.access.rights import Right
from recoup.foundation.audit.queries import events
from recoup.interfaces.inspection.package import Maker, faults, manifest_sha256, package
from recoup.modules.cases.models import TimelineEntry
from recoup.modules.comms.rules import CallResult
from recoup.modules.inspection import services
from recoup.modules.inspection.rules import (
    CaseFile,
    Chapter,
    ContractUnknown,
    DayInFuture,
    bucket_after,
    state_after,
)
from recoup.modules.ledger.models import Payment, Reversal
from tests.factories import (
    BUSINESS_DAY,
    make_call,
    make_case,
    make_collector,
    make_contract,
    make_decision,
    make_party,
    make_promise,
    make_vehicle,
)

pytestmark = pytest.mark.django_db
THE_DAY = date(2026, 11, 16)
NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)  # noon in Shanghai
MAKER = Maker("审计 Shen Ji", "R0009", datetime(2026, 11, 21, 8, 30, tzinfo=UTC), 120, 7, None)


@pytest.fixture
def contract_id() -> Iterator[int]:
    """Wang Xiaoqiang's contract, with something before and something after the day."""
    liu = make_collector()
    party_id = make_party("王小强")
    contract_id = make_contract(borrower_id=party_id)
    make_vehicle(contract_id)
    case_id = make_case(contract_id, collector=liu)
    for days, amount in ((-3, 100_000), (0, 20_000), (2, 30_000)):
        Payment.objects.create(
            contract_id=contract_id, value_on=THE_DAY + timedelta(days=days), amount_minor=amount,
            currency="CNY", channel="TRANSFER", received_at=NOON + timedelta(days=days),
        )  # fmt: skip
    for days, kind, facts in (
        (-5, "CASE_OPENED", {"bucket": 1, "dpd": 3}),
        (-2, "BUCKET_MOVED", {"from_bucket": 1, "to_bucket": 2}),
        (3, "CASE_HELD", {}),
    ):
        TimelineEntry.objects.create(
            contract_id=contract_id, case_id=case_id, at=NOON + timedelta(days=days),
            business_on=THE_DAY + timedelta(days=days), kind=kind, facts=facts,
        )  # fmt: skip
    make_call(case_id, party_id, CallResult.NO_ANSWER, NOON - timedelta(days=1), actor=liu)
    make_call(case_id, party_id, CallResult.PROMISE, NOON + timedelta(days=1), actor=liu)
    make_promise(
        case_id, due_on=date(2026, 11, 18), actor=liu, state="BROKEN", decided_on=date(2026, 11, 19)
    )
    make_decision(case_id, as_of=THE_DAY)
    make_decision(case_id, as_of=BUSINESS_DAY)
    with as_system("test"):
        yield contract_id


def inspect(contract_id: int, as_of: date = THE_DAY) -> CaseFile:
    end = datetime(as_of.year, as_of.month, as_of.day, 16, tzinfo=UTC)  # midnight in Shanghai
    return services.inspect(contract_id=contract_id, as_of=as_of, known_by=end, today=BUSINESS_DAY)


def column(case: CaseFile, chapter: Chapter, name: str) -> list[Any]:
    part = case.part(chapter)
    return [row[part.columns.index(name)] for row in part.rows]


def test_money_that_came_after_the_day_is_not_in_the_file(contract_id: int) -> None:
    case = inspect(contract_id)

    assert column(case, Chapter.PAYMENTS, "amount_minor") == [100_000, 20_000]
    assert sum(column(case, Chapter.ALLOCATIONS, "amount_minor")) == 120_000
    (total,) = column(case, Chapter.POSITION, "overdue_total_minor")
    (later,) = column(inspect(contract_id, BUSINESS_DAY), Chapter.POSITION, "overdue_total_minor")
    assert later < total


def test_a_payment_we_learned_of_later_is_not_in_the_file_though_it_counts_from_before(
    contract_id: int,
) -> None:
    before = column(inspect(contract_id), Chapter.POSITION, "overdue_total_minor")
    Payment.objects.create(
        contract_id=contract_id, value_on=date(2026, 11, 10), amount_minor=77_000, currency="CNY",
        channel="CASH", received_at=NOON + timedelta(days=3),
    )  # fmt: skip

    assert column(inspect(contract_id), Chapter.POSITION, "overdue_total_minor") == before


def test_a_payment_reversed_later_still_stood_on_the_day(contract_id: int) -> None:
    payment = Payment.objects.get(amount_minor=100_000)
    Reversal.objects.create(
        payment=payment, contract_id=contract_id, reason="bounced",
        reversed_on=date(2026, 11, 14), received_at=NOON + timedelta(days=3),
    )  # fmt: skip

    assert column(inspect(contract_id), Chapter.PAYMENTS, "reversed_on") == [None, None]
    assert sum(column(inspect(contract_id), Chapter.ALLOCATIONS, "amount_minor")) == 120_000
    after = inspect(contract_id, date(2026, 11, 19))
    assert column(after, Chapter.PAYMENTS, "reversed_on")[0] == date(2026, 11, 14)
    assert sum(column(after, Chapter.ALLOCATIONS, "amount_minor")) == 50_000


def test_case_calls_and_promises_are_those_of_the_day(contract_id: int) -> None:
    case = inspect(contract_id)

    assert column(case, Chapter.CASE, "state") == ["OPEN"]
    assert column(case, Chapter.CASE, "bucket") == [2]
    assert column(case, Chapter.CALLS, "result") == ["NO_ANSWER"]
    assert column(case, Chapter.PROMISES, "state") == ["OPEN"]
    assert column(inspect(contract_id, BUSINESS_DAY), Chapter.PROMISES, "state") == ["BROKEN"]
    assert column(inspect(contract_id, BUSINESS_DAY), Chapter.CASE, "state") == ["HELD"]


def test_a_decision_names_its_rule_and_version(contract_id: int) -> None:
    case = inspect(contract_id)

    assert column(case, Chapter.DECISIONS, "as_of") == [THE_DAY]
    assert column(case, Chapter.DECISIONS, "version") != [None]
    assert column(case, Chapter.DECISIONS, "dpd_from") != [None]


def test_names_and_numbers_are_masked_everywhere(contract_id: int) -> None:
    content = package(inspect(contract_id), MAKER).content
    said = "".join(
        text.decode()
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
        if (text := zipfile.ZipFile(io.BytesIO(content)).read(name))
    )

    assert "王*强" in said
    assert "王小强" not in said
    assert "13812346021" not in said
    assert "LSVAA4187E2184321" not in said


def test_to_inspect_is_an_act_on_record_and_so_is_who_saw_it_before(contract_id: int) -> None:
    audit.record(audit.Act.CASE_SEEN, "contract", contract_id)

    seen = column(inspect(contract_id, date(2026, 11, 20)), Chapter.SEEN_BY, "act")

    assert seen == []  # it was seen today, not by the day asked for
    assert [e.act for e in events(contract_id=contract_id, limit=2)] == ["INSPECTED", "CASE_SEEN"]


def test_the_file_holds_both_languages_data_and_a_manifest_that_proves_them(
    contract_id: int,
) -> None:
    made = package(inspect(contract_id), MAKER)
    opened = zipfile.ZipFile(io.BytesIO(made.content))
    folder = made.name.removesuffix(".zip")
    page = opened.read(f"{folder}/case.html").decode()
    data = json.loads(opened.read(f"{folder}/case.json"))

    assert faults(made.content) == []
    assert "王*强" in page
    assert "Decisions, with rule and version" in page
    assert "催收" in page
    assert "<script" not in page
    assert "http" not in page
    assert {chapter.value.lower() for chapter in Chapter} == set(data["chapters"])
    assert made.content == package(inspect(contract_id), MAKER).content


def test_a_file_that_was_changed_is_found(contract_id: int) -> None:
    made = package(inspect(contract_id), MAKER)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"CASE_OPENED", b"CASE_CLOSED"))

    assert faults(changed.getvalue()) == ["case.json"]
    assert manifest_sha256(changed.getvalue()) == made.manifest_sha256


def test_a_day_ahead_and_an_unknown_contract_are_refused_and_leave_no_trace(
    contract_id: int,
) -> None:
    before = len(events(act="INSPECTED"))

    with pytest.raises(DayInFuture):
        inspect(contract_id, BUSINESS_DAY + timedelta(days=1))
    with pytest.raises(ContractUnknown):
        inspect(0)

    assert len(events(act="INSPECTED")) == before


@pytest.mark.parametrize(
    ("access", "refusal"),
    [
        (Access(user_id=1, rights=frozenset({Right.SEE_CASES})), NotAllowed),
        (Access(user_id=1, rights=frozenset({Right.INSPECT})), SecondFactorNeeded),
    ],
)
def test_without_right_or_second_factor_nothing_is_inspected(
    contract_id: int, access: Access, refusal: type[Exception]
) -> None:
    with held(access), pytest.raises(refusal):
        inspect(contract_id)


def test_the_state_after_a_timeline_is_that_of_its_last_move() -> None:
    assert state_after(["CASE_OPENED", "CALL_LOGGED"]) == "OPEN"
    assert state_after(["CASE_OPENED", "CASE_HELD", "CASE_RELEASED"]) == "OPEN"
    assert state_after(["CASE_OPENED", "CASE_CURED"]) == "CURED"
    assert state_after([]) == ""
    assert bucket_after([("CASE_OPENED", {"bucket": 1}), ("BUCKET_MOVED", {"to_bucket": 3})]) == 3
    assert bucket_after([]) is None
