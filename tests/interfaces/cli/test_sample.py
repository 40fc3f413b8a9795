"""The sample: real loans to the cent, everything made up marked so, and never twice."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import TestCase
from pyarrow import parquet
from pytest_django.plugin import DjangoDbBlocker

from recoup.core.account import position, replay
from recoup.foundation import db
from recoup.foundation.access.context import as_system
from recoup.interfaces.cli import sample
from recoup.interfaces.cli.sample import made_up_loans, people, real_loans
from recoup.interfaces.cli.terms import CannotRun
from recoup.interfaces.worker.night import run_night
from recoup.modules.comms.models import Call
from recoup.modules.contracts.models import Contract
from recoup.modules.intake.models import Batch, QuarantinedRow
from recoup.modules.ledger.models import Account, Due, Entry, Payment
from recoup.modules.parties.models import ContactPoint, Party
from recoup.modules.plans.models import Promise
from recoup.modules.vehicles.models import Vehicle
from tests.factories import make_collector, make_lender

DAY = sample.BUSINESS_DAY
FEW = 40


def load() -> None:
    """All of AmeriCredit's loans and the made-up ones, but only a few of Ally's 5,172."""
    ally = real_loans.ally()
    few = replace(ally, loans=ally.loans[:FEW])
    sample.load(lambda done, of, what: None, (real_loans.americredit(), few))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all tests of this file, which only read, and rolled back after them."""
    with django_db_blocker.unblock():
        atomics = TestCase._enter_atomics()
        try:
            make_collector("liu_min")
            with as_system("tests"):
                load()
            run_night(as_of=DAY)
            yield
        finally:
            TestCase._rollback_atomics(atomics)


def usd_paid_on_the_tapes() -> int:
    """Straight from the files, in cents: what was paid after the opening, until the day."""
    file = real_loans.FOLDER / "americredit_panel" / "loan_months.csv.gz"
    seen, cents = set[str](), 0
    with gzip.open(file, "rt") as text:
        for row in sorted(csv.DictReader(text), key=lambda row: row["reportingPeriodEndingDate"]):
            is_opening = row["id"] not in seen
            seen.add(row["id"])
            if not is_opening and date.fromisoformat(row["reportingPeriodEndingDate"]) <= DAY:
                cents += int(Decimal(row["totalActualAmountPaid"]) * 100)
    panel = real_loans.FOLDER / "auto_abs_panel"
    loans = set(parquet.read_table(panel / "loans.parquet")["loan_id"].to_pylist()[:FEW])
    rows = parquet.read_table(panel / "months.parquet").to_pylist()
    return cents + sum(
        round(row["total_paid"] * 100)
        for row in rows
        if row["loan_id"] in loans and row["month"] <= "2020-02" and (row["total_paid"] or 0) > 0
    )


@pytest.mark.slow
def test_both_currencies_are_right_to_the_cent(loaded: None):
    paid = Counter[str]()
    for payment in Payment.objects.exclude(reference__startswith="sample-"):
        paid[payment.currency] += payment.amount_minor
    made_up = {loan.key: loan for loan in made_up_loans.loans(DAY)}

    assert paid["USD"] == usd_paid_on_the_tapes()
    assert paid["CNY"] == sum(
        payment.amount for loan in made_up.values() for payment in made_up_loans.payments(loan, DAY)
    )
    bank = sum(e.amount_minor * ((e.debit == 1) - (e.credit == 1)) for e in Entry.objects.all())
    received = sum(payment.amount_minor for payment in Payment.objects.all())
    returned = db.ask(
        "SELECT coalesce(sum(p.amount_minor), 0)::bigint AS minor FROM ledger_reversal v"
        " JOIN ledger_payment p ON p.id = v.payment_id"
    )
    assert bank == received - returned[0]["minor"]


@pytest.mark.slow
def test_arrears_and_penalty_of_every_made_up_contract_are_what_core_says(loaded: None):
    rows = db.ask(
        "SELECT c.number, s.* FROM arrears_snapshot s JOIN contracts_contract c"
        " ON c.id = s.contract_id WHERE s.as_of = %(day)s AND c.currency = 'CNY'",
        {"day": DAY},
    )
    said = {row["number"]: row for row in rows}
    touched = set(
        Contract.objects.filter(
            id__in=Payment.objects.filter(reference__startswith="sample-").values("contract_id")
        ).values_list("number", flat=True)
    )

    penalties = 0
    for loan in made_up_loans.loans(DAY):
        if loan.key in touched:
            continue  # somebody paid in the made-up day of work
        stands = position(replay(loan.terms, loan.dues, made_up_loans.payments(loan, DAY)), DAY)
        row = said.get(loan.key)
        assert (row is None) == (stands.overdue_total == 0)
        if row is not None:
            assert row["dpd_raw"] == stands.dpd_raw
            assert row["penalty_minor"] == stands.overdue_penalty
            assert row["principal_minor"] == stands.overdue_principal
            penalties += stands.overdue_penalty
    assert len(said) > 40
    assert penalties > 1_000_00


@pytest.mark.slow
def test_everything_made_up_is_marked_and_nothing_was_refused(loaded: None):
    assert Party.objects.filter(is_synthetic=False).count() == 0
    assert ContactPoint.objects.filter(is_synthetic=False).count() == 0
    assert Vehicle.objects.filter(is_synthetic=False).count() == 0
    assert Party.objects.count() >= 300 + 39 + FEW
    assert QuarantinedRow.objects.count() == 0
    assert not Call.objects.exclude(note__contains="made-up").exists()


@pytest.mark.slow
def test_the_morning_has_something_to_tell(loaded: None):
    states = Counter(Promise.objects.values_list("state", flat=True))

    assert states["BROKEN"] > 0
    assert states["KEPT"] > 0
    assert Promise.objects.filter(state="OPEN", due_on=DAY).exists()
    assert Call.objects.count() > 20


@pytest.mark.slow
def test_loading_twice_changes_nothing(loaded: None):
    kept = (Batch, Party, ContactPoint, Vehicle, Contract, Account, Due, Payment, Entry, Call)
    before = [model.objects.count() for model in kept]
    sums = list(Due.objects.order_by("contract_id", "seq").values_list())

    load()

    assert [model.objects.count() for model in kept] == before
    assert list(Due.objects.order_by("contract_id", "seq").values_list()) == sums


@pytest.mark.django_db
def test_the_sample_is_not_mixed_with_a_real_lender():
    make_lender("anda", "安达汽车金融")

    before = Contract.objects.count()

    with pytest.raises(CannotRun, match="anda"):
        load()

    assert Contract.objects.count() == before


def test_people_are_the_same_every_time_and_impossible():
    alice, again = people.american("loan-1", "TX"), people.american("loan-1", "TX")
    wang = people.chinese("SHILI-00001", 1)

    assert alice == again
    assert alice != people.american("loan-2", "TX")
    assert alice.name.endswith("Sample")
    assert " 555 01" in alice.mobile
    assert "示例" in wang.name
    assert wang.mobile.startswith("154")
    assert len(wang.mobile) == 11
    assert people.chinese_plate(1) == "示A·00001"


def test_check_digits_of_identity_and_vehicle_numbers_are_wrong():
    for number in range(200):
        key = f"loan-{number}"
        identity, vin = people.chinese(key, number).id_number, people.vin(key)
        total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(identity[:17]))
        right = "10X98765432"[total % 11]
        assert len(identity) == 18
        assert identity[-1] != right
        values = [int(c) if c.isdigit() else people.VIN_LETTERS[c] for c in vin]
        weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
        check = sum(value * weight for value, weight in zip(values, weights, strict=True)) % 11
        assert len(vin) == 17
        assert vin[8] != ("X" if check == 10 else str(check))


def test_the_made_up_portfolio_is_the_same_every_time_and_alive_on_the_day():
    first, second = list(made_up_loans.loans(DAY)), list(made_up_loans.loans(DAY))

    assert first == second
    assert len(first) == 300
    assert all(loan.dues[0].due_on <= DAY < loan.dues[-1].due_on for loan in first)
    assert all(sum(due.principal for due in loan.dues) == loan.principal for loan in first)
    assert [made_up_loans.payments(loan, DAY) for loan in first[:20]] == [
        made_up_loans.payments(loan, DAY) for loan in second[:20]
    ]
