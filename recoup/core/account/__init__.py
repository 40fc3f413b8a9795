"""One loan account: dues, payments and adjustments replayed into what is owed, and why.

This is the single source of semantics: a set-based posting in SQL must equal it to the cent.
Every amount in this room is an int in minor units of the account's currency.
"""

from recoup.core.account.explain import DueExplanation, Explanation, explain
from recoup.core.account.payoff import AccruedInterest, PayoffQuote, payoff_quote, settle
from recoup.core.account.position import Position, position
from recoup.core.account.posting import (
    Account,
    PaymentAllocation,
    Refunded,
    ReliefAllocation,
    Unallocated,
    follow,
    give_back,
    post,
    relieve,
    replay,
)
from recoup.core.account.states import DueState, Segment
from recoup.core.account.terms import (
    Adjustment,
    Due,
    Event,
    Payment,
    Refund,
    Relief,
    ReliefKind,
    Terms,
    place,
)

__all__ = [
    "Account",
    "AccruedInterest",
    "Adjustment",
    "Due",
    "DueExplanation",
    "DueState",
    "Event",
    "Explanation",
    "Payment",
    "PaymentAllocation",
    "PayoffQuote",
    "Position",
    "Refund",
    "Refunded",
    "Relief",
    "ReliefAllocation",
    "ReliefKind",
    "Segment",
    "Terms",
    "Unallocated",
    "explain",
    "follow",
    "give_back",
    "payoff_quote",
    "place",
    "position",
    "post",
    "relieve",
    "replay",
    "settle",
]
