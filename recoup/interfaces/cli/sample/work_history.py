"""A made-up day of work before the business day: calls, promises, one payment. All synthetic.

Real loans keep their real payments; only made-up contracts receive a made-up one. Every note says
that it is made up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from recoup.core.money import Money
from recoup.foundation import db
from recoup.interfaces.cli.sample import made_up_loans
from recoup.interfaces.cli.sample.people import pick
from recoup.modules.comms.rules import CallRefused, CallResult
from recoup.modules.desk import services as desk
from recoup.modules.ledger import services as ledger
from recoup.modules.ledger.rules import Channel
from recoup.modules.plans.services import PromiseGiven

NOTE = "[示例 sample] 合成通话记录 made-up call"
# Chinese business hours; and noon in New York, nine in Los Angeles.
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
RESULTS = (
    CallResult.PROMISE,
    CallResult.NO_ANSWER,
    CallResult.PROMISE,
    CallResult.CALL_BACK,
    CallResult.HARDSHIP,
    CallResult.NO_ANSWER,
    CallResult.REFUSES,
    CallResult.PROMISE,
    CallResult.WANTS_PLAN,
    CallResult.NO_ANSWER,
)
# Which cases were called: all made-up ones, and a share of the real ones, nearest to cure first.
CASES = """
SELECT k.contract_id, k.collector_id, c.number, c.currency, p.id AS point_id,
       s.principal_minor + s.interest_minor + s.cost_minor + s.penalty_minor AS overdue_minor
  FROM cases_case k
  JOIN contracts_contract c ON c.id = k.contract_id
  JOIN arrears_snapshot s ON s.contract_id = k.contract_id AND s.as_of = %(as_of)s
  JOIN LATERAL (SELECT id FROM parties_contactpoint
                 WHERE party_id = c.borrower_id AND kind = 'MOBILE' AND holder = 'SELF'
                 ORDER BY id LIMIT 1) p ON true
 WHERE k.closed_on IS NULL AND k.collector_id IS NOT NULL AND s.bucket BETWEEN 1 AND 4
 ORDER BY c.number
"""
REAL_CALLED_PCT = 25


@dataclass(frozen=True, slots=True)
class Worked:
    """A case that somebody calls on the day before."""

    contract_id: int
    collector_id: int
    number: str
    currency: str
    point_id: int
    overdue_minor: int


def make(day: date) -> int:
    """Call the chosen cases on a business day; return how many calls were logged."""
    return sum(_call(case, day) for case in _cases(day))


def _cases(day: date) -> Iterator[Worked]:
    for row in db.ask(CASES, {"as_of": day}):
        case = Worked(**row)
        is_made_up = case.number.startswith(made_up_loans.CODE)
        if is_made_up or pick(case.number, "called", 100) < REAL_CALLED_PCT:
            yield case


def _call(case: Worked, day: date) -> bool:
    """One call; a call the gate does not allow is not made."""
    result = RESULTS[pick(case.number, "result", len(RESULTS))]
    promise = _promise(case, day) if result is CallResult.PROMISE else None
    at = _moment(case, day)
    try:
        desk.log_call(
            contract_id=case.contract_id,
            contact_point_id=case.point_id,
            result=result,
            identity_checked=result is not CallResult.NO_ANSWER,
            note=NOTE,
            form_key=uuid5(NAMESPACE_URL, f"sample:{case.number}:{day}"),
            actor_id=case.collector_id,
            at=at,
            as_of=day,
            promise=promise,
        )
    except CallRefused:
        return False
    if promise is not None and promise.due_on == day and case.currency == "CNY":
        _pay(case, promise, day, at)
    return True


def _moment(case: Worked, day: date) -> datetime:
    """Within the hours allowed where the borrower lives."""
    zone = SHANGHAI if case.currency == "CNY" else NEW_YORK
    first = time(9, 30) if case.currency == "CNY" else time(12, 0)
    minutes = pick(case.number, "minute", 7 * 60)
    return datetime.combine(day, first, zone) + timedelta(minutes=minutes)


def _promise(case: Worked, day: date) -> PromiseGiven:
    """Some due at once, some on the business day, some later; all of what is overdue, or half."""
    days = (0, 0, 1, 1, 3, 6, 10)[pick(case.number, "promise", 7)]
    parts = 1 + pick(case.number, "half", 2)
    amount = max(1, case.overdue_minor // parts)
    return PromiseGiven(Money(amount, case.currency), day + timedelta(days=days))


def _pay(case: Worked, promise: PromiseGiven, day: date, at: datetime) -> None:
    """Of the made-up borrowers who promised for the same day, one in two pays."""
    if pick(case.number, "pays", 2):
        return
    ledger.record_payment(
        contract_id=case.contract_id,
        amount_minor=promise.amount.minor,
        currency=promise.amount.currency,
        value_on=day,
        channel=Channel.TRANSFER,
        reference=f"sample-{case.number}-{day}",
        actor_id=case.collector_id,
        at=at,
        as_of=day,
    )
