"""What changes about a user from inside the console."""

from recoup.foundation import db
from recoup.modules.workforce import models


@db.use_case()
def change_language(*, user_id: int, language: str) -> None:
    """Keep the language a user reads in; the door offers only those it speaks."""
    models.User.objects.filter(id=user_id).update(language=language)
