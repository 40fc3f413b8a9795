"""What happened, in the reader's words: one line per entry of the timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from recoup.core.account import Account
from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.core.waterfall import Component
from recoup.interfaces.ui.formats import count_text, days_text, money_text, short_day_text
from recoup.interfaces.ui.labels import label_of
from recoup.modules.cases.queries import TimelineRow
from recoup.modules.cases.rules import TimelineKind


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line: what (as a pill would say it), the rest in words, a note as it was written."""

    kind: TimelineKind
    words: str
    note: str
    at: datetime
    business_on: date
    actor: str
    result: str = ""
    is_struck: bool = False


def timeline_line(row: TimelineRow, account: Account | None) -> TimelineLine:
    """An entry in words; an unknown kind still shows its name, time and who."""
    facts = row.facts
    currency = account.terms.currency if account else "CNY"
    if row.kind is TimelineKind.PAYMENT_POSTED:
        words = _payment(row, account)
    else:
        words = _WORDS.get(row.kind, _nothing)(facts, currency)
    return TimelineLine(
        kind=row.kind,
        words=words,
        note=str(facts.get("note") or facts.get("reason") or ""),
        at=row.at,
        business_on=row.business_on,
        actor=row.actor,
        result=str(facts.get("result", "")),
        is_struck=bool(facts.get("reversed_on")),
    )


def settled_words(account: Account, payment_id: int) -> str:
    """“penalty ¥ 41.20, interest ¥ 612.55 …”: what a payment settled, by component."""
    amounts = dict.fromkeys(Component, 0)
    for part in account.allocations:
        if part.payment_id == payment_id:
            amounts[part.component] += part.amount
    rest = sum(r.amount for r in account.unallocated_by_payment if r.payment_id == payment_id)
    names = {
        Component.COST: _("costs"),
        Component.PENALTY: _("penalty"),
        Component.INTEREST: _("interest"),
        Component.PRINCIPAL: _("principal"),
    }
    currency = account.terms.currency
    said = [
        f"{names[component]} {money_text(Money(amount, currency))}"
        for component, amount in amounts.items()
        if amount
    ]
    if rest:
        said.append(f"{_('credit')} {money_text(Money(rest, currency))}")
    return _(", ").join(said)


def _payment(row: TimelineRow, account: Account | None) -> str:
    currency = account.terms.currency if account else "CNY"
    said = money_text(Money(row.facts["amount_minor"], currency))
    settled = settled_words(account, row.payment_id or 0) if account else ""
    if settled:
        said = f"{said} → {settled}"
    if row.facts.get("reversed_on"):
        said = f"{said} · {_('reversed')}"
    return f"{said} · {label_of('channel', row.facts['channel']).text}"


def _nothing(facts: dict[str, Any], currency: str) -> str:
    return ""


def _call(facts: dict[str, Any], currency: str) -> str:
    who = label_of("party_role", facts.get("role", "")).text
    said = [str(label_of("call", facts["result"]).text), str(who)]
    if facts.get("inbound"):
        said.append(_("they called us"))
    if facts.get("identity_checked"):
        said.append(_("identity checked"))
    step = label_of("next_step", facts["next_step"]).text
    said.append(f"{_('next')}: {step} {short_day_text(date.fromisoformat(facts['next_step_on']))}")
    return " · ".join(said)


def _promise(facts: dict[str, Any], currency: str) -> str:
    said = _("%(amount)s by %(day)s") % {
        "amount": money_text(Money(facts["amount_minor"], facts.get("currency", currency))),
        "day": short_day_text(date.fromisoformat(facts["due_on"])),
    }
    if facts.get("replaced"):
        said += " · " + _("replaces the promise before")
    return said


def _judged(facts: dict[str, Any], currency: str) -> str:
    paid = money_text(Money(facts.get("paid_minor", 0), currency))
    return _("%(promise)s · paid %(paid)s") % {"promise": _promise(facts, currency), "paid": paid}


def _opened(facts: dict[str, Any], currency: str) -> str:
    return _("%(bucket)s · %(days)s past due · %(amount)s overdue") % {
        "bucket": bucket_code(facts["bucket"]),
        "days": days_text(facts["dpd"]),
        "amount": money_text(Money(facts.get("overdue_minor", 0), currency)),
    }


def _moved(facts: dict[str, Any], currency: str) -> str:
    return f"{bucket_code(facts['from_bucket'])} → {bucket_code(facts['to_bucket'])}"


def _cured(facts: dict[str, Any], currency: str) -> str:
    return _("after %(days)s in collections") % {"days": days_text(facts["days_in_collections"])}


def _treated(facts: dict[str, Any], currency: str) -> str:
    before = label_of("treatment", facts["from_treatment"]).text
    after = label_of("treatment", facts["to_treatment"]).text
    return f"{before} → {after}"


def _taken(facts: dict[str, Any], currency: str) -> str:
    return _("number %(rank)s of the worklist") % {"rank": count_text(facts["rank"])}


def _assigned(facts: dict[str, Any], currency: str) -> str:
    if "agency_id" not in facts:
        return ""  # by the night, to a collector
    if facts["agency_id"] is None:
        return _("taken back from the agency")
    return _("with the agency %(name)s") % {"name": facts.get("agency", "")}


def _reversed(facts: dict[str, Any], currency: str) -> str:
    return money_text(Money(facts["amount_minor"], currency))


def _shown(facts: dict[str, Any], currency: str) -> str:
    return str(label_of("reveal_purpose", facts["purpose"]).text) if "purpose" in facts else ""


_WORDS: dict[TimelineKind, Callable[[dict[str, Any], str], str]] = {
    TimelineKind.CALL_LOGGED: _call,
    TimelineKind.PROMISE_TAKEN: _promise,
    TimelineKind.PROMISE_KEPT: _judged,
    TimelineKind.PROMISE_PARTLY_KEPT: _judged,
    TimelineKind.PROMISE_BROKEN: _judged,
    TimelineKind.CASE_OPENED: _opened,
    TimelineKind.BUCKET_MOVED: _moved,
    TimelineKind.CASE_CURED: _cured,
    TimelineKind.CASE_TAKEN: _taken,
    TimelineKind.CASE_ASSIGNED: _assigned,
    TimelineKind.TREATMENT_CHANGED: _treated,
    TimelineKind.PAYMENT_REVERSED: _reversed,
    TimelineKind.PERSONAL_DATA_SHOWN: _shown,
}
