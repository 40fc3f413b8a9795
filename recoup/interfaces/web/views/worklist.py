"""Today's work: the collector's worklist, the next case, their cases and promises."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from recoup.core.arrears import LAST_BUCKET, bucket_code
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.allowed import holds, needs, works_cases
from recoup.interfaces.web.case_filter import case_filter, of_everyone, whose
from recoup.interfaces.web.contact_words import ContactWords, contact_words
from recoup.interfaces.web.pages import Chip, number_asked, page_asked, pager
from recoup.interfaces.web.people import actor_id
from recoup.interfaces.web.shell import shell_of
from recoup.modules.assignment import lists, queries, services
from recoup.modules.assignment.lists import Choice
from recoup.modules.compliance.queries import states_of_contracts
from recoup.modules.workforce.queries import CollectorRow, agencies
from recoup.modules.workforce.queries import collector as collector_of

FILTERS = get_args(queries.Only)
FIRST: queries.Only = "waiting"
SORTS = get_args(queries.Sort)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the worklist."""

    collector_id: int
    only: queries.Only
    bucket: int | None
    sort: queries.Sort
    page: int


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """A row and what the gate says of its borrower now."""

    row: queries.WorklistRow
    contact: ContactWords | None


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """One page of the worklist; HTMX gets the list alone. Who has none is led to where they may."""
    if not works_cases():
        return _first_place(request)
    as_of = shell_of(request).business_day
    if as_of is None:
        return render(request, "web/worklist/before_first_night.html")
    asked = _asked(request)
    counts = queries.worklist_counts(collector_id=asked.collector_id, as_of=as_of)
    lines = _lines(asked, as_of, timezone.now())
    context = {
        "asked": asked,
        "counts": counts,
        "lines": lines,
        "chips": _chips(asked, counts),
        "pager": pager(asked.page, queries.PAGE_ROWS, len(lines), _total(asked, counts)),
        "is_synthetic": any(line.row.is_synthetic for line in lines),
        "is_own": asked.collector_id == actor_id(request),
    }
    _note("worklist", [line.row.contract_id for line in lines], collector=asked.collector_id)
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, "web/worklist/list.html", context)
    context["figures"] = queries.day_figures(collector_id=asked.collector_id, as_of=as_of)
    if not context["is_own"]:
        context["collector"] = _colleague(asked.collector_id)
    return render(request, "web/worklist/worklist.html", context)


def _first_place(request: HttpRequest) -> HttpResponse:
    """The first page of the rail; who has no right at all is told so."""
    places = shell_of(request).rail
    if places:
        return HttpResponseRedirect(places[0].href)
    return render(request, "web/access/nothing_here.html", status=403)


def _note(name: str, contract_ids: list[int], **facts: object) -> None:
    """Whose names and debts were shown in a list."""
    audit.record(
        Act.LISTED,
        name,
        None,
        contract_ids=contract_ids,
        facts=facts | {"rows": len(contract_ids)},
    )


def _asked(request: HttpRequest) -> Asked:
    bucket = number_asked(request, "bucket")
    only = request.GET.get("only", FIRST)
    sort = request.GET.get("sort", "rank")
    if bucket is not None:
        only, bucket = "bucket", min(bucket, LAST_BUCKET)
    elif only == "bucket" or only not in FILTERS:
        only = FIRST
    return Asked(
        collector_id=whose(request),
        only=cast("queries.Only", only),
        bucket=bucket,
        sort=cast("queries.Sort", sort if sort in SORTS else "rank"),
        page=page_asked(request),
    )


def _colleague(collector_id: int) -> CollectorRow:
    """The person whose list a leader opened."""
    found = collector_of(collector_id)
    if found is None:
        raise Http404
    return found


def _lines(asked: Asked, as_of: date, at: datetime) -> list[WorklistLine]:
    rows = queries.worklist(
        collector_id=asked.collector_id,
        as_of=as_of,
        only=asked.only,
        bucket=asked.bucket,
        sort=asked.sort,
        page=asked.page,
    )
    states = states_of_contracts([row.contract_id for row in rows], at) if rows else {}
    return [WorklistLine(row, contact_words(states.get(row.contract_id), at)) for row in rows]


def _total(asked: Asked, counts: queries.WorklistCounts) -> int:
    in_bucket = sum(b.cases for b in counts.buckets if b.bucket == asked.bucket)
    return {
        "all": counts.cases,
        "waiting": counts.waiting,
        "due": counts.due,
        "broken": counts.broken,
        "bucket": in_bucket,
    }[asked.only]


def _chips(asked: Asked, counts: queries.WorklistCounts) -> list[Chip]:
    named = [
        ("waiting", _("Not worked"), counts.waiting),
        ("all", _("All"), counts.cases),
        ("due", _("Promise due today"), counts.due),
        ("broken", _("Promise broken"), counts.broken),
    ]
    chips = [Chip(f"only={code}", text, asked.only == code, count) for code, text, count in named]
    for found in counts.buckets:
        is_on = asked.only == "bucket" and asked.bucket == found.bucket
        text = bucket_code(found.bucket)
        chips.append(Chip(f"bucket={found.bucket}", text, is_on, found.cases))
    return chips


@require_POST
@needs(Right.WORK_CASES)
def next_case(request: HttpRequest) -> HttpResponse:
    """Take the next case of one's own list and go to it; with none left, back to the list."""
    as_of = shell_of(request).business_day
    taken = as_of and services.take_next(
        collector_id=actor_id(request), at=timezone.now(), as_of=as_of
    )
    address = f"/contracts/{taken.contract_id}/case" if taken else "/?done=1"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


@require_GET
@needs(Right.SEE_CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """Live cases: one's own; for a leader also those of a bucket, a team, or all."""
    as_of = shell_of(request).business_day
    if as_of is None:
        return render(request, "web/worklist/before_first_night.html")
    page, choice, everyones = page_asked(request), case_filter(request), of_everyone(request)
    rows = lists.live_cases(as_of=as_of, choice=choice, page=page)
    shown = rows[: lists.PAGE_ROWS]
    _note("cases", [row.contract_id for row in shown], everyones=everyones)
    context = {
        "rows": shown,
        "bucket": choice.bucket,
        "everyones": everyones,
        "may_place": holds(Right.ASSIGN_CASES),
        "chips": _hand_chips(choice) if everyones and holds(Right.ASSIGN_CASES) else [],
        "pager": pager(page, lists.PAGE_ROWS, len(shown), more=len(rows) > len(shown)),
        "is_synthetic": any(row.is_synthetic for row in shown),
    }
    return render(request, "web/worklist/cases.html", context)


@require_GET
@needs(Right.SEE_CASES)
def promises(request: HttpRequest) -> HttpResponse:
    """Promises by what became of them: one's own; for a leader also a team's or all."""
    as_of = shell_of(request).business_day
    if as_of is None:
        return render(request, "web/worklist/before_first_night.html")
    page, only = page_asked(request), request.GET.get("only", "open")
    everyones = of_everyone(request)
    only = only if only in get_args(lists.PromiseList) else "open"
    rows = lists.promises_of_day(
        as_of=as_of,
        only=cast("lists.PromiseList", only),
        collector_id=None if everyones else whose(request),
        team_id=number_asked(request, "team") if everyones else None,
        page=page,
    )
    shown = rows[: lists.PAGE_ROWS]
    _note("promises", [row.contract_id for row in shown], everyones=everyones)
    context = {
        "rows": shown,
        "only": only,
        "everyones": everyones,
        "chips": _promise_chips(only),
        "pager": pager(page, lists.PAGE_ROWS, len(shown), more=len(rows) > len(shown)),
        "is_synthetic": any(row.is_synthetic for row in shown),
    }
    return render(request, "web/worklist/promises.html", context)


def _hand_chips(choice: Choice) -> list[Chip]:
    """In whose hands: all, our own people's, each agency's."""
    named: list[tuple[int | None, str]] = [(None, _("All")), (lists.NO_AGENCY, _("With us"))]
    named += [(agency.id, agency.name) for agency in agencies()]
    return [
        Chip("" if number is None else str(number), text, choice.agency_id == number)
        for number, text in named
    ]


def _promise_chips(only: str) -> list[Chip]:
    named = [
        ("open", pgettext("promises", "Open")),
        ("due", _("Due today")),
        ("kept", _("Kept, last night")),
        ("broken", _("Broken, last night")),
    ]
    return [Chip(f"only={code}", text, only == code) for code, text in named]
