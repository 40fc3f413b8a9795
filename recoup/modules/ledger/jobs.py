"""The ledger's part of the night."""

from datetime import date, datetime

from recoup.modules.ledger.posting import post_payments

__all__ = ["post_day"]


def post_day(*, as_of: date, at: datetime) -> int:
    """Post every payment known for the day, of every account."""
    return post_payments(as_of=as_of, at=at)
