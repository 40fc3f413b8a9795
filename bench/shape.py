"""The shape of a synthetic portfolio: seeded draws, a block of contracts at a time.

The distributions are those of the floor: ages 0-34 months, due days 1-28, 8.25 % late of those
that have a due behind them (8 % of all), one to twelve unpaid instalments, a part paid on three
late contracts of ten. The business day is 2026-06-15; the state is that of the evening before.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bench.binary_copy import Array

AS_OF = date(2026, 6, 15)
PG_EPOCH = date(2000, 1, 1)
NEVER = -1
BLOCK = 50_000
OLDEST_MONTHS = 34
UNPAID_SHARE = (0.60, 0.17, 0.08, 0.04, 0.03, 0.02, 0.015, 0.015, 0.01, 0.01, 0.005, 0.005)
LATE_SHARE = 0.0825
PART_PAID_SHARE = 0.3
ON_TIME_SHARE = 0.85
CATCHING_UP_SHARE = 0.12
CATCHING_UP_TIMES = (0.3, 0.5, 1.0, 1.0, 1.0, 2.0, 3.0)
RATES_MICRO = (49_800, 62_500, 84_000, 98_800, 126_000)
PENALTY_RATE_CAP_MICRO = 240_000
DAY_BASIS = 360


def days(on: date) -> int:
    """A date as PostgreSQL counts it."""
    return (on - PG_EPOCH).days


def due_days(instalments: int) -> Array:
    """Row m, column d: the d+1-th of the m-th month, counting from 34 months before AS_OF's."""
    first = AS_OF.year * 12 + AS_OF.month - 1 - OLDEST_MONTHS
    months = range(first, first + OLDEST_MONTHS + instalments)
    table = [[days(date(m // 12, m % 12 + 1, d)) for d in range(1, 29)] for m in months]
    return np.array(table, dtype=np.int64)


@dataclass(slots=True)
class Block:
    """Contracts `ids` (n) with their instalments (n rows of m), as of the evening before AS_OF.

    `whole`: instalments paid in full. `unpaid`: instalments due and not paid in full.
    `part_on`: when a part of the first unpaid one was paid, else NEVER; `part_penalty`,
    `part_interest`, `part_principal` is how that part was allocated.
    `pays_minor`: what is received on AS_OF, 0 for most.
    """

    ids: Array
    rate_micro: Array
    penalty_rate_micro: Array
    amount: Array
    due_on: Array
    principal: Array
    interest: Array
    whole: Array
    unpaid: Array
    part_on: Array
    part_penalty: Array
    part_interest: Array
    part_principal: Array
    part_minor_days: Array
    pays_minor: Array

    @property
    def parted(self) -> Array:
        """Positions of the contracts on which a part was paid."""
        return np.flatnonzero(self.part_on != NEVER)


def block(seed: int, low: int, high: int, instalments: int) -> Block:
    """Contracts low+1 … high; the same arguments give the same block."""
    rng = np.random.default_rng([seed, low])
    n = high - low
    age = rng.integers(0, OLDEST_MONTHS + 1, n)
    day = rng.integers(1, 29, n)
    amount = (rng.lognormal(np.log(1600), 0.35, n) // 10 * 1000).astype(np.int64)
    rate = rng.choice(RATES_MICRO, n)
    months = (OLDEST_MONTHS - age)[:, None] + np.arange(instalments)
    due_on = due_days(instalments)[months, (day - 1)[:, None]]
    principal, interest = amortise(amount, rate, instalments)
    due_count = np.minimum(age + (day < AS_OF.day), instalments)
    late = (rng.random(n) < LATE_SHARE) & (due_count > 0)
    unpaid = np.minimum(rng.choice(np.arange(1, 13), n, p=UNPAID_SHARE), due_count)
    unpaid = np.where(late, unpaid, 0)
    made = Block(
        ids=np.arange(low + 1, high + 1),
        rate_micro=rate,
        penalty_rate_micro=np.minimum(rate * 3 // 2, PENALTY_RATE_CAP_MICRO),
        amount=amount,
        due_on=due_on,
        principal=principal,
        interest=interest,
        whole=due_count - unpaid,
        unpaid=unpaid,
        part_on=np.full(n, NEVER, dtype=np.int64),
        part_penalty=np.zeros(n, dtype=np.int64),
        part_interest=np.zeros(n, dtype=np.int64),
        part_principal=np.zeros(n, dtype=np.int64),
        part_minor_days=np.zeros(n, dtype=np.int64),
        pays_minor=np.zeros(n, dtype=np.int64),
    )
    _pay_parts(made, rng, np.flatnonzero(late & (rng.random(n) < PART_PAID_SHARE)))
    _receive(made, rng, day, late, due_count)
    return made


def amortise(amount: Array, rate_micro: Array, instalments: int) -> tuple[Array, Array]:
    """Principal and interest of each equal instalment; the last principal clears the balance."""
    monthly = rate_micro / 12e6
    factor = (1 - (1 + monthly) ** -instalments) / monthly
    balance = np.rint(amount * factor).astype(np.int64)
    principal = np.empty((len(amount), instalments), dtype=np.int64)
    interest = np.empty_like(principal)
    for at in range(instalments):
        interest[:, at] = np.rint(balance * monthly).astype(np.int64)
        last = at == instalments - 1
        principal[:, at] = balance if last else np.minimum(balance, amount - interest[:, at])
        balance = balance - principal[:, at]
    return principal, interest


def _pay_parts(made: Block, rng: np.random.Generator, at: Array) -> None:
    """Part of the first unpaid instalment, before the next: penalty, interest, then principal."""
    first = made.whole[at]
    due = made.due_on[at, first]
    latest = np.minimum(due + 27, days(AS_OF) - 1)
    paid_on = due + (rng.random(len(at)) * (latest - due + 1)).astype(np.int64)
    money = (made.amount[at] * rng.uniform(0.1, 0.9, len(at))).astype(np.int64)
    principal, interest = made.principal[at, first], made.interest[at, first]
    minor_days = (principal + interest) * (paid_on - due)
    penalty = half_up(minor_days * made.penalty_rate_micro[at], 1_000_000 * DAY_BASIS)
    to_penalty = np.minimum(money, penalty)
    to_interest = np.minimum(money - to_penalty, interest)
    made.part_on[at] = paid_on
    made.part_penalty[at] = to_penalty
    made.part_interest[at] = to_interest
    made.part_principal[at] = np.minimum(money - to_penalty - to_interest, principal)
    made.part_minor_days[at] = minor_days


def _receive(
    made: Block, rng: np.random.Generator, day: Array, late: Array, due_count: Array
) -> None:
    """Today's money: most of those due today pay, some of those late catch up."""
    n = len(made.ids)
    running = due_count < made.due_on.shape[1]
    on_time = (day == AS_OF.day) & (rng.random(n) < ON_TIME_SHARE) & running
    catching_up = late & (rng.random(n) < CATCHING_UP_SHARE)
    times = np.where(catching_up, rng.choice(CATCHING_UP_TIMES, n), 1.0)
    made.pays_minor = np.where(on_time | catching_up, made.amount * times, 0).astype(np.int64)


def half_up(numerator: Array, denominator: int) -> Array:
    """numerator / denominator rounded half up; neither is negative."""
    return (2 * numerator + denominator) // (2 * denominator)
