"""`migrate`, and then the grants and policies that belong to the tables there are."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from recoup.foundation.access import applying

ONLY_LOOKING = ("plan", "check_unapplied", "prune")


class Command(migrate.Command):
    """Django's own command, in whose place it stands."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; whoever does so owns the tables and may say who reads them."""
        super().handle(*args, **options)
        if options["database"] == DEFAULT_DB_ALIAS and not any(map(options.get, ONLY_LOOKING)):
            applying.apply()
