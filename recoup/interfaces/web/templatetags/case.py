"""Tags of the case and account pages: `{% load case %}`, beside the kit's `ui`."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _

from recoup.core.account import DueExplanation, Explanation, Segment
from recoup.core.money import Money
from recoup.core.penalty import MICRO
from recoup.interfaces.ui import formats, labels
from recoup.interfaces.web.timeline_words import TimelineLine
from recoup.modules.cases.queries import TimelineGroup
from recoup.modules.cases.rules import TimelineKind
from recoup.modules.compliance.profiles import RULES, Rule
from recoup.modules.compliance.queries import ContactState
from recoup.modules.compliance.rules import Count, Reason
from recoup.modules.ledger.rules import AccountCode
from recoup.modules.parties.queries import ContactPointRow, Person
from recoup.modules.parties.services import NumberInFull, PersonInFull

register = template.Library()

GATE_TONE = {"ALLOWED": "good", "NOT_NOW": "warn", "NEVER": "bad"}


@register.simple_tag(takes_context=True)
def person_name(context: Context, person: Person) -> str:
    """The name: masked, unless it was asked for with a reason."""
    shown = _shown(context, person)
    return shown.name if shown else person.name_masked


@register.simple_tag(takes_context=True)
def person_id(context: Context, person: Person) -> str:
    """The number of the identity document, masked unless asked for."""
    shown = _shown(context, person)
    return shown.id_number if shown else person.id_number_masked


@register.simple_tag(takes_context=True)
def person_born_on(context: Context, person: Person) -> str:
    """The birthday, masked unless asked for."""
    shown = _shown(context, person)
    return formats.day_text(shown.born_on) if shown and shown.born_on else person.born_on_masked


@register.simple_tag(takes_context=True)
def person_employer(context: Context, person: Person) -> str:
    """The employer, masked unless asked for."""
    shown = _shown(context, person)
    return shown.employer if shown else person.employer_masked


@register.simple_tag(takes_context=True)
def contact_value(context: Context, point: ContactPointRow) -> str:
    """A number or address, masked unless it or its owner was asked for."""
    number: NumberInFull | None = context.get("number")
    if number is not None and number.contact_point_id == point.id:
        return number.value
    everyone: Mapping[int, PersonInFull] = context.get("shown") or {}
    values = (shown.contacts.get(point.id) for shown in everyone.values())
    return next((value for value in values if value), point.value_masked)


def _shown(context: Context, person: Person) -> PersonInFull | None:
    everyone: Mapping[int, PersonInFull] = context.get("shown") or {}
    return everyone.get(person.id)


@register.filter
def gate_tone(verdict: str | None) -> str:
    """The strip's tone."""
    return GATE_TONE.get(str(verdict), "")


@register.simple_tag
def gate_reason(reason: Reason) -> str:
    """A reason of the gate in words."""
    return _(reason.message)


@register.simple_tag
def gate_limit(limit: Count) -> str:
    """What a limit counts."""
    return {
        "TALKS_TODAY": _("Conversations today"),
        "UNANSWERED_TODAY": _("Unanswered today"),
        "CALLS_THIS_WEEK": _("Calls in 7 days"),
    }.get(limit.code, limit.code)


@register.filter
def gate_rules(state: ContactState | None) -> list[dict[str, object]]:
    """The rules behind a verdict: those looked at, and those of the reasons."""
    if state is None:
        return []
    found = dict.fromkeys(state.rule_ids)
    reasons = getattr(state, "reasons", ()) or getattr(state, "warnings", ())
    found.update(dict.fromkeys(rule_id for reason in reasons for rule_id in reason.rule_ids))
    return [_rule(RULES[rule_id]) for rule_id in found]


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "words": _(rule.says),
        "citation": rule.citation,
        "effect": rule.effect.value,
    }


@register.simple_tag
def local_clock(moment: datetime | None) -> str:
    """The clock at the debtor's place, where it differs from the reader's; else nothing."""
    if moment is None:
        return ""
    here = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return "" if here.utcoffset() == moment.utcoffset() else f"{moment:%H:%M}"


@register.simple_tag
def short_day_words(day: date | None) -> str:
    """A day as plain words, for use inside other words."""
    return formats.short_day_text(day)


@register.filter
def rate(rate_micro: int) -> str:
    """84000 → 8.4 %."""
    locale = formats.reader_locale()
    return f"{format_decimal(rate_micro / 10_000, format='0.0###', locale=locale)}%"


@register.simple_tag
def timeline_group(group: TimelineGroup) -> str:
    """What a filter of the timeline is called."""
    return {
        TimelineGroup.ALL: _("All"),
        TimelineGroup.CALLS: _("Calls"),
        TimelineGroup.PROMISES: _("Promises"),
        TimelineGroup.MONEY: _("Money"),
        TimelineGroup.CASE: _("Case"),
    }[group]


@register.simple_tag
def timeline_entry(line: TimelineLine) -> str:
    """One line of the timeline; a payment that did not stand is struck out."""
    known = labels.label_of("timeline", line.kind)
    tone = labels.label_of("call", line.result).tone if line.result else known.tone
    words = format_html("<s>{}</s>", line.words) if line.is_struck else line.words
    note = format_html('<span class="note">{}</span>', line.note) if line.note else ""
    when = _when(line)
    return format_html(
        '<li class="{}"><b>{}</b> {} {}<span class="quiet small when">{}</span></li>',
        "" if line.is_struck else tone, known.text, words, note, " · ".join(when),
    )  # fmt: skip


def _when(line: TimelineLine) -> list[str]:
    """The business day if another, the moment, and who; money from a file has only its day."""
    if line.kind is TimelineKind.PAYMENT_POSTED and not line.actor:
        return [formats.day_text(line.business_on)]
    when = [formats.moment_text(line.at), line.actor]
    if line.at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() != line.business_on:
        when.insert(0, formats.day_text(line.business_on))
    return [text for text in when if text]


@register.filter
def language_name(code: str) -> str:
    """The language a person speaks; one without a name here is shown as it is."""
    return {"zh": _("Chinese"), "en": _("English"), "es": _("Spanish")}.get(code, code)


@register.simple_tag
def minor_days(amount: int, currency: str) -> str:
    """积数 in major units × days, e.g. 198,094.40."""
    return format_decimal(
        Money(amount, currency).major(), format="#,##0.00", locale=formats.reader_locale()
    )


@register.filter
def segment_days(segment: Segment) -> str:
    """How long a stretch was."""
    return formats.days_text(segment.days)


@register.simple_tag
def overdue_days(due: DueExplanation, explanation: Explanation) -> str:
    """How late a due is."""
    return formats.days_text((explanation.as_of - due.due_on).days)


@register.simple_tag
def penalty_grown(due: DueExplanation, explanation: Explanation) -> str:
    """The sum before rounding, grace and cap, with more decimals than money has."""
    terms = explanation.terms
    exact = Money(due.minor_days * terms.penalty_rate_micro, terms.currency).major()
    grown = exact / (MICRO * terms.penalty_day_basis)
    return format_decimal(grown, format="#,##0.0000", locale=formats.reader_locale())


@register.filter
def account_name(code: AccountCode) -> str:
    """An account of the ledger by name."""
    return {
        AccountCode.BANK: _("bank"),
        AccountCode.UNALLOCATED: _("not yet shared out"),
        AccountCode.COST: _("costs"),
        AccountCode.PENALTY: _("penalty"),
        AccountCode.INTEREST: _("interest"),
        AccountCode.PRINCIPAL: _("principal"),
        AccountCode.WAIVED: _("waived"),
        AccountCode.WRITTEN_OFF: _("written off"),
        AccountCode.SUSPENSE: _("not yet known whose"),
        AccountCode.REFUND_DUE: _("owed back"),
        AccountCode.REFUND_SHORT: _("claimed back from the payer"),
        AccountCode.CASH_BOX: _("cash box"),
        AccountCode.REMITTED: _("handed to the lender"),
        AccountCode.OWN_BANK: _("our own bank"),
    }[code]


@register.filter
def component_name(component: str) -> str:
    """A part of what is owed by name."""
    return {
        "cost": _("costs"),
        "penalty": _("penalty"),
        "interest": _("interest"),
        "principal": _("principal"),
    }[str(component)]


@register.simple_tag
def due_name(seq: int) -> str:
    """“Instalment 20”, 第 20 期."""
    return _("Instalment %(seq)s") % {"seq": seq}


@register.simple_tag
def form_of_address(name: str) -> str:
    """How a caller asks for somebody: 王先生/女士, Mr/Ms Smith."""
    bare = name.strip()
    is_chinese = bool(bare) and "\u3400" <= bare[0] <= "\u9fff"
    family = bare[:1] if is_chinese else bare.split(" ")[-1]
    return _("Mr/Ms %(family)s") % {"family": family}


@register.simple_tag
def next_day(as_of: date, in_days: int) -> str:
    """The day of a next step."""
    return formats.day_text(as_of + timedelta(days=in_days))
