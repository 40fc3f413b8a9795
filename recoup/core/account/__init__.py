"""One loan account: dues and payments replayed into what is owed, and why.

This is the single source of semantics: a set-based posting in SQL must equal it to the cent.
Every amount in this room is an int in minor units of the account's currency.
"""

from recoup.core.account.explain import DueExplanation, Explanation, explain
from recoup.core.account.payoff import AccruedInterest, PayoffQuote, payoff_quote, settle
from recoup.core.account.position import Position, position
from recoup.core.account.posting import Account, PaymentAllocation, Unallocated, post, replay
from recoup.core.account.states import DueState, Segment
from recoup.core.account.terms import Due, Payment, Terms

__all__ = [
    "Account",
    "AccruedInterest",
    "Due",
    "DueExplanation",
    "DueState",
    "Explanation",
    "Payment",
    "PaymentAllocation",
    "PayoffQuote",
    "Position",
    "Segment",
    "Terms",
    "Unallocated",
    "explain",
    "payoff_quote",
    "position",
    "post",
    "replay",
    "settle",
]
