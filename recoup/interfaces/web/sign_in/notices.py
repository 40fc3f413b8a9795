"""What happens at the door is put on record: whom it was about, from where; no name as typed."""

from recoup.foundation import audit
from recoup.foundation.audit import Act


def note(act: Act, user_id: int | None, **facts: object) -> None:
    """Put an act about somebody's sign-in on record; at the door nobody is in yet."""
    audit.record(act, "user", user_id, facts=facts, actor_id=user_id)
