"""`migrate`, and then what belongs to the tables there are: grants, policies, the audit's watch."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from recoup.foundation.access import applying
from recoup.foundation.audit import watching

ONLY_LOOKING = ("plan", "check_unapplied", "prune")


class Command(migrate.Command):
    """Django's own command, in whose place it stands."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; whoever does so owns the tables and may say who reads them."""
        changes = options["database"] == DEFAULT_DB_ALIAS and not any(
            map(options.get, ONLY_LOOKING)
        )
        if changes:
            watching.rest()
        super().handle(*args, **options)
        if changes:
            applying.apply()
            watching.watch()
