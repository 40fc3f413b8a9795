"""What stands around every page: rail, business day, who is signed in. Asked only when shown."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recoup.foundation.access.rights import Right
from recoup.foundation.business_day import last_night
from recoup.foundation.journal import RunRow
from recoup.interfaces.web.allowed import May, holds, works_cases
from recoup.interfaces.web.entering import entered_by
from recoup.interfaces.web.people import name_on_screen, signed_in

# What stands in the rail below the cases, and the right each page asks for.
PLACES: tuple[tuple[str, str | Promise, Right], ...] = (
    ("promises", _("Promises"), Right.SEE_CASES),
    ("approvals", _("Approvals"), Right.APPROVE_MONEY),
    ("team", _("Team"), Right.SEE_TEAM),
    ("intake", _("Data intake"), Right.TAKE_IN),
    ("custody", _("Files and keys"), Right.KEEP_CUSTODY),
    ("exports", _("Exports"), Right.EXPORT),
    ("export_decisions", _("Exports"), Right.APPROVE_EXPORTS),
    ("privacy", _("Privacy"), Right.KEEP_PRIVACY),
    ("webhooks", _("Webhooks"), Right.KEEP_WEBHOOKS),
    ("audit", _("Audit record"), Right.SEE_AUDIT),
    ("inspection", _("Inspection"), Right.INSPECT),
    ("staff", _("Staff"), Right.MANAGE_STAFF),
    ("files_state", _("File store"), Right.OPERATE),
    ("gallery", _("Gallery"), Right.OPERATE),
)


@dataclass(frozen=True, slots=True)
class RailItem:
    href: str
    text: str | Promise
    is_current: bool


class Shell:
    """The frame's facts; each is asked for at most once per page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def night(self) -> RunRow | None:
        entered = entered_by(self.request)
        return entered.night if entered else last_night()

    @property
    def business_day(self) -> date | None:
        return self.night.business_day if self.night else None

    @property
    def night_finished_at(self) -> datetime | None:
        return self.night.finished_at if self.night else None

    @property
    def user_name(self) -> str:
        return name_on_screen(self.request)

    @property
    def watermark(self) -> str:
        """What the screen's watermark is kept under: this person's, this minute's, once."""
        user = signed_in(self.request)
        return f"{user.pk}-{timezone.now():%Y%m%d%H%M}" if user.is_authenticated else ""

    @cached_property
    def team_name(self) -> str:
        entered = entered_by(self.request)
        return entered.team_name if entered else ""

    @cached_property
    def may(self) -> May:
        return May()

    @property
    def rail(self) -> list[RailItem]:
        places: list[tuple[str, str | Promise]] = []
        if works_cases():
            places += [("worklist", _("Today")), ("cases", _("My cases"))]
        elif holds(Right.SEE_CASES):
            places.append(("cases", _("Cases")))
        places += [(name, text) for name, text, right in PLACES if holds(right)]
        return [self._item(href, text) for name, text in places if (href := _address(name))]

    def _item(self, href: str, text: str | Promise) -> RailItem:
        path = self.request.path
        inside = "/contracts/" if href == "/" else href + "/"
        return RailItem(href, text, path == href or path.startswith(inside))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` for the base page."""
    known = getattr(request, "shell", None)
    return {"shell": known or shell_of(request)}


def shell_of(request: HttpRequest) -> Shell:
    """The request's one shell, shared by view and template."""
    if not hasattr(request, "shell"):
        request.shell = Shell(request)  # type: ignore[attr-defined]
    return request.shell  # type: ignore[attr-defined,no-any-return]
