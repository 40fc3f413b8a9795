"""A sealed stream opens whole, in parts and in its place only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.foundation.filestore import stream
from recoup.foundation.filestore.stream import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, StreamBroken

KEY, ABOUT = bytes(range(32)), b"filestore|1|ab/abcd"
WHOLE = CHUNK_BYTES + TAG_BYTES
SIZES = st.sampled_from(
    [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 77]
)


def content(size: int) -> bytes:
    """Bytes that differ from place to place."""
    return bytes((n * 7 + n // 251) % 256 for n in range(size))


def cut(data: bytes, piece: int) -> list[bytes]:
    return [data[at : at + piece] for at in range(0, len(data), piece)]


def sealed(plain: bytes, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    return b"".join(stream.seal(cut(plain, 10_000), key=key, about=about))


def unsealed(data: bytes, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    return b"".join(stream.unseal(cut(data, 7_001), key=key, about=about))


@given(size=SIZES)
@settings(max_examples=20)
def test_what_was_sealed_comes_out_and_is_as_long_as_foretold(size):
    data = sealed(content(size))

    assert len(data) == stream.sealed_size(size)
    assert unsealed(data) == content(size)


@given(size=SIZES.filter(bool), ends=st.tuples(st.floats(0, 1), st.floats(0, 1)))
@settings(max_examples=60)
def test_any_stretch_is_read_from_its_own_chunks_only(size, ends):
    plain = content(size)
    start, stop = sorted(int(share * (size - 1)) for share in ends)
    data, where = sealed(plain), stream.span(start, stop + 1, size)

    part = stream.unseal_span(
        [data[where.sealed_start : where.sealed_stop]], where,
        header=data[:HEADER_BYTES], plain_bytes=size, key=KEY, about=ABOUT,
    )  # fmt: skip

    assert b"".join(part) == plain[start : stop + 1]
    assert where.sealed_stop - where.sealed_start <= (stop - start) + 2 * WHOLE


@pytest.mark.parametrize("gone", [1, TAG_BYTES, WHOLE, 2 * WHOLE, 3 * WHOLE + 5])
def test_a_stream_cut_short_is_noticed_also_at_the_border_of_a_chunk(gone):
    data = sealed(content(3 * CHUNK_BYTES))

    with pytest.raises(StreamBroken):
        unsealed(data[:-gone])


def test_chunks_that_changed_places_are_noticed():
    data = sealed(content(3 * CHUNK_BYTES))
    head, first, second, third = (
        data[:HEADER_BYTES],
        *(data[HEADER_BYTES + n * WHOLE :][:WHOLE] for n in range(3)),
    )
    for wrong in (
        head + second + first + third,
        head + first + third,
        head + first + first + second + third,
        head + first + second + third + third,
        head + first + second + third + b"\0",
    ):
        with pytest.raises(StreamBroken):
            unsealed(wrong)


@pytest.mark.parametrize("at", [0, 4, 5, HEADER_BYTES, HEADER_BYTES + WHOLE, -1])
def test_one_turned_bit_anywhere_is_noticed(at):
    data = bytearray(sealed(content(CHUNK_BYTES + 9)))
    data[at] ^= 1

    with pytest.raises(StreamBroken):
        unsealed(bytes(data))


def test_another_key_another_subject_or_nothing_at_all_do_not_open():
    data = sealed(b"recorded")

    for wrong in (
        lambda: unsealed(data, key=bytes(32)),
        lambda: unsealed(data, about=b"filestore|2|ab/abcd"),
        lambda: unsealed(b""),
        lambda: unsealed(data[:HEADER_BYTES]),
        lambda: unsealed(b"RCS1"),
    ):
        with pytest.raises(StreamBroken):
            wrong()


def test_equal_contents_look_different_when_sealed():
    assert sealed(b"recorded") != sealed(b"recorded")


def test_a_stretch_that_is_missing_its_last_chunk_is_noticed():
    data = sealed(content(3 * CHUNK_BYTES))
    where = stream.span(0, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES)
    part = stream.unseal_span(
        [data[where.sealed_start : where.sealed_start + WHOLE]], where,
        header=data[:HEADER_BYTES], plain_bytes=3 * CHUNK_BYTES, key=KEY, about=ABOUT,
    )  # fmt: skip

    with pytest.raises(StreamBroken):
        b"".join(part)
