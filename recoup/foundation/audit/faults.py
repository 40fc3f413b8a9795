"""What verification finds wrong, each with its place, and what it only notes."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, Promise] = {
    "event_changed": _("Chain %(chain)s, event %(number)s was changed after it was written."),
    "events_missing": _("Chain %(chain)s: events %(first)s to %(last)s are missing."),
    "link_broken": _("Chain %(chain)s, event %(number)s does not follow the one before it."),
    "tail_missing": _(
        "Chain %(chain)s ends at event %(number)s, but had reached %(head)s: its end was deleted."
    ),
    "head_changed": _("The head of chain %(chain)s is not the hash of its last event."),
    "chain_missing": _("Chain %(chain)s has no head: it was deleted."),
    "anchor_contradicted": _(
        "Anchor %(anchor)s of %(at)s: event %(number)s of chain %(chain)s is not the one that was"
        " signed. The record before it was rewritten."
    ),
    "anchor_event_gone": _(
        "Anchor %(anchor)s of %(at)s: event %(number)s of chain %(chain)s was signed and is gone."
    ),
    "anchor_unsigned": _("Anchor %(anchor)s does not bear our signature."),
    "latest_contradicted": _(
        "Heads laid outside at %(at)s: event %(number)s of chain %(chain)s is not the one that was"
        " signed. The record before it was rewritten."
    ),
    "latest_event_gone": _(
        "Heads laid outside at %(at)s: event %(number)s of chain %(chain)s was signed and is gone."
    ),
    "latest_unsigned": _("The heads laid outside last do not bear our signature."),
    "anchor_missing": _("Anchors %(first)s to %(last)s are missing in the database."),
    "anchor_changed": _("Anchor %(anchor)s is another in the database than outside."),
    "anchor_link_broken": _("Anchor %(anchor)s does not follow the one before it."),
    "table_differs": _(
        "Table %(table)s holds %(rows)s rows with other content than the record says"
        " (%(expected)s rows expected)."
    ),
    "row_differs": _(
        "Table %(table)s, row %(id)s is not as event %(number)s of chain %(chain)s wrote it."
    ),
    "rows_differ": _(
        "Table %(table)s, rows %(ids)s are not as event %(number)s of chain %(chain)s wrote them."
    ),
    "changed_unwatched": _(
        "Table %(table)s had been changed unseen before the migration of %(at)s."
    ),
    "former_differs": _(
        "What rows of table %(table)s were before event %(number)s of chain %(chain)s is not what"
        " it put there."
    ),
    "former_unknown": _("What %(count)s rows are said to have been was put there by no event."),
    "former_blanked": _("What rows were has been blanked, and no event says so."),
    "not_watched": _("Table %(table)s is not watched: its triggers are missing or disabled."),
    "watch_changed": _("The function that watches table %(table)s was changed."),
    "guard_missing": _("Table %(table)s is not append-only any more: its trigger is missing."),
    "function_changed": _("The function %(name)s was changed."),
}
NOTES: dict[str, Promise] = {
    "by_hand": _(
        "%(count)s changes were made past the application, as %(role)s, the last on %(at)s."
    ),
    "migrated": _("Table %(table)s was not watched during the migration of %(at)s."),
    "not_yet_anchored": _("%(count)s events are newer than the last anchor."),
    "never_anchored": _("There is no anchor yet: run recoup audit anchor."),
    "not_outside": _("%(count)s anchors are not in the folder outside the database."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or a note: its code and what to fill in."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """In the reader's language."""
        return str(FAULTS.get(self.code) or NOTES[self.code]) % self.params

    @property
    def is_fault(self) -> bool:
        """Whether the record cannot be trusted because of it."""
        return self.code in FAULTS
