"""The schedule at a glance."""

from datetime import date

from recoup.core.account import Due, DueState
from recoup.interfaces.web.schedule_strip import DueFate, schedule_strip

AS_OF = date(2026, 11, 20)


def state(seq: int, due_on: date, principal: int = 500, paid: int = 0) -> DueState:
    return DueState.opening(Due(seq, due_on, principal=principal, principal_paid=paid))


def test_each_due_shows_what_has_become_of_it():
    strip = schedule_strip(
        [
            state(1, date(2026, 8, 20), paid=500),
            state(2, date(2026, 9, 20), paid=100),
            state(3, date(2026, 10, 20)),
            state(4, date(2026, 11, 20)),
            state(5, date(2026, 12, 20)),
        ],
        AS_OF,
    )
    assert [bar.fate for bar in strip.bars] == [
        DueFate.PAID,
        DueFate.PART,
        DueFate.LATE,
        DueFate.AHEAD,
        DueFate.AHEAD,
    ]
    assert (strip.paid, strip.late, strip.ahead) == (1, 2, 2)


def test_a_balloon_stands_out_but_does_not_flatten_the_rest():
    dues = [state(seq, date(2027, seq, 20)) for seq in range(1, 6)]
    strip = schedule_strip([*dues, state(6, date(2027, 6, 20), principal=1_000_000)], AS_OF)
    assert {bar.height for bar in strip.bars[:5]} == {13}
    assert strip.bars[5].height == 40


def test_no_dues_make_an_empty_strip():
    assert schedule_strip([], AS_OF).bars == ()
