"""What every list page shares: numbers from the address, chips, and the way to the next page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: where it leads, its words, how many it shows, whether it is on."""

    href: str
    text: str | Promise
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows are shown; the page before and after, if there is one."""

    first: int
    last: int
    total: int | None
    before: int | None
    after: int | None


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; anything else is as if not given."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def page_asked(request: HttpRequest) -> int:
    """Which page: 1 unless the address says otherwise."""
    return min(max(number_asked(request, "page") or 1, 1), LAST_PAGE)


def pager(page: int, size: int, shown: int, total: int | None = None, more: bool = False) -> Pager:
    """The pager of a page with `shown` rows; `more` when the total is not known."""
    first = (page - 1) * size + 1 if shown else 0
    last = (page - 1) * size + shown
    has_after = more if total is None else last < total
    return Pager(
        first, last, total, page - 1 if page > 1 else None, page + 1 if has_after else None
    )
