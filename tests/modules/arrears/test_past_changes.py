"""Arrears of days that are over: as known now, and still as they were known then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core import account as core
from recoup.foundation import db
from recoup.modules.arrears import jobs, queries
from tests.modules.ledger.portfolios import History, Received, histories
from tests.modules.ledger.test_posting_equals_core import (
    forget_everything,
    live_through,
    noon,
    open_account,
)

pytestmark = pytest.mark.django_db
COLUMNS = (
    "dpd_raw", "dpd_net", "bucket", "tier", "unpaid_dues", "oldest_due_on", "principal_minor",
    "interest_minor", "cost_minor", "penalty_minor", "exposure_minor",
)  # fmt: skip


def as_known_on(
    history: History, ids: tuple[list[int], list[int]], day: date, known_on: date
) -> core.Account:
    """The account on a day by what was known on a later night."""
    stands = [
        core.Payment(r.value_on, number, r.amount)
        for r, number in zip(history.received, ids[0], strict=True)
        if r.known_on <= known_on
        and r.value_on <= day
        and (r.reversed_on is None or r.reversed_on > min(day, known_on))
    ]
    adjusted = [
        a.numbered(number)
        for a, number in zip(history.adjusted, ids[1], strict=True)
        if a.known_on <= known_on
        and a.value_on <= day
        and (a.reversed_on is None or a.reversed_on > min(day, known_on))
    ]
    return core.replay(history.terms, history.dues, stands, adjusted)


def expected(account: core.Account, day: date) -> tuple[object, ...] | None:
    where = core.position(account, day)
    if where.overdue_total == 0:
        return None
    unpaid = [s for s in account.states if s.settled_on is None and s.due_on < day]
    return (
        where.dpd_raw, where.dpd_net, where.bucket, int(where.tier), len(unpaid),
        where.oldest_due_on, where.overdue_principal, where.overdue_interest, where.overdue_cost,
        where.overdue_penalty, where.outstanding_principal,
    )  # fmt: skip


def found(contract_id: int, day: date, known_by: date | None = None) -> tuple[object, ...] | None:
    moment = noon(known_by) + timedelta(seconds=1) if known_by else None
    row = queries.snapshot(contract_id=contract_id, as_of=day, known_by=moment)
    return row and tuple(row[column] for column in COLUMNS)


@st.composite
def lives(draw: st.DrawFn) -> tuple[History, list[date]]:
    """A history of which something comes late, and the nights it is lived through."""
    history = draw(histories())
    first = history.dues[0].due_on
    late = draw(st.lists(late_receipts(first), min_size=1, max_size=3))
    days = draw(st.lists(st.integers(1, 200), min_size=3, max_size=6, unique=True))
    nights = [first + timedelta(days=n) for n in sorted(days)]
    return replace(history, received=history.received + tuple(late)), nights


@st.composite
def late_receipts(draw: st.DrawFn, first: date) -> Received:
    """A payment we learn of weeks after its value date; some turn out not to stand."""
    value_on = first + timedelta(days=draw(st.integers(0, 90)))
    known_on = value_on + timedelta(days=draw(st.integers(10, 90)))
    bounced = draw(st.sampled_from([None, None, 0, 20]))
    return Received(
        value_on=value_on,
        amount=draw(st.integers(1_00, 5_000_00)),
        known_on=known_on,
        reversed_on=None if bounced is None else known_on + timedelta(days=bounced),
    )


@given(life=lives(), alone=st.booleans())
def test_each_night_reads_as_known_now_and_as_it_was_found_then(life, alone):
    history, nights = life
    with db.use_case():
        contract_id = open_account(history, 1)
        others = History(history.terms, (core.Due(1, date(2020, 1, 31), principal=100),), ())
        open_account(others, 2)  # always late: every night has a snapshot
        taken = {}

        def night(as_of: date) -> None:
            jobs.snapshot_day(as_of=as_of)
            taken[as_of] = found(contract_id, as_of)

        ids = live_through(history, contract_id, nights, alone=alone, then=night)
        for day in nights:
            now = as_known_on(history, ids, day, nights[-1])
            assert found(contract_id, day) == expected(now, day), day
            assert found(contract_id, day, known_by=day) == taken[day], day
        forget_everything()
