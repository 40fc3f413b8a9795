"""What changes about a person's file."""

from recoup.foundation import db
from recoup.modules.parties import models


def mark_wrong_number(*, contact_point_id: int) -> None:
    """A number turned out not to be theirs; inside the caller's transaction."""
    models.ContactPoint.objects.filter(id=contact_point_id).update(is_valid=False)


@db.use_case()
def add_lender(*, code: str, name: str, currency: str) -> int:
    """Enter a lender whose files we will take in; one that is known stays as it is."""
    lender, _ = models.Lender.objects.get_or_create(
        code=code, defaults={"name": name, "currency": currency}
    )
    return int(lender.pk)
