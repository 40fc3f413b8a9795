"""The hidden marks: found again whole or in part, never by chance, never under another key."""

from hypothesis import given
from hypothesis import strategies as st

from recoup.modules.exports import watermark

SECRET, OTHER = b"s" * 32, b"o" * 32
numbers = st.integers(min_value=1, max_value=2**32 - 1)


@given(numbers, st.text(), st.text())
def test_a_mark_in_any_text_names_its_export_and_no_other_key_made_it(number, before, after):
    before, after = watermark.without_marks(before), watermark.without_marks(after)
    text = before + watermark.hidden(number, SECRET) + after

    ((found, check),) = watermark.found_hidden(text)

    assert found == number
    assert watermark.is_proved(found, check, SECRET)
    assert not watermark.is_proved(found, check, OTHER)
    assert watermark.without_marks(text) == before + after


def test_a_mark_is_not_seen_and_does_not_change_what_is_read():
    marked = "王" + watermark.hidden(7, SECRET) + "*强"

    assert watermark.without_marks(marked) == "王*强"
    assert len(marked) == 3 + 32
    assert not any(character.isprintable() for character in marked[1:33])


def test_half_a_mark_names_nobody():
    assert list(watermark.found_hidden("王" + watermark.hidden(7, SECRET)[:31])) == []


@given(st.text(alphabet=watermark.ZERO_WIDTH, min_size=32, max_size=80))
def test_characters_of_somebody_else_prove_nothing(text):
    found = watermark.found_hidden(text)

    assert not any(watermark.is_proved(number, check, SECRET) for number, check in found)


def test_a_row_check_holds_for_its_identifier_and_export_alone():
    mine = watermark.row_check("AF2024-1", SECRET)

    assert mine == watermark.row_check(" af2024-1 ", SECRET), "as a person would type it"
    assert mine != watermark.row_check("AF2024-2", SECRET)
    assert mine != watermark.row_check("AF2024-1", OTHER)
    assert len(mine) == watermark.CHECK_LETTERS
    assert mine.isalpha(), "a spreadsheet must not read it as a number"


def test_row_checks_do_not_meet_by_chance():
    checks = {watermark.row_check(f"AF{n}", SECRET) for n in range(20_000)}

    assert len(checks) >= 19_999


def test_the_sketch_knows_what_was_in_the_export_whatever_the_order():
    names = [f"AF{n}" for n in range(500)]
    sketch = b"".join(watermark.sketch_of(name, SECRET) for name in names)
    names.sort(key=lambda name: name[::-1])
    known = watermark.digests(sketch)

    assert all(watermark.sketch_of(name, SECRET) in known for name in names)
    assert watermark.sketch_of("AF500", SECRET) not in known
    assert watermark.sketch_of("AF1", OTHER) not in known
