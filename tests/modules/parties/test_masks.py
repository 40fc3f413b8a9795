"""What stands on a screen before anyone has asked for the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.modules.parties import rules
from recoup.modules.vehicles.rules import masked_plate


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
    assert rules.masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13812346021", "138****6021"), ("110", "*10"), ("+12025550143", "+12****0143"), ("", "")],
)
def test_a_phone_number_keeps_its_ends(number, shown):
    assert rules.masked_phone(number) == shown


@pytest.mark.parametrize(
    ("plate", "shown"),
    [
        ("沪A58K21", "沪A·***21"),
        ("沪A·58K21", "沪A·***21"),
        ("沪AD12345", "沪A·****45"),
        ("沪A58", "沪A·*8"),
        ("8ABC123", "****123"),
        ("", ""),
    ],
)
def test_a_plate_keeps_its_place_and_end(plate, shown):
    assert masked_plate(plate) == shown


def test_an_identity_number_an_address_and_a_mailbox_are_hidden():
    assert rules.masked_id("310101199001011234") == "310***********1234"
    assert rules.masked_email("liu.min@example.com") == "l***@example.com"
    assert rules.masked_address("上海市浦东新区张江路100弄5号602室") == "上海市浦东新区张江路***"
    assert rules.masked_employer("上海示例有限公司") == "上海***"
    assert rules.masked_employer("Sample Ltd") == "S*** L***"


@given(st.text(max_size=300))
def test_every_masked_form_fits_the_column_it_is_kept_in(text):
    assert len(rules.masked_name(text[:200])) <= 200
    assert len(rules.masked_employer(text[:200])) <= 200
    assert len(rules.masked_id(text[:64])) <= 64
    for kind in rules.ContactKind:
        assert len(rules.masked_contact(kind, text)) <= 300


def test_two_spellings_of_one_number_are_one_number():
    for said in ("138 1234 6021", "+86 138-1234-6021", "0086 13812346021", "１３８12346021"):
        assert rules.plain_contact("MOBILE", said) == "13812346021", said
    assert rules.plain_contact("PHONE", "+1 (415) 555-0143") == "14155550143"
    assert rules.plain_id("31010119900101123x") == rules.plain_id("310101 19900101 123X")


def test_what_was_typed_is_looked_for_as_what_it_can_be():
    assert rules.sought("王小强").names == ("王小强",)
    assert rules.sought("john  smith").names == ("john smith", "John Smith", "JOHN SMITH")
    assert rules.sought("138 1234 6021") == rules.Sought((), "13812346021", "", "13812346021")
    assert rules.sought("6021") == rules.Sought((), "", "6021", "")
    assert rules.sought("31010119900101123X").id_number == "31010119900101123X"
    assert rules.sought("602") == rules.Sought((), "", "", "")


@given(st.text(min_size=8))
def test_no_long_number_is_ever_shown_whole(text):
    bare = text.strip()
    if len(bare) >= 8:
        assert rules.masked_phone(text) != bare or "****" in bare
