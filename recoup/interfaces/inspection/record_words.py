"""An event of the record in words: what it was done to, and what of it was and became what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.foundation.audit.queries import EventRow
from recoup.interfaces.inspection.names import field_words, subject_words
from recoup.interfaces.inspection.words import act_words
from recoup.interfaces.ui.formats import NOTHING, count_text, day_text, money_text
from recoup.interfaces.ui.labels import LABELS, label_of

# Which labels the codes of a column are in; where tables differ, the table stands beside it.
CODES: dict[str, str] = {
    "ledger_payment.channel": "channel",
    "cases_case.state": "case",
    "contracts_contract.state": "contract",
    "contracts_contract.method": "method",
    "contracts_contractparty.role": "party_role",
    "parties_contactpoint.kind": "contact_kind",
    "parties_contactpoint.holder": "holder",
    "parties_reveal.purpose": "reveal_purpose",
    "party.purpose": "reveal_purpose",
    "plans_promise.state": "promise",
    "cases_timelineentry.kind": "timeline",
    "comms_call.result": "call",
    "custody_item.kind": "custody_item",
    "custody_movement.kind": "custody_movement",
    "custody_item.movement": "custody_movement",
    "exports_export.state": "export",
    "exports_export.list_code": "export_list",
    "exports_export.purpose": "export_purpose",
    "intake_batch.state": "batch",
    "workforce_grant.role": "role",
    "workforce_role.code": "role",
    "workforce_roleright.role": "role",
    "workforce_roleright.right_code": "right",
    "workforce_role.reach": "reach",
    "privacy_legalhold.scope": "hold_scope",
    "hold.scope": "hold_scope",
    "privacy_datarequest.kind": "data_request_kind",
    "privacy_datarequest.state": "data_request",
    "privacy_consent.state": "consent",
    "privacy_erasurerun.state": "erasure",
    "privacy_datarequest.identity_check": "identity_check",
    "privacy_consentwording.sensitive_kind": "sensitive_kind",
    "privacy_assessment.risk": "risk",
    "segment": "segment",
    "treatment": "treatment",
    "next_step": "next_step",
    "last_result": "call",
}
# Columns that hold the number of a member of staff.
STAFF = frozenset(
    {
        "actor_id",
        "approved_by",
        "asked_by",
        "changed_by",
        "collector_id",
        "decided_by",
        "ended_by",
        "granted_by",
        "holder",
        "holder_id",
        "lifted_by",
        "identified_by",
        "made_by",
        "made_by_id",
        "maker_id",
        "placed_by",
        "planned_by",
        "recorded_by",
        "set_by",
        "taken_by",
        "user_id",
        "withdrawn_by",
    }
)
FOR_VERIFICATION = frozenset(
    {"images", "sums", "columns", "left_out", "key", "text", "body", "kept", "former", "ids"}
)
# Fields that hold another code of the record.
IN_WORDS: dict[str, Callable[[str], str]] = {
    "act": act_words,
    "subject": subject_words,
    "table": subject_words,
}
MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field in words, what it was and what it became."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that changed; without fields, only what the record does not show has changed."""

    id: str
    op: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An event in the reader's words: one line, details, and rows with their fields."""

    line: str
    details: tuple[tuple[str, str], ...]
    rows: tuple[RowChange, ...]
    more: int


def told(event: EventRow, staff: Mapping[int, str]) -> Told:
    """The event in words; `staff` are the names of members of staff by their ids."""
    if event.act == "CHANGED":
        images = event.facts.get("images", ())
        rows = tuple(_row(event.subject, image, staff) for image in images[:MOST_ROWS])
        return Told(_line(event.facts), (), rows, max(0, len(images) - MOST_ROWS))
    if event.act in {"WATCHED", "UNWATCHED"}:
        return Told(_watched(event.facts), (), (), 0)
    said = {k: v for k, v in event.facts.items() if k not in FOR_VERIFICATION or event.subject == k}
    details = ((field_words(k), value_words(event.subject, k, v, staff)) for k, v in said.items())
    return Told("", tuple(details), (), 0)


def staff_ids(events: list[EventRow]) -> set[int]:
    """Members of staff whom the events' fields name by number."""
    found: set[int] = set()
    for event in events:
        sides = [event.facts]
        for image in event.facts.get("images", ())[:MOST_ROWS]:
            sides += [image.get("before") or {}, image.get("after") or {}]
        found |= {v for side in sides for k, v in side.items() if k in STAFF and type(v) is int}
    return found


def value_words(
    subject: str, code: str, value: Any, staff: Mapping[int, str], currency: str = ""
) -> str:
    """A value of a field in the reader's language."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_words(subject, code, one, staff, currency) for one in value)
    if isinstance(value, dict):
        said = (f"{field_words(k)} {value_words(subject, k, v, staff)}" for k, v in value.items())
        return "; ".join(said)
    kind = CODES.get(f"{subject}.{code}") or CODES.get(code)
    if kind is not None and value in LABELS[kind]:
        return str(label_of(kind, value).text)
    return _number_or_text(code, value, staff, currency)


def _number_or_text(code: str, value: Any, staff: Mapping[int, str], currency: str) -> str:
    if code in IN_WORDS and isinstance(value, str):
        return IN_WORDS[code](value)
    if code in STAFF:
        return staff.get(value, str(value))
    if isinstance(value, int) and code.endswith("_minor"):
        return money_text(Money(value, currency)) if currency else _in_minor_units(value)
    if isinstance(value, int) and code.endswith("_micro"):
        return f"{value / 10_000:g} %"
    if isinstance(value, int) and code in {"bucket", "from_bucket", "to_bucket"}:
        return bucket_code(value)
    return _time(value) if isinstance(value, str) else str(value)


def _in_minor_units(value: int) -> str:
    return _("%(amount)s in minor units") % {"amount": count_text(value)}


def _time(text: str) -> str:
    """A day or moment as the record holds it; any other text as it is."""
    if len(text) < len("2026-01-01") or text[4:5] != "-":
        return text
    try:
        if len(text) == len("2026-01-01"):
            day = parse_date(text)
            return day_text(day) if day else text
        at = parse_datetime(text)
    except ValueError:
        return text
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at is not None and at.tzinfo else text


def _row(table: str, image: Mapping[str, Any], staff: Mapping[int, str]) -> RowChange:
    before, after = image.get("before") or {}, image.get("after") or {}
    op = "UPDATE" if before and after else "INSERT" if after else "DELETE"
    names = [k for k in after or before if before.get(k) != after.get(k) and k != "id"]
    currency = str((after or before).get("currency") or "")
    fields = (
        FieldChange(
            field_words(name),
            value_words(table, name, before.get(name), staff, currency),
            value_words(table, name, after.get(name), staff, currency),
        )
        for name in names
    )
    return RowChange(str(image.get("id")), op, tuple(fields))


def _line(facts: Mapping[str, Any]) -> str:
    """How many rows a statement put in, changed, took away or forgot."""
    count = int(facts.get("changed", 0))
    texts = {
        "INSERT": ngettext("%(count)s row added", "%(count)s rows added", count),
        "UPDATE": ngettext("%(count)s row changed", "%(count)s rows changed", count),
        "DELETE": ngettext("%(count)s row deleted", "%(count)s rows deleted", count),
        "TRUNCATE": _("table emptied: %(count)s rows"),
        "FORGET": ngettext("%(count)s value forgotten", "%(count)s values forgotten", count),
    }
    line = texts.get(str(facts.get("op")), "%(count)s") % {"count": count_text(count)}
    if "images" in facts or "ids" not in facts:
        return line
    stretches = [f"{a}" if a == b else f"{a}–{b}" for a, b in facts["ids"][:3]]
    stretches += ["…"] if len(facts["ids"]) > len(stretches) else []
    return _("%(line)s: numbers %(ids)s") % {"line": line, "ids": ", ".join(stretches)}


def _watched(facts: Mapping[str, Any]) -> str:
    if "rows" not in facts:
        return ""
    count = int(facts["rows"])
    text = ngettext("it held %(count)s row", "it held %(count)s rows", count)
    return text % {"count": count_text(count)}
