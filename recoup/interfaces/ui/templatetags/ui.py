"""The kit: `{% load ui %}`. Everything a page shows is made of these and of kit.css.

A page extends `ui/base.html` and fills the blocks `title`, `heading` (the h1 line; put the page's
main actions in `actions`), `main`, and, for whole-width strips above them, `strip`. Pass
`is_synthetic` when any shown name, phone, address or plate is synthetic: the page then says so.
No inline script, style or handler anywhere: the pages are served with a content security policy.

Values (each in the reader's language, escaped):
    {{ row.overdue|money }}                 Money -> ¥ 12,846.37
    {% money row.overdue_minor row.currency %}
    {{ row.due_on|day }} {{ row.due_on|short_day }} {{ row.at|moment }} {{ row.at|clock }}
    {{ 38|days }}   {{ 1234567|count }}   {% percent part whole %}
    {{ plate|masked_plate }} |masked_name |masked_phone |masked_id |masked_email |masked_address
Marks:
    {% bucket 2 %}   {% bucket 2 dpd=38 %}      M2 · 38 days; one hue getting darker
    {% pill "promise" row.state %}             words and tone from ui/labels.py
    {% pill "promise" row.state note="11-20" %}
    {% pill_text _("Broken") "bad" %}          your own words; tones good, warn, bad, info, ""
    {% label "next_step" row.next_step %}      the words alone
Blocks:
    {% card _("Title") aside=html id="x" %}…{% endcard %}      surface with a header
    {% body %}…{% endbody %}                                   padding inside a card
    {% facts %}{% fact _("Phone") %}…{% endfact %}{% endfacts %}
    {% notice "warn" %}…{% endnotice %}                        role=status; "bad" is an alert
    {% empty _("Nothing here") %}what would fill it{% endempty %}
    {% timeline %}{% entry "PROMISE_BROKEN" at=row.at %}…{% endentry %}{% endtimeline %}
    {% steps %}{% step "done" _("Read") aside="1.2 s" %}{% endsteps %}   done, now, failed, todo
    {% dialog "reverse" _("Reverse payment") %}…{% enddialog %}  opened by data-dialog="reverse"
    {% dialog_reason "reverse" title action=address label=words %}{% enddialog_reason %}
    {% kpi _("Worked") %}…{% endkpi %}                         <span class="value">18 / 60</span>
    {% progress 18 60 _("worked") %}                           a bar with its words
    {% error_state title what_is_safe what_to_do %}
    {% bar part whole "b2" %}  {% flow_bar share gone back forward %}   SVG cells of a table.bars
    {% sort_link "dpd" _("Days past due") asked.sort %}   a column's head
    {% query page=2 %}                                    the page's address, changed
    {% include "ui/pager.html" %}                         from web/pages.py: pager
Keys (console.js): any element with data-key="n" is clicked by that key, outside fields; fields are
focused. data-key="mod+enter" works inside fields too. Show keys as <kbd>N</kbd> on the button.
Tables: class "rows"; add "cards" to show rows as cards on a phone: the first cell has class
"lead", every other cell data-label="…" and exactly one element inside; wrap tables in "scroll".
"""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.interfaces.ui import charts, formats, labels
from recoup.modules.parties.rules import (
    masked_address,
    masked_email,
    masked_id,
    masked_name,
    masked_phone,
)
from recoup.modules.vehicles.rules import masked_plate

register = template.Library()

for _mask in (masked_name, masked_phone, masked_id, masked_email, masked_address, masked_plate):
    register.filter(_mask.__name__, _mask)


@register.filter(name="money")
def money_filter(amount: Money | None) -> str:
    """Money in the reader's language."""
    if amount is None:
        return formats.NOTHING
    return format_html('<span class="money">{}</span>', formats.money_text(amount))


@register.simple_tag
def money(minor: int | None, currency: str) -> str:
    """An amount given as minor units and currency."""
    return money_filter(None if minor is None else Money(minor, currency))


@register.filter
def money_plain(amount: Money) -> str:
    """The same without markup, for attributes and sentences."""
    return formats.money_text(amount)


@register.filter
def day(value: date | None) -> str:
    """A day with its year."""
    return _time(value, formats.day_text(value))


@register.filter
def short_day(value: date | None) -> str:
    """A day without its year."""
    return _time(value, formats.short_day_text(value))


@register.filter
def moment(value: datetime | None) -> str:
    """A day and time of day."""
    return _time(value, formats.moment_text(value))


@register.filter
def clock(value: datetime | None) -> str:
    """A time of day."""
    return _time(value, formats.clock_text(value))


def _time(value: date | datetime | None, text: str) -> str:
    if value is None:
        return text
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


register.filter("days", formats.days_text)
register.filter("count", formats.count_text)
register.simple_tag(formats.percent_text, name="percent")


@register.simple_tag
def bucket(number: int, dpd: int | None = None) -> str:
    """A bucket's mark: hue and label together."""
    text = bucket_code(number)
    if dpd is not None:
        text = _("%(bucket)s · %(days)s past due") % {
            "bucket": text,
            "days": formats.days_text(dpd),
        }
    return format_html('<span class="pill bucket b{}">{}</span>', number, text)


@register.simple_tag
def pill(kind: str, code: object, note: object = "") -> str:
    """A code as words and tone."""
    known = labels.label_of(kind, code)
    return pill_text(f"{known.text} · {note}" if note else known.text, known.tone)


@register.simple_tag
def pill_text(text: object, tone: str = "") -> str:
    """Words with a tone."""
    return format_html('<span class="pill {}">{}</span>', tone, text)


@register.simple_tag
def label(kind: str, code: object) -> str:
    """A code as words alone."""
    return str(labels.label_of(kind, code).text)


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: object, aside: object = "", id: str = "", tag: str = "h2") -> str:  # noqa: A002 - the attribute's name
    """A surface with a titled header."""
    mark = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<section class="card"{}><header><{}>{}</{}>{}</header>{}</section>',
        mark, tag, title, tag, aside, content,
    )  # fmt: skip


@register.simple_block_tag(end_name="endbody")
def body(content: str) -> str:
    """Padding inside a card."""
    return format_html('<div class="body">{}</div>', content)


@register.simple_block_tag(end_name="endfacts")
def facts(content: str) -> str:
    """A list of facts: term and value."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag(end_name="endfact")
def fact(content: str, term: object) -> str:
    """One fact; an empty one shows a dash."""
    shown = content if content.strip() else formats.NOTHING
    return format_html("<dt>{}</dt><dd>{}</dd>", term, shown)


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, tone: str = "info") -> str:
    """A strip that says something; "bad" is read out at once."""
    role = "alert" if tone == "bad" else "status"
    return format_html('<div class="notice {}" role="{}">{}</div>', tone, role, content)


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: object) -> str:
    """An empty state: what is missing, and inside, what would fill it."""
    return format_html('<div class="empty"><strong>{}</strong>{}</div>', title, content)


@register.simple_block_tag(end_name="endtimeline")
def timeline(content: str) -> str:
    """A timeline's frame."""
    return format_html('<ol class="timeline" reversed>{}</ol>', content)


@register.simple_block_tag(end_name="endentry")
def entry(content: str, kind: str, at: datetime | None = None) -> str:
    """One thing that happened: its kind in bold, the rest inside."""
    known = labels.label_of("timeline", kind)
    when = format_html(' <span class="quiet small">{}</span>', moment(at)) if at else ""
    return format_html('<li class="{}"><b>{}</b> {}{}</li>', known.tone, known.text, content, when)


@register.simple_block_tag(end_name="endsteps")
def steps(content: str) -> str:
    """The steps of a long job."""
    return format_html('<ol class="steps">{}</ol>', content)


@register.simple_tag
def step(state: str, text: object, aside: object = "") -> str:
    """One step: done, now, failed or todo, also in words for those who do not see the mark."""
    words = {"done": _("done"), "now": _("in progress"), "failed": _("failed")}.get(state, "")
    current = mark_safe(' aria-current="step"') if state == "now" else ""
    return format_html(
        '<li class="{}"{}><span>{} <span class="sr">{}</span></span>'
        '<span class="quiet small">{}</span></li>',
        state, current, text, words, aside,
    )  # fmt: skip


@register.simple_block_tag(end_name="endkpi")
def kpi(content: str, title: object) -> str:
    """A figure with its name."""
    return format_html(
        '<div class="card kpi"><span class="label">{}</span>{}</div>', title, content
    )


@register.simple_tag
def progress(part: int, whole: int, words: object) -> str:
    """A bar; its words are read out."""
    width = round(100 * min(part, whole) / whole, 1) if whole else 0
    return format_html(
        '<svg class="progress" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        ' aria-label="{}: {}"><rect width="{}" height="6"/></svg>',
        words, formats.percent_text(part, whole), str(width),
    )  # fmt: skip


@register.simple_block_tag(takes_context=True, end_name="enddialog")
def dialog(context: Any, content: str, id: str, title: object) -> SafeString:  # noqa: A002
    """A dialog, closed at first; a button with data-dialog="id" opens it."""
    return _template("ui/dialog.html", context, content=content, id=id, title=title)


@register.simple_block_tag(takes_context=True, end_name="enddialog_reason")
def dialog_reason(context: Any, content: str, id: str, title: object, **form: object) -> SafeString:  # noqa: A002
    """A dialog whose form posts a reason to `action`; more fields may stand inside."""
    return _template("ui/dialog_reason.html", context, content=content, id=id, title=title, **form)


@register.simple_tag(takes_context=True)
def error_state(context: Any, title: object, safe: object, todo: object) -> SafeString:
    """What happened, what is safe, and what to do."""
    return _template("ui/error_state.html", context, title=title, safe=safe, todo=todo)


def _template(name: str, context: Any, **values: object) -> SafeString:
    found = context.template.engine.get_template(name)
    # A new context leaves out what the processors said: forms need the token, dialogs the mark.
    values |= {"csrf_token": context.get("csrf_token"), "shell": context.get("shell")}
    rendered: SafeString = found.render(context.new(values))
    return rendered


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: object) -> str:
    """The page's own address with some parameters changed; an empty value removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in ("", None):
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def bar(part: float, whole: float, css: str = "") -> str:
    """A bar for a table cell."""
    return charts.bar(part, whole, css)


@register.simple_tag
def flow_bar(scale: float, whole: int, gone: int, back: int, forward: int) -> str:
    """Where a bucket's contracts went: cured and back to the left, forward to the right."""
    if not whole:
        return charts.diverging(1, [], [])
    better = [(back / whole, "better"), (gone / whole, "gone")]
    return charts.diverging(scale, better, [(forward / whole, "worse")])


@register.simple_tag(takes_context=True)
def sort_link(context: Any, code: str, text: object, current: str) -> str:
    """A column's head that sorts by it; the one in force says so."""
    mark = mark_safe(' <span aria-hidden="true">↓</span>') if code == current else ""
    return format_html(
        '<a href="{}">{}{}</a>', query(context, sort=code, page="", done=""), text, mark
    )
