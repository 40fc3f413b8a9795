"""How much of something one person, key or address may do in a minute: counted in the database."""

from recoup.foundation.throttle.buckets import Limit, TooMany, take

__all__ = ["Limit", "TooMany", "take"]
