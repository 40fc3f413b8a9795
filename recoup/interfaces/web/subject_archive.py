"""What is handed to a person who asked for their data: one ZIP of pages, data and hashes."""

import io
import json
import zipfile
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from recoup.core.money import Money
from recoup.interfaces.ui.labels import LABELS, label_of
from recoup.modules.privacy.subject import SubjectFile

LANGUAGES = {"zh-hans": "zh.html", "en": "en.html"}
TITLES = {
    "person": _("Who you are in our records"),
    "contact_points": _("How you can be reached"),
    "contracts": _("Contracts you are named in"),
    "vehicles": _("Vehicles"),
    "dues": _("Instalments"),
    "payments": _("Payments"),
    "cases": _("Collection cases, and who worked them"),
    "calls": _("Calls with you"),
    "promises": _("Promises to pay"),
    "events": _("What happened in collections"),
    "decisions": _("Decisions made by rules"),
    "consents": _("Your consents"),
    "requests": _("Your requests"),
    "restrictions": _("When what is kept about you was not used"),
    "retention": _("How long what is kept, and why"),
}
HEADINGS = {
    "name": _("Name"), "id_number": _("Identity number"), "employer": _("Employer"),
    "kind": _("Kind"), "id_type": _("Identity document"), "born_on": _("Born on"),
    "language": _("Language"), "region": _("Region"), "occupation": _("Occupation"),
    "income": _("Monthly income"), "spending": _("Monthly spending"),
    "credit_score": _("Credit score"), "lender": _("Lender"), "value": _("Number or address"),
    "holder": _("Whose it is"), "is_valid": _("Valid"), "number": _("Contract"),
    "role": _("Part"), "product": _("Product"), "principal": _("Principal"),
    "annual_rate_micro": _("Annual rate, in millionths"), "term_months": _("Months"),
    "signed_on": _("Signed on"), "first_due_on": _("First due on"), "matures_on": _("Ends on"),
    "state": _("State"), "make": _("Make"), "model": _("Model"), "model_year": _("Year"),
    "plate": _("Plate"), "vin": _("Vehicle number"), "colour": _("Colour"),
    "valued_on": _("Valued on"), "seq": _("No."), "due_on": _("Due on"),
    "interest": _("Interest"), "cost": _("Costs"), "paid": _("Paid"),
    "settled_on": _("Settled on"), "value_on": _("Value date"), "amount": _("Amount"),
    "channel": _("Channel"), "reference": _("Reference"), "reversed_on": _("Reversed on"),
    "opened_on": _("Opened on"), "closed_on": _("Closed on"), "treatment": _("Treatment"),
    "agency": _("Agency"), "at": _("When"), "inbound": _("You called"), "result": _("Result"),
    "identity_checked": _("Identity checked"), "note": _("Note"), "taken_on": _("Taken on"),
    "as_of": _("Day"), "segment": _("Segment"), "reasons": _("Because of"),
    "rule_position": _("Rule no."), "version": _("Version"), "code": _("Use"),
    "sensitive_kind": _("Sensitive data"), "text_zh": _("Wording, Chinese"),
    "text_en": _("Wording, English"), "given_on": _("Given on"),
    "withdrawn_on": _("Withdrawn on"), "received_on": _("Received on"),
    "answer": _("Answer"), "decided_at": _("Decided"), "months": _("Months"),
    "action": _("Then"), "basis": _("Basis"), "cause": _("Cause"), "placed_at": _("Since"),
    "lifted_at": _("Until"),
}  # fmt: skip
# Whose words stand in labels under another name than the column's.
_WORDS = {
    ("contact_points", "kind"): "contact_kind",
    ("contact_points", "holder"): "holder",
    ("contracts", "role"): "party_role",
    ("contracts", "state"): "contract",
    ("cases", "state"): "case",
    ("cases", "treatment"): "treatment",
    ("calls", "result"): "call",
    ("promises", "state"): "promise",
    ("events", "kind"): "timeline",
    ("decisions", "segment"): "segment",
    ("decisions", "treatment"): "treatment",
    ("payments", "channel"): "channel",
    ("consents", "sensitive_kind"): "sensitive_kind",
    ("consents", "channel"): "privacy_channel",
    ("requests", "kind"): "data_request_kind",
    ("requests", "state"): "data_request",
    ("restrictions", "cause"): "restriction_cause",
    ("retention", "kind"): "data_kind",
    ("retention", "action"): "retention_action",
}


def archive(file: SubjectFile, made_at: str) -> bytes:
    """The ZIP: data.json, a page per language, and manifest.json with the hash of each."""
    data = {"request": file.request_id, "made_at": made_at, "sections": file.sections}
    parts = {"data.json": json.dumps(data, ensure_ascii=False, indent=1, default=str).encode()}
    for language, name in LANGUAGES.items():
        with translation.override(language):
            parts[name] = _page(file, made_at).encode()
    hashes = {name: sha256(content).hexdigest() for name, content in parts.items()}
    parts["manifest.json"] = json.dumps(hashes, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _page(file: SubjectFile, made_at: str) -> str:
    sections = [
        (TITLES[name], _table(name, rows), name == "decisions")
        for name, rows in file.sections.items()
        if rows
    ]
    context = {"sections": sections, "made_at": made_at, "request_id": file.request_id}
    return render_to_string("web/privacy/subject_file.html", context)


def _table(section: str, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    shown = [_amounts(row) for row in rows]
    return {
        "heads": [HEADINGS.get(name, name) for name in shown[0]],
        "rows": [[_cell(section, name, value) for name, value in row.items()] for row in shown],
    }


def _amounts(row: dict[str, Any]) -> dict[str, Any]:
    """Minor units and currency as amounts; the currency's own column goes."""
    currency = row.get("currency")
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_minor"):
            amount = None if value is None or currency is None else Money(int(value), currency)
            shown[name.removesuffix("_minor")] = amount
        elif name != "currency":
            shown[name] = value
    return shown


def _cell(section: str, name: str, value: Any) -> object:
    if isinstance(value, Money):
        return f"{value.major()} {value.currency}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = _WORDS.get((section, name))
    if words in LABELS and value:
        return label_of(words, value).text
    return "" if value is None else value
