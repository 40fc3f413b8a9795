"""What stands on a screen before anyone has asked for the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.interfaces.ui import masking


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小强", "王*强"),
        ("陈洁", "陈*"),
        ("欧阳娜娜", "欧**娜"),
        ("阿卜杜热合曼·买买提艾力", "阿****力"),
        ("王", "王"),
        ("John Smith", "J*** S***"),
        ("", ""),
    ],
)
def test_a_name_keeps_what_one_needs_to_tell_two_people_apart(name, shown):
    assert masking.masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13812346021", "138****6021"), ("110", "*10"), ("+12025550143", "+12****0143"), ("", "")],
)
def test_a_phone_number_keeps_its_ends(number, shown):
    assert masking.masked_phone(number) == shown


@pytest.mark.parametrize(
    ("plate", "shown"),
    [("沪A58K21", "沪A·*8K21"), ("沪A·58K21", "沪A·*8K21"), ("8ABC123", "****123"), ("", "")],
)
def test_a_plate_keeps_its_place_and_end(plate, shown):
    assert masking.masked_plate(plate) == shown


def test_an_identity_number_an_address_and_a_mailbox_are_hidden():
    assert masking.masked_id("310101199001011234") == "310***********1234"
    assert masking.masked_email("liu.min@example.com") == "l***@example.com"
    assert masking.masked_address("上海市浦东新区张江路100弄5号602室") == "上海市浦东新区张江路***"


@given(st.text(min_size=8))
def test_no_long_number_is_ever_shown_whole(text):
    bare = text.strip()
    if len(bare) >= 8:
        assert masking.masked_phone(text) != bare or "****" in bare
