"""What a page does with an act of its reader: say it is done, or why not, and go on."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest

from recoup.core.refusals import Refused
from recoup.foundation.access.context import NotAllowed, SecondFactorNeeded
from recoup.interfaces.web.refusal_words import words_of

Code = TypeVar("Code", bound=StrEnum)


class Unreadable(Refused):
    """A field of a form that a browser would not have sent like this, or left empty."""

    code = "form_unreadable"
    message = "Fill in every field; a day is a day of the calendar."


def tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so; a refusal is said instead. What the door says of rights is raised."""
    try:
        act()
    except (NotAllowed, SecondFactorNeeded):
        raise
    except Refused as no:
        messages.error(request, words_of(no))
        return False
    messages.success(request, done)
    return True


def code_of(request: HttpRequest, name: str, kind: type[Code]) -> Code:
    """A field that holds one of some codes. Raises Unreadable."""
    try:
        return kind(request.POST.get(name, ""))
    except ValueError as error:
        raise Unreadable from error


def day_of(request: HttpRequest, name: str) -> date:
    """A field that holds a day. Raises Unreadable."""
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Unreadable from error


def day_or_none(request: HttpRequest, name: str) -> date | None:
    """A day, or nothing where the field was left empty. Raises Unreadable."""
    return day_of(request, name) if request.POST.get(name) else None


def number_of(request: HttpRequest, name: str) -> int:
    """A field that holds a whole number. Raises Unreadable."""
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Unreadable
    return int(text)


def text_of(request: HttpRequest, name: str) -> str:
    """A field's text."""
    return str(request.POST.get(name, ""))
