"""Buckets: so many at once, then as many as grow again; a refusal takes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.throttle import Limit, TooMany, take
from recoup.foundation.throttle.buckets import forget
from recoup.foundation.throttle.models import Bucket

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
REVEALS = Limit("reveal", per_minute=6, at_once=3)

pytestmark = pytest.mark.django_db


def left_at(moment: datetime, who: str = "liu_min", most: int = 20) -> int:
    """How many can be taken at once at a moment."""
    for taken in range(most):
        try:
            take(REVEALS, who, at=moment)
        except TooMany:
            return taken
    return most


def test_three_at_once_and_then_one_every_ten_seconds() -> None:
    assert left_at(NINE) == 3
    assert left_at(NINE + timedelta(seconds=9)) == 0
    assert left_at(NINE + timedelta(seconds=10)) == 1
    assert left_at(NINE + timedelta(hours=1)) == 3


def test_a_refusal_says_how_long_to_wait_and_takes_nothing() -> None:
    left_at(NINE)
    before = list(Bucket.objects.values_list("key", "whole_at"))

    with pytest.raises(TooMany) as no:
        take(REVEALS, "liu_min", at=NINE)

    assert no.value.params == {"seconds": 10}
    assert list(Bucket.objects.values_list("key", "whole_at")) == before
    take(REVEALS, "liu_min", at=NINE + timedelta(seconds=10))


def test_one_person_does_not_use_up_anothers() -> None:
    left_at(NINE, "liu_min")

    assert left_at(NINE, "he_jie") == 3


def test_one_thing_does_not_use_up_another() -> None:
    left_at(NINE)

    take(Limit("search", per_minute=6, at_once=3), "liu_min", at=NINE)


def test_more_than_the_bucket_holds_is_refused_even_when_it_is_full() -> None:
    with pytest.raises(TooMany):
        take(REVEALS, "liu_min", at=NINE, cost=4)

    assert not Bucket.objects.exists()


def test_no_name_and_no_address_stands_in_the_table() -> None:
    take(REVEALS, "192.0.2.7", at=NINE)

    (key,) = Bucket.objects.values_list("key", flat=True)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


def test_whole_buckets_are_forgotten_and_others_kept() -> None:
    take(REVEALS, "liu_min", at=NINE)
    take(REVEALS, "he_jie", at=NINE + timedelta(minutes=5))

    assert forget(at=NINE + timedelta(minutes=1)) == 1
    assert Bucket.objects.count() == 1


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_within_any_stretch_no_more_than_the_depth_and_what_grew(pauses: list[int]) -> None:
    Bucket.objects.all().delete()
    moment, taken = NINE, list[datetime]()
    for pause in pauses:
        moment += timedelta(seconds=pause)
        try:
            take(REVEALS, "liu_min", at=moment)
        except TooMany:
            continue
        taken.append(moment)

    for first in range(len(taken)):
        for last in range(first, len(taken)):
            seconds = (taken[last] - taken[first]).total_seconds()
            assert last - first + 1 <= 3 + seconds / 10
