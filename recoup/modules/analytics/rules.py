"""What a move between two buckets means."""

from enum import StrEnum


class Move(StrEnum):
    """Bucket 0 on the left is "was not late", on the right "is not late any more"."""

    NEW = "NEW"
    CURED = "CURED"
    BACK = "BACK"
    STAYED = "STAYED"
    FORWARD = "FORWARD"


def move_of(from_bucket: int, to_bucket: int) -> Move:
    """Which kind of move it is to go from one bucket to another."""
    if from_bucket == 0:
        return Move.NEW
    if to_bucket == 0:
        return Move.CURED
    if to_bucket == from_bucket:
        return Move.STAYED
    return Move.FORWARD if to_bucket > from_bucket else Move.BACK
