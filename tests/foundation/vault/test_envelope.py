"""A sealed value opens only whole, in its place, under its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.vault.envelope import LEAST_BYTES, Sealer, key_of
from recoup.foundation.vault.refusals import SealBroken
from recoup.foundation.vault.sealing import INDEX_BYTES, Indexer

KEY = bytes(range(32))
ABOUT = "parties_party.name_sealed/P-1"


@given(st.text(), st.text())
def test_what_was_sealed_is_what_is_opened(text, about):
    sealer = Sealer(7, 3, KEY)
    sealed = sealer.seal(text, about)

    assert sealer.open(sealed, about).decode() == text
    assert key_of(sealed) == 3
    assert len(sealed) == LEAST_BYTES + len(text.encode())


def test_the_same_name_twice_is_not_seen_to_be_the_same():
    sealer = Sealer(7, 3, KEY)

    assert sealer.seal("王小强", ABOUT) != sealer.seal("王小强", ABOUT)


@pytest.mark.parametrize(
    "opener",
    [Sealer(8, 3, KEY), Sealer(7, 3, bytes(32))],
    ids=["another lender", "another key"],
)
def test_it_opens_for_no_other_lender_and_no_other_key(opener):
    sealed = Sealer(7, 3, KEY).seal("王小强", ABOUT)

    with pytest.raises(SealBroken):
        opener.open(sealed, ABOUT)


def test_it_opens_in_no_other_row_or_column():
    sealer = Sealer(7, 3, KEY)
    sealed = sealer.seal("王小强", ABOUT)

    for elsewhere in ("parties_party.name_sealed/P-2", "parties_party.employer_sealed/P-1"):
        with pytest.raises(SealBroken):
            sealer.open(sealed, elsewhere)


@given(st.data())
def test_any_bit_that_is_changed_breaks_it(data):
    sealer = Sealer(7, 3, KEY)
    sealed = bytearray(sealer.seal("310101199001011234", ABOUT))
    at = data.draw(st.integers(5, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), ABOUT)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(40), bytes(LEAST_BYTES - 1)])
def test_what_is_no_envelope_is_refused_not_guessed_at(sealed):
    with pytest.raises(SealBroken):
        key_of(sealed)


@given(st.text(), st.text())
def test_equal_texts_have_equal_indexes_and_others_others(one, other):
    indexer = Indexer(7, KEY)

    assert indexer.index(one, "name") == Indexer(7, KEY).index(one, "name")
    assert indexer.index(one, "name")[:4] == b"\0\0\0\x07"  # the number of its key
    assert len(indexer.index(one, "name")) == 4 + INDEX_BYTES
    assert (indexer.index(one, "name") == indexer.index(other, "name")) == (one == other)


def test_an_index_says_nothing_across_lenders_or_columns():
    name = Indexer(7, KEY).index("王小强", "name")

    assert name != Indexer(7, bytes(32)).index("王小强", "name")
    assert name != Indexer(7, KEY).index("王小强", "employer")
