"""What the gate says of a borrower, in a pill's few words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from recoup.interfaces.ui.formats import clock_text, moment_text
from recoup.modules.compliance.queries import ContactState
from recoup.modules.compliance.rules import Clearance, Count, Verdict


@dataclass(frozen=True, slots=True)
class ContactWords:
    text: str
    tone: str


def contact_words(state: ContactState | None, at: datetime) -> ContactWords | None:
    """May be called with the count used so far, from when, or not; None when nobody is named."""
    if state is None:
        return None
    if isinstance(state, Clearance):
        used = _used(state.counts)
        return ContactWords(f"{_('Can call')} · {used}" if used else _("Can call"), "good")
    if state.verdict is Verdict.NEVER:
        return ContactWords(_("No contact"), "bad")
    if state.until is None:
        held = any(reason.code == "ON_HOLD" for reason in state.reasons)
        return ContactWords(_("On hold") if held else _("Not now"), "bad" if held else "warn")
    return ContactWords(_("From %(time)s") % {"time": _soon(state.until, at)}, "warn")


def _used(counts: tuple[Count, ...]) -> str:
    words = {
        "TALKS_TODAY": _("today %(used)s/%(limit)s"),
        "CALLS_THIS_WEEK": _("week %(used)s/%(limit)s"),
    }
    found = (words[c.code] % {"used": c.used, "limit": c.limit} for c in counts if c.code in words)
    return next(found, "")


def _soon(until: datetime, at: datetime) -> str:
    """The time alone when it is today."""
    today = timezone.localtime(until).date() == timezone.localtime(at).date()
    return clock_text(until) if today else moment_text(until)
