"""The synthetic portfolio is what it says: seeded, in the stated shares, and right to the cent."""

import numpy as np
import pytest
from django.db import connection

from bench import portfolio, tables
from bench.shape import AS_OF, Block, block, days
from recoup.core.account import DueState, position
from recoup.foundation import db
from recoup.modules.ledger import queries as ledger

CONTRACTS = 2_000
SEED = 7
DUES = """
SELECT seq, accrued_on, settled_on, principal_paid_minor, interest_paid_minor, penalty_paid_minor,
       minor_days
  FROM ledger_due
 WHERE contract_id = %s
 ORDER BY seq
"""
ORPHANS = """
SELECT conrelid::regclass::text AS child, a.attname AS field, confrelid::regclass::text AS parent,
       p.attname AS key
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
  JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = c.confkey[1]
 WHERE c.contype = 'f'
"""


@pytest.fixture
def loaded() -> None:
    """A portfolio of two thousand contracts, gone again with the test's transaction."""
    connection.ensure_connection()
    assert connection.connection is not None
    portfolio.fill(connection.connection, CONTRACTS, 36, SEED)


def _same(a: Block, b: Block) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in Block.__slots__)


def _count(question: str) -> int:
    (row,) = db.ask(f"SELECT count(*) AS n FROM {question}")
    return int(row["n"])


def test_the_same_seed_draws_the_same_contracts_and_another_seed_others() -> None:
    assert _same(block(SEED, 0, 500, 36), block(SEED, 0, 500, 36))
    assert not _same(block(SEED, 0, 500, 36), block(SEED + 1, 0, 500, 36))
    assert not np.array_equal(block(SEED, 0, 500, 36).amount, block(SEED, 500, 1000, 36).amount)


def test_eight_per_cent_are_late_and_forty_in_a_thousand_pay_on_the_day() -> None:
    drawn = block(SEED, 0, 50_000, 36)
    assert 0.076 < (drawn.unpaid > 0).mean() < 0.084
    assert 0.037 < (drawn.pays_minor > 0).mean() < 0.043
    assert 0.27 < len(drawn.parted) / (drawn.unpaid > 0).sum() < 0.33


def test_principal_parts_add_up_and_each_instalment_is_the_agreed_amount() -> None:
    drawn = block(SEED, 0, 1_000, 36)
    contract_principal = tables.contracts(drawn)["principal_minor"].values
    assert (drawn.principal.sum(axis=1) == contract_principal).all()
    paid = drawn.principal + drawn.interest
    assert (paid[:, :-1] == drawn.amount[:, None]).all()
    assert (np.abs(paid[:, -1] - drawn.amount) < 100).all()


@pytest.mark.django_db
def test_every_loaded_table_is_complete_and_points_only_at_rows_that_exist(loaded: None) -> None:
    assert _count("contracts_contract") == _count("parties_party") == CONTRACTS
    assert _count("parties_contactpoint") == 2 * CONTRACTS
    assert _count("ledger_due") == 36 * CONTRACTS
    late = _count("arrears_snapshot")
    assert late == _count("cases_case WHERE closed_on IS NULL") > 100
    for link in db.ask(ORPHANS):
        orphans = (
            f'{link["child"]} c WHERE "{link["field"]}" IS NOT NULL AND NOT EXISTS '
            f'(SELECT FROM {link["parent"]} p WHERE p."{link["key"]}" = c."{link["field"]}")'
        )
        assert _count(orphans) == 0, link


@pytest.mark.django_db
def test_the_dues_stand_as_core_replays_them_from_the_payments(loaded: None) -> None:
    with_parts = [row["contract_id"] for row in db.ask("SELECT contract_id FROM ledger_payment "
                  "WHERE posted_at IS NOT NULL ORDER BY contract_id LIMIT 25")]  # fmt: skip
    assert len(with_parts) == 25
    for contract_id in [*with_parts, *range(1, CONTRACTS, 80)]:
        replayed = ledger.loan_account(contract_id=contract_id, as_of=portfolio.YESTERDAY)
        stored = [tuple(row.values()) for row in db.ask(DUES, [contract_id])]
        assert [_stands(state) for state in replayed.states] == stored


def _stands(s: DueState) -> tuple[object, ...]:
    return (s.seq, s.accrued_on, s.settled_on, s.principal_paid, s.interest_paid, s.penalty_paid,
            s.minor_days)  # fmt: skip


@pytest.mark.django_db
def test_the_evenings_arrears_are_those_core_reckons(loaded: None) -> None:
    rows = db.ask("SELECT * FROM arrears_snapshot WHERE contract_id %% 5 = 0")
    assert len(rows) > 20
    for row in rows:
        account = ledger.loan_account(contract_id=row["contract_id"], as_of=portfolio.YESTERDAY)
        stands = position(account, portfolio.YESTERDAY)
        assert (stands.dpd_raw, stands.bucket, stands.tier, stands.oldest_due_on) == (
            row["dpd_raw"], row["bucket"], row["tier"], row["oldest_due_on"])  # fmt: skip
        assert (stands.overdue_principal, stands.overdue_interest, stands.overdue_penalty) == (
            row["principal_minor"], row["interest_minor"], row["penalty_minor"])  # fmt: skip
        assert stands.outstanding_principal == row["exposure_minor"]


@pytest.mark.django_db
def test_todays_money_waits_to_be_posted(loaded: None) -> None:
    waiting = db.ask("SELECT contract_id, amount_minor, value_on FROM ledger_payment "
                     "WHERE posted_at IS NULL ORDER BY contract_id")  # fmt: skip
    drawn = block(SEED, 0, CONTRACTS, 36)
    paying = np.flatnonzero(drawn.pays_minor)
    assert [row["contract_id"] for row in waiting] == drawn.ids[paying].tolist()
    assert [row["amount_minor"] for row in waiting] == drawn.pays_minor[paying].tolist()
    assert {days(row["value_on"]) for row in waiting} == {days(AS_OF)}
