"""What chapters and columns of a case file are called, and how their values are written."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.interfaces.inspection.names import field_words, subject_words
from recoup.interfaces.ui.formats import NOTHING, day_text, money_text
from recoup.interfaces.ui.labels import label_of
from recoup.modules.inspection.rules import Chapter

CHAPTERS: dict[Chapter, Promise] = {
    Chapter.CONTRACT: lazy("The contract"),
    Chapter.CASE: lazy("In collections"),
    Chapter.PEOPLE: lazy("People named in the contract"),
    Chapter.CONTACT_POINTS: lazy("Their numbers and addresses"),
    Chapter.VEHICLE: lazy("The vehicle"),
    Chapter.UNTOLD: lazy("What cannot be told of that day"),
    Chapter.POSITION: lazy("What was owed"),
    Chapter.DUES: lazy("Schedule, and what was paid of it"),
    Chapter.PAYMENTS: lazy("Payments"),
    Chapter.ALLOCATIONS: lazy("What each payment settled"),
    Chapter.ENTRIES: lazy("Ledger entries"),
    Chapter.EXTENSIONS: lazy("Extensions"),
    Chapter.ARREARS: lazy("Arrears as the nights wrote them"),
    Chapter.DECISIONS: lazy("Decisions, with rule and version"),
    Chapter.CALLS: lazy("Calls"),
    Chapter.PROMISES: lazy("Promises"),
    Chapter.TIMELINE: lazy("Timeline"),
    Chapter.FILES: lazy("Recordings and files"),
    Chapter.CUSTODY: lazy("Papers, keys and other things in custody"),
    Chapter.REVEALS: lazy("Originals shown"),
    Chapter.CHANGES: lazy("Changes on record"),
    Chapter.SEEN_BY: lazy("Who saw it"),
}
NOTHING_YET = lazy("Nothing by that day.")
EVERYTHING_TOLD = lazy("Everything is told as it stood.")
UNTOLD: dict[str, Promise] = {
    "FILED_LATER": lazy(
        "The contract came on file only then. It is shown as it stood at the end of that day."
    ),
    "NOT_KEPT": lazy("Former values were not kept before. Changes made until then are not undone."),
    "MIGRATED": lazy("Changed by an update of the software then. That change is not undone."),
    "UNNAMED": lazy("Rows came in then that cannot be told apart. Some may not have been on file."),
    "FORGOTTEN": lazy("Erased since, as the time to keep it was over. What it was is gone."),
    "EXTENDED": lazy("An extension moved dues then. They are shown with their new days."),
}
# Which list of labels a column's codes are in, chapter by chapter where they differ.
CODES: dict[tuple[Chapter | None, str], str] = {
    (None, "method"): "method",
    (None, "role"): "party_role",
    (None, "holder"): "holder",
    (None, "tier"): "tier",
    (None, "channel"): "channel",
    (None, "segment"): "segment",
    (None, "treatment"): "treatment",
    (None, "result"): "call",
    (None, "next_step"): "next_step",
    (None, "reasons"): "reason",
    (Chapter.CONTRACT, "state"): "contract",
    (Chapter.CUSTODY, "item"): "custody_item",
    (Chapter.CUSTODY, "movement"): "custody_movement",
    (Chapter.REVEALS, "purpose"): "reveal_purpose",
    (Chapter.CASE, "state"): "case",
    (Chapter.PROMISES, "state"): "promise",
    (Chapter.CONTACT_POINTS, "kind"): "contact_kind",
    (Chapter.TIMELINE, "kind"): "timeline",
}


ACTS: dict[str, Promise] = {
    "CASE_SEEN": pgettext_lazy("audit", "Case seen"),
    "ACCOUNT_SEEN": pgettext_lazy("audit", "Account seen"),
    "LISTED": pgettext_lazy("audit", "List seen"),
    "SEARCHED": pgettext_lazy("audit", "Searched"),
    "REVEALED": pgettext_lazy("audit", "Original seen"),
    "AUDIT_SEEN": pgettext_lazy("audit", "Audit record read"),
    "INSPECTED": pgettext_lazy("audit", "Case inspected"),
    "INTAKE_SEEN": pgettext_lazy("audit", "Intake seen"),
    "PRIVACY_SEEN": pgettext_lazy("audit", "Privacy register seen"),
    "STAFF_SEEN": pgettext_lazy("audit", "Staff seen"),
    "API_READ": pgettext_lazy("audit", "Read by interface"),
    "API_CHANGED": pgettext_lazy("audit", "Changed by interface"),
    "EXPORT_ASKED": pgettext_lazy("audit", "Export asked for"),
    "EXPORT_APPROVED": pgettext_lazy("audit", "Export approved"),
    "EXPORT_REFUSED": pgettext_lazy("audit", "Export refused"),
    "EXPORTED": pgettext_lazy("audit", "Exported"),
    "DOWNLOADED": pgettext_lazy("audit", "Downloaded"),
    "SUBJECT_FILE_MADE": pgettext_lazy("audit", "Subject file made"),
    "FILE_STORED": pgettext_lazy("audit", "File stored"),
    "FILE_SEEN": pgettext_lazy("audit", "File opened"),
    "FILE_REFUSED": pgettext_lazy("audit", "File refused"),
    "FILE_FORGOTTEN": pgettext_lazy("audit", "File erased"),
    "ITEM_BORROWED": pgettext_lazy("audit", "Item borrowed"),
    "ITEM_RETURNED": pgettext_lazy("audit", "Item returned"),
    "SIGNED_IN": pgettext_lazy("audit", "Signed in"),
    "SIGN_IN_FAILED": pgettext_lazy("audit", "Sign-in failed"),
    "LOCKED_OUT": pgettext_lazy("audit", "Locked out"),
    "SIGNED_OUT": pgettext_lazy("audit", "Signed out"),
    "SESSION_ENDED": pgettext_lazy("audit", "Session ended"),
    "PASSWORD_CHANGED": pgettext_lazy("audit", "Password changed"),
    "FACTOR_ADDED": pgettext_lazy("audit", "Second factor added"),
    "FACTOR_REMOVED": pgettext_lazy("audit", "Second factor removed"),
    "FACTOR_RESET": pgettext_lazy("audit", "Second factor reset"),
    "ENROLMENT_MADE": pgettext_lazy("audit", "Enrolment code made"),
    "ENROLMENT_SHOWN": pgettext_lazy("audit", "Enrolment code shown"),
    "ENROLMENT_REFUSED": pgettext_lazy("audit", "Enrolment code refused"),
    "KEY_MADE": pgettext_lazy("audit", "Key made"),
    "KEY_REVOKED": pgettext_lazy("audit", "Key revoked"),
    "KEY_ROTATED": pgettext_lazy("audit", "Key renewed"),
    "KEY_REFUSED": pgettext_lazy("audit", "Key refused"),
    "GRANTED": pgettext_lazy("audit", "Role granted"),
    "GRANT_ENDED": pgettext_lazy("audit", "Role ended"),
    "USER_ADDED": pgettext_lazy("audit", "Person added"),
    "USER_DISABLED": pgettext_lazy("audit", "Person disabled"),
    "ROLE_CHANGED": pgettext_lazy("audit", "Role changed"),
    "ROLE_CHANGE_REFUSED": pgettext_lazy("audit", "Change of a role refused"),
    "REFUSED": pgettext_lazy("audit", "Refused"),
    "PLACED": pgettext_lazy("audit", "Placed with an agency"),
    "KEYS_MADE": pgettext_lazy("audit", "Data keys made"),
    "KEYS_ROTATED": pgettext_lazy("audit", "Data keys rotated"),
    "HOLD_SET": pgettext_lazy("audit", "Legal hold set"),
    "HOLD_LIFTED": pgettext_lazy("audit", "Legal hold lifted"),
    "RESTRICTED": pgettext_lazy("audit", "Use restricted"),
    "RESTRICTION_LIFTED": pgettext_lazy("audit", "Restriction of use lifted"),
    "PERSON_FORGOTTEN": pgettext_lazy("audit", "Person forgotten"),
    "CONSENT_GIVEN": pgettext_lazy("audit", "Consent given"),
    "CONSENT_WITHDRAWN": pgettext_lazy("audit", "Consent withdrawn"),
    "REQUEST_RECEIVED": pgettext_lazy("audit", "Request received"),
    "REQUEST_DECIDED": pgettext_lazy("audit", "Request decided"),
    "BACKED_UP": pgettext_lazy("audit", "Backed up"),
    "BACKUP_REMOVED": pgettext_lazy("audit", "Backup removed: its term is over"),
    "RESTORED": pgettext_lazy("audit", "Restored"),
    "CHANGED": pgettext_lazy("audit", "Data changed"),
    "WATCHED": pgettext_lazy("audit", "Table watched"),
    "UNWATCHED": pgettext_lazy("audit", "Table not watched any more"),
}


def act_words(code: str) -> str:
    """What an act is called; an unknown one speaks for itself."""
    return str(ACTS.get(code, code))


def untold_words(code: str) -> str:
    """Why something cannot be told as it stood."""
    return str(UNTOLD[code])


def cell_words(chapter: Chapter, code: str, value: Any, currency: str) -> str:
    """A value in the reader's language."""
    if value is None or value == "":
        return NOTHING
    if code in _IN_WORDS:
        return _IN_WORDS[code](value)
    kind = CODES.get((chapter, code)) or CODES.get((None, code))
    if isinstance(value, list | tuple):
        return ", ".join(cell_words(chapter, code, one, currency) for one in value)
    if kind is not None:
        return str(label_of(kind, value).text)
    return _by_name(code, value, currency) or _by_type(value)


_IN_WORDS: dict[str, Callable[[str], str]] = {
    "act": act_words,
    "untold": untold_words,
    "table": subject_words,
}


def _by_name(code: str, value: Any, currency: str) -> str:
    for ending, write in _ENDINGS.items():
        if code.endswith(ending):
            return write(value, currency)
    return ""


_ENDINGS: dict[str, Callable[[Any, str], str]] = {
    "_minor": lambda value, currency: money_text(Money(int(value), currency)),
    "_micro": lambda value, currency: f"{value / 10_000:g} %",
    "bucket": lambda value, currency: bucket_code(int(value)),
}


def _by_type(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, dict):
        return "; ".join(f"{field_words(k)} {_by_type(v)}" for k, v in value.items())
    return str(value)
