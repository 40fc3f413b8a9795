"""Whether a plan is kept, late, broken or performed: against a walk through every single day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.account import Payment
from recoup.core.plans import (
    Breach,
    BreachRules,
    Parts,
    PlanState,
    Row,
    performance,
)
from recoup.core.plans.performance import NEXT, BreachRulesInconsistent

AGREED_ON = date(2023, 12, 15)
ROWS = [
    Row(date(2023, 12, 31), Parts(principal=100_00)),
    Row(date(2024, 1, 31), Parts(principal=100_00)),
    Row(date(2024, 2, 29), Parts(principal=100_00)),
]
RULES = BreachRules(grace_days=3, most_missed=0, most_days_late=30)
WHOLE_TERM = [AGREED_ON + timedelta(days=day) for day in range(130)]


def stands(as_of: date, *paid: tuple[date, int], rules: BreachRules = RULES, rows=ROWS):
    payments = [Payment(on, number, minor) for number, (on, minor) in enumerate(paid, 1)]
    return performance(rows, payments, rules, agreed_on=AGREED_ON, as_of=as_of)


FIRST = (date(2023, 12, 31), 100_00)
SECOND = (date(2024, 1, 31), 100_00)
THIRD = (date(2024, 2, 29), 100_00)


def test_who_pays_every_part_on_its_day_keeps_the_plan_and_performs_it_on_the_leap_day():
    assert stands(date(2024, 1, 1), FIRST).state is PlanState.KEPT
    assert stands(date(2024, 2, 28), FIRST, SECOND).state is PlanState.KEPT
    done = stands(date(2024, 2, 29), FIRST, SECOND, THIRD)

    assert (done.state, done.since) == (PlanState.PERFORMED, date(2024, 2, 29))
    assert (done.next_due_on, done.overdue_minor, done.over_minor) == (None, 0, 0)


def test_on_its_day_a_part_is_not_late_the_next_day_it_is_and_after_grace_the_plan_is_broken():
    assert stands(date(2023, 12, 31)).state is PlanState.KEPT
    late = stands(date(2024, 1, 3))
    assert (late.state, late.overdue_minor) == (PlanState.LATE, 100_00)
    assert late.next_due_on == date(2023, 12, 31)
    broken = stands(date(2024, 1, 4))

    assert (broken.state, broken.since) == (PlanState.BROKEN, date(2024, 1, 4))
    assert (broken.breach, broken.missed) == (Breach.PARTS_MISSED, 1)


def test_money_on_the_last_day_of_grace_keeps_the_plan_and_a_day_later_it_does_not_mend_it():
    in_time = stands(date(2024, 1, 4), (date(2024, 1, 3), 100_00))
    too_late = stands(date(2024, 1, 5), (date(2024, 1, 4), 300_00))

    assert in_time.state is PlanState.KEPT
    assert (too_late.state, too_late.since) == (PlanState.BROKEN, date(2024, 1, 4))
    assert [row.paid for row in too_late.rows] == [100_00, 100_00, 100_00]


def test_a_back_dated_payment_that_comes_to_light_makes_a_broken_plan_kept():
    as_of = date(2024, 1, 10)

    assert stands(as_of).state is PlanState.BROKEN
    assert stands(as_of, (date(2024, 1, 2), 100_00)).state is PlanState.KEPT


def test_a_payment_that_did_not_stand_breaks_the_plan_from_the_day_it_would_have_been():
    as_of = date(2024, 1, 20)

    assert stands(as_of, FIRST).state is PlanState.KEPT
    reversed_ = stands(as_of)
    assert (reversed_.state, reversed_.since) == (PlanState.BROKEN, date(2024, 1, 4))


def test_so_many_parts_may_be_missed_and_one_more_breaks_the_plan():
    patient = replace(RULES, most_missed=1, most_days_late=None)

    assert stands(date(2024, 2, 3), rules=patient).state is PlanState.LATE
    broken = stands(date(2024, 2, 4), rules=patient)
    assert (broken.state, broken.since, broken.missed) == (
        PlanState.BROKEN,
        date(2024, 2, 4),
        2,
    )


def test_one_part_open_too_long_breaks_a_plan_that_may_miss_parts():
    patient = replace(RULES, most_missed=9, most_days_late=30)

    assert stands(date(2024, 1, 30), rules=patient).state is PlanState.LATE
    broken = stands(date(2024, 1, 31), rules=patient)
    assert (broken.state, broken.since, broken.breach) == (
        PlanState.BROKEN,
        date(2024, 1, 31),
        Breach.TOO_LATE,
    )


def test_money_in_advance_settles_later_parts_and_what_is_over_is_said():
    early = stands(date(2024, 1, 1), (date(2023, 12, 20), 250_00))
    over = stands(date(2024, 1, 1), (date(2023, 12, 20), 350_00))

    assert [row.paid for row in early.rows] == [100_00, 100_00, 50_00]
    assert [row.settled_on for row in early.rows] == [date(2023, 12, 20)] * 2 + [None]
    assert (over.state, over.since, over.over_minor) == (
        PlanState.PERFORMED,
        date(2023, 12, 20),
        50_00,
    )


def test_money_before_the_plan_was_agreed_does_not_count():
    before = (date(2023, 12, 14), 300_00)

    assert stands(date(2024, 1, 4), before).state is PlanState.BROKEN
    assert stands(date(2024, 1, 4), (AGREED_ON, 300_00)).state is PlanState.PERFORMED


def test_a_few_cents_short_are_tolerated_but_the_plan_is_performed_by_all_of_it():
    tolerant = replace(RULES, tolerance_minor=50)
    short = [(on, minor - 10) for on, minor in (FIRST, SECOND, THIRD)]

    assert stands(date(2024, 2, 20), *short[:2], rules=tolerant).state is PlanState.KEPT
    assert stands(date(2024, 2, 20), *short[:2]).state is PlanState.BROKEN
    assert stands(date(2024, 3, 1), *short, rules=tolerant).state is PlanState.LATE
    assert stands(date(2024, 3, 4), *short, rules=tolerant).state is PlanState.BROKEN
    last = (date(2024, 3, 1), 30)
    assert stands(date(2024, 3, 4), *short, last, rules=tolerant).state is PlanState.PERFORMED


@pytest.mark.parametrize("rule", ["grace_days", "most_missed", "most_days_late", "tolerance_minor"])
def test_a_rule_below_zero_is_refused(rule):
    with pytest.raises(BreachRulesInconsistent):
        replace(RULES, **{rule: -1})


# Every state x event: what one more event on its day makes of a plan in each state.
REACHED = {
    PlanState.KEPT: (date(2024, 1, 10), [FIRST]),
    PlanState.LATE: (date(2024, 2, 2), [FIRST]),
    PlanState.BROKEN: (date(2024, 2, 10), [FIRST]),
    PlanState.PERFORMED: (date(2024, 2, 29), [FIRST, SECOND, THIRD]),
}
KEPT, LATE, BROKEN, PERFORMED = PlanState
AFTER_DAY = date(2024, 2, 15)
EVENTS = {
    "a day passes": {KEPT: KEPT, LATE: LATE, BROKEN: BROKEN, PERFORMED: PERFORMED},
    "a cent is paid": {KEPT: KEPT, LATE: LATE, BROKEN: BROKEN, PERFORMED: PERFORMED},
    "a part is paid": {KEPT: KEPT, LATE: KEPT, BROKEN: BROKEN, PERFORMED: PERFORMED},
    "all is paid": {KEPT: PERFORMED, LATE: PERFORMED, BROKEN: BROKEN, PERFORMED: PERFORMED},
    "a part is back-dated": {KEPT: KEPT, LATE: KEPT, BROKEN: KEPT, PERFORMED: PERFORMED},
    "all is back-dated": {
        KEPT: PERFORMED,
        LATE: PERFORMED,
        BROKEN: PERFORMED,
        PERFORMED: PERFORMED,
    },
    "the first is reversed": {KEPT: BROKEN, LATE: BROKEN, BROKEN: BROKEN, PERFORMED: BROKEN},
    "nothing for a month": {KEPT: BROKEN, LATE: BROKEN, BROKEN: BROKEN, PERFORMED: PERFORMED},
}


def after(event: str, as_of: date, paid: list[tuple[date, int]]):
    """The day and the money once the event has happened."""
    early = date(2024, 1, 2)
    next_day = as_of + timedelta(days=1)
    return {
        "a day passes": (next_day, paid),
        "a cent is paid": (as_of, [*paid, (as_of, 1)]),
        "a part is paid": (as_of, [*paid, (as_of, 100_00)]),
        "all is paid": (as_of, [*paid, (as_of, 300_00)]),
        "a part is back-dated": (as_of, [*paid, (early, 100_00)]),
        "all is back-dated": (as_of, [*paid, (early, 300_00)]),
        "the first is reversed": (as_of, paid[1:]),
        "nothing for a month": (as_of + timedelta(days=30), paid),
    }[event]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", PlanState)
def test_every_event_in_every_state_leads_where_it_should(state, event):
    as_of, paid = REACHED[state]
    assert stands(as_of, *paid).state is state

    day, money = after(event, as_of, paid)

    assert stands(day, *money).state is EVENTS[event][state]


class Walker:
    """The rules written down a second time: one day after another, one part after another."""

    def __init__(self, rows, payments, rules: BreachRules) -> None:
        self.rows, self.payments, self.rules = rows, payments, rules
        self.state, self.since, self.missed = PlanState.KEPT, None, set[int]()

    def open_of(self, index: int, day: date) -> int:
        """What is open of a part at the end of a day, all money going to the oldest first."""
        money = sum(p.amount for p in self.payments if AGREED_ON <= p.value_on <= day)
        for row in self.rows[:index]:
            money = max(0, money - row.total)
        return max(0, self.rows[index].total - money)

    def is_open(self, index: int, day: date) -> bool:
        until = sum(self.open_of(i, day) for i in range(index + 1))
        is_last = index == len(self.rows) - 1
        return until > (0 if is_last else self.rules.tolerance_minor)

    def night(self, day: date) -> None:
        """One day goes by."""
        if self.state in {PlanState.BROKEN, PlanState.PERFORMED}:
            return
        still_open = [i for i in range(len(self.rows)) if self.is_open(i, day)]
        days_late = {
            i: (day - self.rows[i].due_on).days
            for i in range(len(self.rows))
            if self.is_open(i, day - timedelta(days=1)) or i in still_open
        }
        for i, late in days_late.items():
            was_open = self.is_open(i, self.rows[i].due_on + timedelta(days=self.rules.grace_days))
            if late > self.rules.grace_days and was_open:
                self.missed.add(i)
        most = self.rules.most_days_late
        too_late = most is not None and any(
            late > most and self.is_open(i, self.rows[i].due_on + timedelta(days=most))
            for i, late in days_late.items()
        )
        if len(self.missed) > self.rules.most_missed or too_late:
            self.state, self.since = PlanState.BROKEN, day
        elif not still_open:
            self.state, self.since = PlanState.PERFORMED, day
        elif any(self.rows[i].due_on < day for i in still_open):
            self.state = PlanState.LATE
        else:
            self.state = PlanState.KEPT


rows = st.lists(st.tuples(st.integers(1, 80), st.integers(1, 200)), min_size=1, max_size=4).map(
    lambda parts: [
        Row(AGREED_ON + timedelta(days=day), Parts(principal=minor)) for day, minor in sorted(parts)
    ]
)
payments = st.lists(st.tuples(st.integers(-3, 110), st.integers(0, 300)), max_size=5).map(
    lambda found: [
        Payment(AGREED_ON + timedelta(days=day), number, minor)
        for number, (day, minor) in enumerate(found, 1)
    ]
)
rules = st.builds(
    BreachRules,
    st.integers(0, 7),
    st.integers(0, 3),
    st.none() | st.integers(0, 40),
    st.sampled_from([0, 0, 5]),
)


@given(rows, payments, rules)
def test_every_day_is_as_a_walk_through_the_days_finds_it(rows, payments, rules):
    walker, before = Walker(rows, payments, rules), PlanState.KEPT
    for day in WHOLE_TERM:
        walker.night(day)
        ours = performance(rows, payments, rules, agreed_on=AGREED_ON, as_of=day)

        assert (ours.state, ours.since) == (walker.state, walker.since), day
        assert ours.state in NEXT[before]
        assert (ours.breach is not None) == (ours.state is PlanState.BROKEN)
        before = ours.state


@given(rows, payments, rules, st.sampled_from(WHOLE_TERM))
def test_money_is_neither_lost_nor_counted_twice(rows, payments, rules, as_of):
    ours = performance(rows, payments, rules, agreed_on=AGREED_ON, as_of=as_of)
    money = sum(p.amount for p in payments if AGREED_ON <= p.value_on <= as_of)

    assert sum(row.paid for row in ours.rows) + ours.over_minor == money
    assert all(0 <= row.paid <= row.asked for row in ours.rows)


@given(rows, payments, rules, st.sampled_from(WHOLE_TERM), st.permutations(range(5)))
def test_the_order_in_which_money_became_known_does_not_matter(rows, payments, rules, as_of, order):
    shuffled = [payments[i] for i in order if i < len(payments)]

    assert performance(rows, shuffled, rules, agreed_on=AGREED_ON, as_of=as_of) == performance(
        rows, payments, rules, agreed_on=AGREED_ON, as_of=as_of
    )


@given(rows, payments, rules, st.sampled_from(WHOLE_TERM), st.integers(1, 300))
def test_more_money_on_the_first_day_never_makes_it_worse(rows, payments, rules, as_of, minor):
    rank = [PlanState.BROKEN, PlanState.LATE, PlanState.KEPT, PlanState.PERFORMED]
    more = [*payments, Payment(AGREED_ON, 99, minor)]

    before = performance(rows, payments, rules, agreed_on=AGREED_ON, as_of=as_of)
    richer = performance(rows, more, rules, agreed_on=AGREED_ON, as_of=as_of)

    assert rank.index(richer.state) >= rank.index(before.state)
