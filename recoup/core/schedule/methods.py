"""The usual methods of repayment; each a function from terms to instalments."""

from collections.abc import Callable
from fractions import Fraction

from recoup.core.rounding import round_fraction
from recoup.core.schedule.terms import (
    Instalment,
    InstalmentBelowInterest,
    ScheduleImpossible,
    ScheduleTerms,
    level_instalment,
)

PrincipalPart = Callable[[int, int], int]  # (seq, interest) -> principal before clipping


def equal_instalment(terms: ScheduleTerms) -> tuple[Instalment, ...]:
    """等额本息: level instalments of interest and principal. Raises InstalmentBelowInterest."""
    return balloon(terms, 0)


def balloon(terms: ScheduleTerms, balloon_minor: int) -> tuple[Instalment, ...]:
    """尾款: level instalments that leave `balloon_minor`, paid with the last one.

    Raises ScheduleImpossible unless 0 ≤ balloon ≤ principal, InstalmentBelowInterest.
    """
    if not 0 <= balloon_minor <= terms.principal_minor:
        raise ScheduleImpossible(reason="the balloon exceeds the principal")
    rates = terms.period_rates()
    worth = terms.principal_minor * (1 + rates[0])
    level = terms.round_level(level_instalment(worth, rates[1:], Fraction(balloon_minor)))

    def principal(seq: int, interest: int) -> int:
        if interest > level:
            raise InstalmentBelowInterest(seq=seq, instalment=level, interest=interest)
        return level - interest

    return _declining(terms, principal, keep=balloon_minor)


def equal_principal(terms: ScheduleTerms) -> tuple[Instalment, ...]:
    """等额本金: level principal, interest on the falling balance."""
    level = terms.round_level(Fraction(terms.principal_minor, len(terms.due_dates)))
    return _declining(terms, lambda seq, interest: level)


def interest_first(terms: ScheduleTerms) -> tuple[Instalment, ...]:
    """先息后本: interest each period, the whole principal with the last."""
    return _declining(terms, lambda seq, interest: 0)


def flat(terms: ScheduleTerms) -> tuple[Instalment, ...]:
    """等本等息: interest on the first principal for the whole term, shared out evenly.

    The instalment is rounded as a whole; the last takes the rest of principal and of interest.
    Raises InstalmentBelowInterest.
    """
    count = len(terms.due_dates)
    all_interest = terms.principal_minor * sum(terms.period_rates(), Fraction(0))
    interest = round_fraction(all_interest / count, terms.interest_rounding)
    level = terms.round_level((terms.principal_minor + all_interest) / count)
    if interest > level:
        raise InstalmentBelowInterest(seq=1, instalment=level, interest=interest)
    rows, balance = list[Instalment](), terms.principal_minor
    for seq, due_on in enumerate(terms.due_dates[:-1], 1):
        principal = min(level - interest, balance)
        rows.append(Instalment(seq, due_on, principal, interest))
        balance -= principal
    rest = round_fraction(all_interest, terms.interest_rounding) - interest * (count - 1)
    rows.append(Instalment(count, terms.due_dates[-1], balance, max(0, rest)))
    return tuple(rows)


def _declining(
    terms: ScheduleTerms, principal_part: PrincipalPart, keep: int = 0
) -> tuple[Instalment, ...]:
    """Interest on the balance; principal as the method says, never below `keep` until the end."""
    rows, balance = list[Instalment](), terms.principal_minor
    last = len(terms.due_dates)
    for seq, (due_on, rate) in enumerate(
        zip(terms.due_dates, terms.period_rates(), strict=True), 1
    ):
        interest = round_fraction(balance * rate, terms.interest_rounding)
        part = balance if seq == last else principal_part(seq, interest)
        principal = part if seq == last else min(part, balance - keep)
        rows.append(Instalment(seq, due_on, principal, interest))
        balance -= principal
    return tuple(rows)
