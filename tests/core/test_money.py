"""Money never loses a cent and never guesses."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.core.currencies import EXPONENTS, CurrencyUnknown, exponent
from recoup.core.money import (
    AmountNotANumber,
    AmountSigned,
    AmountTooFine,
    AmountTooLarge,
    CurrenciesDiffer,
    Money,
    SplitImpossible,
    parse,
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def test_money_adds_subtracts_and_multiplies_within_a_currency():
    assert cny(100) + cny(23) - cny(3) == cny(120)
    assert cny(33) * 3 == 3 * cny(33) == cny(99)
    assert -cny(5) == cny(-5)
    assert not cny(0)
    assert sorted([cny(3), cny(1), cny(2)]) == [cny(1), cny(2), cny(3)]
    assert cny(1) <= cny(1) < cny(2) > cny(1) >= cny(1)
    assert len({cny(1), cny(1), Money(1, "USD")}) == 2


@pytest.mark.parametrize("reckon", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_are_never_reckoned_together(reckon):
    with pytest.raises(CurrenciesDiffer, match="CNY and USD"):
        getattr(cny(1), reckon)(Money(1, "USD"))
    assert cny(1) != Money(1, "USD")


def test_decimals_follow_iso_4217():
    known = {"CNY": 2, "USD": 2, "JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "CLF": 4}

    assert {code: exponent(code) for code in known} == known
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)
    assert str(Money(1234, "CNY")) == "12.34 CNY"
    assert str(Money(1234, "JPY")) == "1234 JPY"
    assert Money(1234, "KWD").major() == Decimal("1.234")


@pytest.mark.parametrize("code", ["RMB", "cny", "", "XXX"])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(CurrencyUnknown):
        Money(1, code)


def test_a_hundred_cents_are_shared_by_three():
    assert cny(100).split([1, 1, 1]) == [cny(33), cny(33), cny(34)]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_shares_always_add_up_and_are_fair_to_the_cent(minor, weights):
    shares = [share.minor for share in cny(minor).split(weights)]

    assert sum(shares) == minor
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(minor * weight, sum(weights))) < 1
        assert weight or not share


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_impossible_shares_are_refused(weights):
    with pytest.raises(SplitImpossible):
        cny(100).split(weights)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1,234.56", "CNY", 123456),
        (" 0.5 ", "CNY", 50),
        ("007", "USD", 700),
        ("1,234,567", "JPY", 1234567),
        ("1.234", "KWD", 1234),
        ("9999999999999999.99", "CNY", 10**18 - 1),
    ],
)
def test_an_amount_is_read_exactly(text, currency, minor):
    assert parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1.234", AmountTooFine),
        ("1.00000", AmountTooFine),
        ("NaN", AmountNotANumber),
        ("Infinity", AmountNotANumber),
        ("", AmountNotANumber),
        ("-", AmountNotANumber),
        ("1e3", AmountNotANumber),
        ("12,34.00", AmountNotANumber),
        ("1.2.3", AmountNotANumber),
        (".5", AmountNotANumber),
        ("5.", AmountNotANumber),
        ("1 000", AmountNotANumber),
        ("一百", AmountNotANumber),
        ("١٢", AmountNotANumber),
        ("-1.00", AmountSigned),
        ("+1", AmountSigned),
        ("−1", AmountSigned),
        ("10000000000000000.00", AmountTooLarge),
    ],
)
def test_what_is_not_a_plain_amount_is_refused_by_name(text, refusal):
    with pytest.raises(refusal):
        parse(text, "CNY")


@given(st.integers(0, 10**18 - 1), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_written_can_be_read_back(minor, code):
    money = Money(minor, code)

    assert parse(f"{money.major():f}", code) == money
    assert parse(f"{money.major():,f}", code) == money
