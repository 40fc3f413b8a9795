"""The record of who saw and changed what, for those who audit. Reading it is on record too."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act, queries
from recoup.foundation.audit.queries import EventRow, Key
from recoup.interfaces.inspection.names import SUBJECTS, subject_words
from recoup.interfaces.inspection.record_words import Told, staff_ids, told
from recoup.interfaces.inspection.words import act_words
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import number_asked
from recoup.interfaces.web.refusal_words import words_of
from recoup.modules.inspection.services import contract_numbered

PAGE_ROWS = 50
LONGEST = 64
CONTRACTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the record; `wrong` says by field what cannot be understood."""

    contract: str
    actor: str
    act: str
    subject: str
    number: int | None
    lender: int | None
    since: date | None
    until: date | None
    after: Key | None
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def has_more(self) -> bool:
        """Whether one of the filters behind the fold is set."""
        return bool(self.subject or self.lender or self.number is not None)


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in the reader's words."""

    row: EventRow
    act: str
    subject: str
    told: Told
    contracts: tuple[str, ...]
    more_contracts: int
    raw: str


@require_GET
@needs(Right.SEE_AUDIT)
def record(request: HttpRequest) -> HttpResponse:
    """A page of events, newest first, that fit what is asked for."""
    asked = _asked(request)
    rows = _rows(asked)
    shown = rows[:PAGE_ROWS]
    context = {
        "asked": asked,
        "acts": sorted(((act.value, act_words(act)) for act in Act), key=lambda one: one[1]),
        "subjects": sorted(((c, subject_words(c)) for c in SUBJECTS), key=lambda one: one[::-1]),
        "lenders": queries.lenders(),
        "lines": _lines(shown),
        "state": queries.state(),
        "wrong": asked.wrong,
        "after": _key_text(shown[-1]) if len(rows) > PAGE_ROWS else "",
    }
    audit.record(Act.AUDIT_SEEN, "audit", None, facts=_filters(asked))
    return render(request, "web/audit/record.html", context, status=422 if asked.wrong else 200)


def _asked(request: HttpRequest) -> Asked:
    def said(name: str) -> str:
        return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]

    wrong: dict[str, str] = {}
    return Asked(
        contract=said("contract"),
        actor=said("actor"),
        act=said("act") if said("act") in set(Act) else "",
        subject=said("subject") if said("subject") in SUBJECTS else "",
        number=number_asked(request, "number"),
        lender=number_asked(request, "lender"),
        since=_day("since", said("since"), wrong),
        until=_day("until", said("until"), wrong),
        after=_key(said("after")),
        wrong=wrong,
    )


def _day(name: str, text: str, wrong: dict[str, str]) -> date | None:
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    # The first and the last day there is have no midnight before or after them in every zone.
    if text and (found is None or not date(1970, 1, 1) <= found <= date(9000, 1, 1)):
        wrong[name] = _("This is not a day.")
        return None
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _key(text: str) -> Key | None:
    """The place of the last event on the page before, as the address says it."""
    at, _first, rest = text.partition("~")
    chain, _second, number = rest.partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    if not (chain.isascii() and chain.isdigit() and number.isascii() and number.isdigit()):
        return None
    return moment, min(int(chain), 0x7FFF), min(int(number), 2**62)


def _key_text(row: EventRow) -> str:
    at, chain, number = row.key
    return f"{at.isoformat()}~{chain}~{number}"


def _rows(asked: Asked) -> list[EventRow]:
    """The events and one more; none, and why, where something asked for is wrong."""
    try:
        contract_id = _contract(asked) if asked.contract else None
    except Refused as no:
        asked.wrong["contract"] = words_of(no)
    if asked.wrong:
        return []
    return queries.events(
        contract_id=contract_id,
        actor=asked.actor,
        act=asked.act,
        subject=asked.subject,
        subject_ids=None if asked.number is None else (asked.number,),
        lender_id=asked.lender,
        since=_midnight(asked.since) if asked.since else None,
        before=_midnight(asked.until + timedelta(days=1)) if asked.until else None,
        after=asked.after,
        limit=PAGE_ROWS + 1,
    )


def _contract(asked: Asked) -> int:
    """The contract meant, of the lender chosen if one is. Raises ContractUnknown and the like."""
    return contract_numbered(asked.contract, lender_id=asked.lender)


def _lines(rows: list[EventRow]) -> list[EventLine]:
    """The events in words, with the names of people and the numbers of contracts."""
    staff = queries.staff_names(staff_ids(rows))
    numbers = queries.contract_numbers({c for r in rows for c in r.contract_ids[:CONTRACTS_SHOWN]})
    return [_line(row, staff, numbers) for row in rows]


def _line(row: EventRow, staff: dict[int, str], numbers: dict[int, str]) -> EventLine:
    shown = tuple(numbers[c] for c in row.contract_ids[:CONTRACTS_SHOWN] if c in numbers)
    return EventLine(
        row=row,
        act=act_words(row.act),
        subject=subject_words(row.subject),
        told=told(row, staff),
        contracts=shown,
        more_contracts=max(0, len(row.contract_ids) - CONTRACTS_SHOWN),
        raw=json.dumps(row.facts, ensure_ascii=False, indent=1, sort_keys=True),
    )


def _filters(asked: Asked) -> dict[str, str | int]:
    """What was asked for, for the record of the reading itself."""
    said: dict[str, str | int | None] = {
        "contract": asked.contract,
        "actor": asked.actor,
        "act": asked.act,
        "subject": asked.subject,
        "number": asked.number,
        "lender": asked.lender,
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "",
    }
    return {name: value for name, value in said.items() if value not in ("", None)}
