"""What changes about a person's file."""

from recoup.modules.parties import models


def mark_wrong_number(*, contact_point_id: int) -> None:
    """A number turned out not to be theirs; inside the caller's transaction."""
    models.ContactPoint.objects.filter(id=contact_point_id).update(is_valid=False)
