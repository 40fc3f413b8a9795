"""The set-based posting and `recoup.core` are one mathematics: equal to the cent on any history."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from recoup.core import account as core
from recoup.foundation import db
from recoup.modules.arrears import jobs as arrears
from recoup.modules.arrears.models import Snapshot
from recoup.modules.contracts.models import Contract
from recoup.modules.ledger import models, queries
from recoup.modules.ledger.posting import post_payments
from recoup.modules.ledger.rules import AccountCode, SourceKind
from recoup.modules.parties.models import Lender, Party
from recoup.modules.parties.sealing import party_columns
from tests.modules.ledger.portfolios import History, histories

pytestmark = pytest.mark.django_db
LAST = date(2024, 12, 31)
GUARD = "TRIGGER ledger_entry_is_append_only"


def open_account(history: History, number: int) -> int:
    """Store one account and its dues as intake would; return the contract's number."""
    lender, _ = Lender.objects.get_or_create(code="L", defaults={"name": "Lender"})
    kept = party_columns(lender_id=lender.pk, ref="P", name="Liu")
    party, _ = Party.objects.get_or_create(lender=lender, ref="P", defaults=kept)
    contract = Contract.objects.create(
        lender=lender,
        number=f"C{number}",
        borrower=party,
        currency=history.terms.currency,
        principal_minor=1,
        annual_rate_micro=84_000,
        term_months=12,
        first_due_on=history.dues[0].due_on,
    )
    models.Account.objects.create(
        contract=contract,
        lender_id=lender.id,
        currency=history.terms.currency,
        penalty_rate_micro=history.terms.penalty_rate_micro,
        penalty_day_basis=history.terms.penalty_day_basis,
        penalty_on_interest=history.terms.penalty_on_interest,
        penalty_cap_pct=history.terms.penalty_cap_pct,
        grace_days=history.terms.grace_days,
        tolerance_pct=history.terms.tolerance_pct,
        allocation_rule_id=history.terms.order.code,
        principal_open_minor=sum(d.principal - d.principal_paid for d in history.dues),
    )
    models.Due.objects.bulk_create(stored_due(contract.id, due) for due in history.dues)
    return contract.id


def stored_due(contract_id: int, due: core.Due) -> models.Due:
    opening = core.DueState.opening(due)
    return models.Due(
        contract_id=contract_id,
        seq=due.seq,
        due_on=due.due_on,
        accrued_on=due.due_on,
        settled_on=opening.settled_on,
        principal_minor=due.principal,
        interest_minor=due.interest,
        cost_minor=due.cost,
        principal_paid_minor=due.principal_paid,
        interest_paid_minor=due.interest_paid,
        cost_paid_minor=due.cost_paid,
    )


def live_through(
    history: History,
    contract_id: int,
    nights: list[date],
    *,
    alone: bool = False,
    then: Callable[[date], object] = lambda as_of: None,
) -> tuple[list[int], list[int]]:
    """Learn of each fact on its night, and post; return the payments' and adjustments' numbers.

    `alone`: posted as the desk posts, by core; otherwise as the night does, in rounds. `then` is
    done after each night's posting.
    """
    numbers: dict[int, int] = {}
    told: set[int] = set()
    adjusted: dict[int, int] = {}
    untold: set[int] = set()
    for as_of in nights:
        for index, receipt in enumerate(history.received):
            if receipt.known_on <= as_of and index not in numbers:
                numbers[index] = models.Payment.objects.create(
                    contract_id=contract_id,
                    value_on=receipt.value_on,
                    amount_minor=receipt.amount,
                    currency=history.terms.currency,
                    channel="TRANSFER",
                    received_at=noon(as_of),
                ).id
            if receipt.reversed_on and receipt.reversed_on <= as_of and index not in told:
                told.add(index)
                models.Reversal.objects.create(
                    payment_id=numbers[index],
                    contract_id=contract_id,
                    reason="bounced",
                    reversed_on=receipt.reversed_on,
                    received_at=noon(as_of),
                )
        learn_of_adjustments(history, contract_id, as_of, adjusted, untold)
        post_payments(as_of=as_of, at=noon(as_of), contract_id=contract_id if alone else None)
        then(as_of)
    return (
        [numbers.get(index, 0) for index in range(len(history.received))],
        [adjusted.get(index, 0) for index in range(len(history.adjusted))],
    )


def learn_of_adjustments(
    history: History, contract_id: int, as_of: date, numbers: dict[int, int], untold: set[int]
) -> None:
    """Write down what is known by the night."""
    for index, made in enumerate(history.adjusted):
        if made.known_on <= as_of and index not in numbers:
            untold.add(index)
            numbers[index] = models.Adjustment.objects.create(
                contract_id=contract_id,
                kind=made.kind,
                value_on=made.value_on,
                amount_minor=made.amount,
                part=made.part or "",
                seq=made.seq,
                reason="agreed",
                request_id=contract_id * 100 + index,
                received_at=noon(as_of),
            ).id
        if index in untold and made.reversed_on and made.reversed_on <= as_of:
            untold.discard(index)
            models.AdjustmentReversal.objects.create(
                adjustment_id=numbers[index],
                contract_id=contract_id,
                reason="mistaken",
                reversed_on=made.reversed_on,
                received_at=noon(as_of),
            )


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def states(contract_id: int) -> list[tuple[object, ...]]:
    rows = models.Due.objects.filter(contract_id=contract_id).order_by("seq")
    return [
        (r.seq, r.cost_paid_minor, r.penalty_paid_minor, r.interest_paid_minor,
         r.principal_paid_minor, r.minor_days, r.accrued_on, r.settled_on)
        for r in rows
    ]  # fmt: skip


def expected_states(account: core.Account) -> list[tuple[object, ...]]:
    return [
        (s.seq, s.cost_paid, s.penalty_paid, s.interest_paid, s.principal_paid, s.minor_days,
         s.accrued_on, s.settled_on)
        for s in account.states
    ]  # fmt: skip


nights_after = st.lists(
    st.sampled_from([date(2024, 2, 29), date(2024, 3, 31), date(2024, 6, 30), date(2023, 12, 31)])
    | st.dates(date(2023, 3, 1), LAST),
    min_size=1,
    max_size=4,
    unique=True,
).map(sorted)


@given(many=st.lists(histories(), min_size=1, max_size=4), nights=nights_after, alone=st.booleans())
def test_a_posted_portfolio_equals_each_account_replayed(many, nights, alone):
    with db.use_case():
        as_of = nights[-1]
        numbers = {}
        for index, history in enumerate(many):
            contract_id = open_account(history, index)
            numbers[contract_id] = live_through(history, contract_id, nights, alone=alone)
        arrears.snapshot_day(as_of=as_of)
        for (contract_id, ids), history in zip(numbers.items(), many, strict=True):
            assert_equal(history, contract_id, ids, as_of)
        forget_everything()


def assert_equal(
    history: History, contract_id: int, ids: tuple[list[int], list[int]], as_of: date
) -> None:
    payments, adjustments = ids
    account = core.replay(
        history.terms,
        history.dues,
        history.standing(as_of, payments),
        history.adjusting(as_of, adjustments),
    )
    assert states(contract_id) == expected_states(account)
    row = models.Account.objects.get(contract_id=contract_id)
    where = core.position(account, as_of)
    assert row.principal_open_minor == where.outstanding_principal
    assert row.unallocated_minor == account.unallocated
    last = max(filter(None, (row.last_payment_on, row.last_adjustment_on)), default=None)
    assert last == account.last_value_on
    assert let_go(contract_id) == {
        (r.adjustment_id, TAKEN[r.kind], r.seq, AccountCode[r.component.name], r.amount)
        for r in account.reliefs
    } | {
        (r.adjustment_id, taken, None, AccountCode.REFUND_DUE, minor)
        for r in account.refunds
        for taken, minor in (
            (AccountCode.UNALLOCATED, r.amount),
            (AccountCode.REFUND_SHORT, r.short),
        )
        if minor
    }
    assert booked(contract_id) == {
        (a.payment_id, a.seq, AccountCode[a.component.name], a.amount) for a in account.allocations
    }
    assert snapshot(contract_id, as_of) == expected_snapshot(where)
    replayed = queries.loan_account(contract_id=contract_id, as_of=as_of)
    assert replayed == account


def booked(contract_id: int) -> set[tuple[int, int, AccountCode, int]]:
    return {
        (p.id, a.seq, a.account, a.amount_minor)
        for p in queries.payments(contract_id=contract_id)
        for a in p.allocations
    }


TAKEN = {
    core.ReliefKind.WAIVER: AccountCode.WAIVED,
    core.ReliefKind.WRITE_OFF: AccountCode.WRITTEN_OFF,
}


def let_go(contract_id: int) -> set[tuple[int, int, int | None, int, int]]:
    """What the entries of adjustments come to: each way there less each way back."""
    net = Counter[tuple[int, int, int | None, int]]()
    rows = models.Entry.objects.filter(contract_id=contract_id, source_kind=SourceKind.ADJUSTMENT)
    for e in rows:
        net[e.source_id, e.debit, e.seq, e.credit] += e.amount_minor
        net[e.source_id, e.credit, e.seq, e.debit] -= e.amount_minor
    return {(*key, minor) for key, minor in net.items() if minor > 0}


def snapshot(contract_id: int, as_of: date) -> tuple[object, ...] | None:
    row = Snapshot.objects.filter(contract_id=contract_id, as_of=as_of).first()
    return row and (
        row.dpd_raw, row.dpd_net, row.bucket, row.tier, row.oldest_due_on, row.principal_minor,
        row.interest_minor, row.cost_minor, row.penalty_minor, row.exposure_minor,
    )  # fmt: skip


def expected_snapshot(where: core.Position) -> tuple[object, ...] | None:
    if where.overdue_total == 0:
        return None
    return (
        where.dpd_raw, where.dpd_net, where.bucket, int(where.tier), where.oldest_due_on,
        where.overdue_principal, where.overdue_interest, where.overdue_cost,
        where.overdue_penalty, where.outstanding_principal,
    )  # fmt: skip


def forget_everything() -> None:
    """Make room for the next example within the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE ledger_entry DISABLE {GUARD}")
        for table in (
            "arrears_snapshot", "arrears_formersnapshot", "ledger_entry", "ledger_reversal",
            "ledger_adjustmentreversal", "ledger_adjustment", "ledger_transfer", "ledger_payment",
            "ledger_return", "ledger_receipt", "ledger_due", "ledger_account", "contracts_contract",
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute(f"ALTER TABLE ledger_entry ENABLE {GUARD}")


@given(history=histories())
def test_posting_twice_changes_nothing(history):
    contract_id = open_account(history, 1)
    live_through(history, contract_id, [LAST])
    before = states(contract_id), models.Entry.objects.count()

    assert post_payments(as_of=LAST, at=noon(LAST)) == 0

    assert (states(contract_id), models.Entry.objects.count()) == before
    forget_everything()


def test_client_money_received_is_all_the_money_that_moved():
    history = History(
        terms=core.Terms("CNY", 126_000),
        dues=(core.Due(1, date(2024, 1, 31), principal=900_00, interest=100_00),),
        received=(),
    )
    contract_id = open_account(history, 1)
    for day in (date(2024, 2, 29), date(2024, 3, 31)):
        models.Payment.objects.create(
            contract_id=contract_id,
            value_on=day,
            amount_minor=700_00,
            currency="CNY",
            channel="CASH",
            received_at=noon(day),
        )
    post_payments(as_of=LAST, at=noon(LAST))

    balances = dict.fromkeys(AccountCode, 0)
    for entry in queries.entries(contract_id=contract_id):
        balances[entry.debit] += entry.amount_minor
        balances[entry.credit] -= entry.amount_minor
    assert balances[AccountCode.BANK] == 1_400_00
    assert sum(balances.values()) == 0
    assert (
        -balances[AccountCode.UNALLOCATED]
        == queries.account(contract_id=contract_id).unallocated_minor
    )
    assert balances[AccountCode.PRINCIPAL] == -900_00
