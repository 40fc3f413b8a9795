"""The team leader's page: today's portfolio, its flow since the last night, and the day's work."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from recoup.core.arrears import BUCKET_CODES
from recoup.foundation import audit
from recoup.foundation.access.rights import Right
from recoup.foundation.audit import Act
from recoup.interfaces.web.allowed import needs
from recoup.interfaces.web.pages import Chip, number_asked
from recoup.interfaces.web.shell import shell_of
from recoup.modules.analytics import queries
from recoup.modules.analytics.rules import Move
from recoup.modules.assignment.queries import CollectorWork, work_of_collectors
from recoup.modules.custody.queries import overdue
from recoup.modules.workforce.queries import teams


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One currency's part of the page; `top_*` are the scales of its charts."""

    flow: queries.CurrencyFlow
    buckets: list[queries.BucketTotal]
    moves: list[queries.BucketMoves]
    top_overdue: int
    top_share: float
    new: int
    change: int
    cured: int
    forward: int
    back: int


@require_GET
@needs(Right.SEE_TEAM)
def team(request: HttpRequest) -> HttpResponse:
    """The portfolio of a team, or of all."""
    as_of = shell_of(request).business_day
    if as_of is None:
        return render(request, "web/worklist/before_first_night.html")
    team_id = number_asked(request, "team")
    work = work_of_collectors(as_of=as_of, team_id=team_id)
    context = {
        "team_id": team_id,
        "chips": _chips(team_id),
        "portfolios": [_portfolio(f) for f in queries.flow_of_day(as_of=as_of, team_id=team_id)],
        "promises": queries.promises_of_day(as_of=as_of, team_id=team_id),
        "work": work,
        "total": _total(work),
        "bucket_codes": BUCKET_CODES,
        "overdue_things": overdue(as_of=as_of, team_id=team_id),
    }
    audit.record(Act.LISTED, "team", team_id, facts={"collectors": len(work)})
    return render(request, "web/team/team.html", context)


def _chips(team_id: int | None) -> list[Chip]:
    chips = [Chip("", _("All teams"), team_id is None)]
    return chips + [Chip(f"team={t.id}", t.name, t.id == team_id) for t in teams()]


def _portfolio(flow: queries.CurrencyFlow) -> Portfolio:
    buckets = flow.buckets()
    moves = [move for move in flow.moves() if move.bucket and move.before]
    shares = [max(m.improved, m.moves[Move.FORWARD]) / m.before for m in moves]
    return Portfolio(
        flow=flow,
        buckets=buckets,
        moves=moves,
        top_overdue=max(total.overdue.minor for total in buckets),
        top_share=max(shares, default=0.0),
        new=flow.moved(Move.NEW),
        change=sum(total.change for total in buckets),
        cured=flow.moved(Move.CURED),
        forward=flow.moved(Move.FORWARD),
        back=flow.moved(Move.BACK),
    )


def _total(work: list[CollectorWork]) -> dict[str, int]:
    names = ("cases", "worked", "opened", "waiting", "calls", "right_party", "promises")
    return {name: sum(getattr(row, name) for row in work) for name in names}
