"""The replay against a naive reckoning that walks through every single day.

Nothing of the account is used here but its inputs: the rules are written down a second time, as
plainly as they can be, so that the two must have the same mistake to agree on a wrong cent.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings

from recoup.core.account import Due, Payment, Terms, position, replay
from tests.core import loans

PARTS = ("cost", "penalty", "interest", "principal")


class NaiveDue:
    def __init__(self, due: Due) -> None:
        self.due = due
        self.open = {
            "cost": due.cost - due.cost_paid,
            "interest": due.interest - due.interest_paid,
            "principal": due.principal - due.principal_paid,
        }
        self.penalty_paid = 0
        self.minor_days = 0

    def night(self, terms: Terms, day: date) -> None:
        """The night from the day before to `day`: whatever is past its due date grows."""
        if day > self.due.due_on:
            self.minor_days += self.open["principal"]
            self.minor_days += self.open["interest"] if terms.penalty_on_interest else 0

    def in_grace(self, terms: Terms, day: date) -> bool:
        return (day - self.due.due_on).days <= terms.grace_days

    def penalty_open(self, terms: Terms, day: date) -> int:
        if self.in_grace(terms, day):
            return 0
        exact = Decimal(self.minor_days * terms.penalty_rate_micro) / terms.penalty_day_basis
        penalty = int((exact / 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))
        if terms.penalty_cap_pct is not None:
            scheduled = self.due.principal + self.due.interest
            penalty = min(penalty, scheduled * terms.penalty_cap_pct // 100)
        return max(0, penalty - self.penalty_paid)

    def is_late(self, terms: Terms) -> bool:
        still_open = self.open["principal"] + self.open["interest"]
        share = Decimal(terms.tolerance_pct) / 100
        return still_open > share * (self.due.principal + self.due.interest)

    def take(self, terms: Terms, part: str, left: int, day: date) -> int:
        paid = min(left, self.penalty_open(terms, day) if part == "penalty" else self.open[part])
        if part == "penalty":
            self.penalty_paid += paid
        else:
            self.open[part] -= paid
        return left - paid

    def forgive_in_grace(self, terms: Terms, day: date) -> None:
        if self.open["principal"] == self.open["interest"] == 0 and self.in_grace(terms, day):
            self.minor_days = 0


def receive(terms: Terms, dues: list[NaiveDue], payment: Payment) -> int:
    day, left = payment.value_on, payment.amount
    ranks = {component.value: rank for component, rank in terms.order.ranks().items()}
    fallen = [(due, part) for due in dues if due.due.due_on <= day for part in PARTS]
    if terms.order.by_instalment:
        fallen.sort(key=lambda item: (item[0].due.seq, ranks[item[1]]))
    else:
        fallen.sort(key=lambda item: (ranks[item[1]], item[0].due.seq))
    ahead = [
        (due, part)
        for due in dues
        if due.due.due_on > day
        for part in ("cost", "interest", "principal")
    ]
    before = {due.due.seq: sum(due.open.values()) + due.penalty_paid for due in dues}
    for due, part in fallen + ahead:
        left = due.take(terms, part, left, day)
    for due in dues:
        if sum(due.open.values()) + due.penalty_paid != before[due.due.seq]:
            due.forgive_in_grace(terms, day)
    return left


@settings(max_examples=120)
@given(loans.terms, loans.due_lists(), loans.payment_lists())
def test_the_replay_is_the_same_as_walking_through_every_day(terms, dues, payments):
    naive, left = [NaiveDue(due) for due in dues], 0
    as_of = loans.PAYMENTS_UNTIL + timedelta(days=20)
    day = loans.BEGAN_ON
    while day <= as_of:
        for due in naive:
            due.night(terms, day)
        for payment in sorted(payments, key=lambda payment: payment.id):
            left += receive(terms, naive, payment) if payment.value_on == day else 0
        day += timedelta(days=1)

    account = replay(terms, dues, payments)
    stands = position(account, as_of)

    assert account.unallocated == left
    assert stands.overdue_penalty == sum(due.penalty_open(terms, as_of) for due in naive)
    assert stands.overdue_cost == sum(due.open["cost"] for due in naive)
    assert stands.overdue_interest == sum(due.open["interest"] for due in naive)
    assert stands.overdue_principal == sum(due.open["principal"] for due in naive)
    late = [d.due.due_on for d in naive if d.is_late(terms)]
    assert stands.oldest_due_on == min(late, default=None)
    assert [state.penalty_paid for state in account.states] == [d.penalty_paid for d in naive]
