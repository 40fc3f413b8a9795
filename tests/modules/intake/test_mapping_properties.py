"""Whatever somebody writes as a mapping is read, or refused by name; nothing else happens."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from recoup.core.refusals import Refused
from recoup.interfaces.web.call_form import read_day, read_money
from recoup.modules.intake import mapping
from recoup.modules.intake.queries import built_in_mappings
from recoup.modules.intake.rules import RowKind

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=12,
)
WORDS = sorted({key for spec in built_in_mappings().values() for key in spec})


@given(st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=10), ANYTHING, max_size=6))
def test_any_object_is_a_mapping_or_refused(said: dict[str, object]) -> None:
    with suppress(Refused):
        assert mapping.read_spec(said).tables


@given(st.sampled_from(list(RowKind)), st.data())
def test_a_sound_mapping_with_anything_in_one_place_is_read_or_refused(
    kind: RowKind, data: st.DataObject
) -> None:
    said = json.loads(json.dumps(mapping.standard(kind)))
    place = said
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or data.draw(st.booleans()):
            place[key] = data.draw(ANYTHING)
            break
        place = place[key]

    with suppress(Refused):
        assert mapping.read_spec(said).tables


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_said_to_be_none(text: str) -> None:
    wrong = dict[str, list[str]]()
    assert (read_day(text, "day", wrong) is None) is bool(wrong)


@given(st.text(max_size=30), st.sampled_from(["CNY", "USD", "JPY"]))
def test_any_text_is_an_amount_or_said_to_be_none(text: str, currency: str) -> None:
    wrong = dict[str, list[str]]()
    assert (read_money(text, currency, wrong) is None) is bool(wrong)
