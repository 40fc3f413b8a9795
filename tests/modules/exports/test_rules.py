"""Who may take how much, and which moves an export knows."""

from datetime import timedelta

import pytest

from recoup.modules.exports import rules
from recoup.modules.exports.rules import ExportEvent, ExportState, FileFormat, RowLimit
from tests.factories import AT_TEN

LIMIT = RowLimit(alone=500, at_most=20_000)


@pytest.mark.parametrize(
    ("rows", "lately", "state"),
    [(1, 0, "QUEUED"), (500, 0, "QUEUED"), (501, 0, "WAITING"), (1, 500, "WAITING")],
)
def test_up_to_the_days_limit_one_takes_it_alone_above_it_a_second_decides(rows, lately, state):
    assert rules.first_state(rows, lately, LIMIT, FileFormat.CSV) == state


def test_no_approval_goes_beyond_the_role():
    with pytest.raises(rules.TooManyRows):
        rules.first_state(20_001, 0, LIMIT, FileFormat.CSV)
    with pytest.raises(rules.TooManyRows):
        rules.first_state(1, 0, rules.NOTHING, FileFormat.CSV)
    with pytest.raises(rules.NoRows):
        rules.first_state(0, 0, LIMIT, FileFormat.CSV)
    with pytest.raises(rules.TooManyForWorkbook):
        rules.first_state(100_001, 0, RowLimit(0, 200_000), FileFormat.XLSX)


def test_several_roles_give_the_widest_limit_and_none_gives_nothing():
    assert rules.widest([RowLimit(1, 2), LIMIT]) == LIMIT
    assert rules.widest([]) == rules.NOTHING


def test_every_move_that_is_not_in_the_table_is_refused():
    for state in ExportState:
        for event in ExportEvent:
            if (state, event) in rules.MOVES:
                assert rules.next_state(state, event) == rules.MOVES[state, event]
            else:
                with pytest.raises(rules.MoveRefused):
                    rules.next_state(state, event)


def test_a_link_holds_until_its_hour_and_only_for_a_file_that_is_ready():
    until = AT_TEN + rules.KEPT_FOR

    assert rules.is_there(ExportState.READY, until, until - timedelta(seconds=1))
    assert not rules.is_there(ExportState.READY, until, until)
    assert not rules.is_there(ExportState.EXPIRED, until, AT_TEN)
    assert not rules.is_there(ExportState.READY, None, AT_TEN)


@pytest.mark.parametrize("reason", ["", "  ", "x", "test "])
def test_a_reason_that_says_nothing_is_refused(reason):
    with pytest.raises(rules.ReasonTooShort):
        rules.sound_reason(reason)


def test_a_number_on_paper_leads_back_to_the_export():
    assert rules.id_of(rules.number_of(123)) == 123
    assert rules.id_of(" x-000123 ") == 123
    assert rules.id_of("AF-1") is None
