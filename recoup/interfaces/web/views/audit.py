"""The record of who saw and changed what, for those who audit. Reading it is on record too."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from recoup.core.refusals import Refused
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act, queries
from recoup.interfaces.inspection.words import act_words
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.refusal_words import words_of
from recoup.modules.inspection.services import contract_numbered

PAGE_ROWS = 50
LONGEST = 64
FACTS_SHOWN = 300
FOR_VERIFICATION = {"images", "sums", "columns", "left_out", "key", "text", "body"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the record."""

    contract: str
    actor: str
    act: str
    before: datetime | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in the reader's words."""

    row: queries.EventRow
    act: str
    facts: str


@require_GET
@needs(Right.SEE_AUDIT)
def record(request: HttpRequest) -> HttpResponse:
    """A page of events, newest first; of one contract, person or kind if so asked."""
    asked = _asked(request)
    rows, wrong = _rows(asked)
    shown = rows[:PAGE_ROWS]
    context = {
        "asked": asked,
        "acts": sorted(((act.value, act_words(act)) for act in Act), key=_text),
        "lines": [EventLine(row, act_words(row.act), _facts(row)) for row in shown],
        "state": queries.state(),
        "wrong": wrong,
        "earlier": shown[-1].at.isoformat() if len(rows) > PAGE_ROWS else "",
    }
    audit.record(Act.AUDIT_SEEN, "audit", None, facts=_filters(asked))
    return render(request, "web/audit/record.html", context)


def _asked(request: HttpRequest) -> Asked:
    def said(name: str) -> str:
        return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]

    return Asked(
        contract=said("contract"),
        actor=said("actor"),
        act=said("act") if said("act") in set(Act) else "",
        before=_moment(said("before")),
    )


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _rows(asked: Asked) -> tuple[list[queries.EventRow], str]:
    """The events and one more, or why there are none."""
    try:
        contract_id = contract_numbered(asked.contract) if asked.contract else None
    except Refused as no:
        return [], words_of(no)
    rows = queries.events(
        contract_id=contract_id,
        actor=asked.actor,
        act=asked.act,
        before=asked.before,
        limit=PAGE_ROWS + 1,
    )
    return rows, ""


def _filters(asked: Asked) -> dict[str, str]:
    said = {"contract": asked.contract, "actor": asked.actor, "act": asked.act}
    return {name: text for name, text in said.items() if text}


def _facts(row: queries.EventRow) -> str:
    """Images and sums are for verification; here is said what was done."""
    said = {name: value for name, value in row.facts.items() if name not in FOR_VERIFICATION}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""
    return text if len(text) <= FACTS_SHOWN else text[:FACTS_SHOWN] + "…"


def _text(act: tuple[str, str | Promise]) -> str:
    return str(act[1])
