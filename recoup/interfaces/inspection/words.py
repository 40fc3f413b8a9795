"""What chapters and columns of a case file are called, and how their values are written."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from recoup.core.arrears import bucket_code
from recoup.core.money import Money
from recoup.interfaces.ui.formats import NOTHING, day_text, money_text
from recoup.interfaces.ui.labels import label_of
from recoup.modules.inspection.rules import Chapter

CHAPTERS: dict[Chapter, Promise] = {
    Chapter.CONTRACT: lazy("The contract"),
    Chapter.CASE: lazy("In collections"),
    Chapter.PEOPLE: lazy("People named in the contract"),
    Chapter.CONTACT_POINTS: lazy("Their numbers and addresses"),
    Chapter.VEHICLE: lazy("The vehicle"),
    Chapter.POSITION: lazy("What was owed"),
    Chapter.DUES: lazy("Schedule, and what was paid of it"),
    Chapter.PAYMENTS: lazy("Payments"),
    Chapter.ALLOCATIONS: lazy("What each payment settled"),
    Chapter.ENTRIES: lazy("Ledger entries"),
    Chapter.EXTENSIONS: lazy("Extensions"),
    Chapter.ARREARS: lazy("Arrears as the nights wrote them"),
    Chapter.DECISIONS: lazy("Decisions, with rule and version"),
    Chapter.CALLS: lazy("Calls"),
    Chapter.PROMISES: lazy("Promises"),
    Chapter.TIMELINE: lazy("Timeline"),
    Chapter.FILES: lazy("Recordings and files"),
    Chapter.CHANGES: lazy("Changes on record"),
    Chapter.SEEN_BY: lazy("Who saw it"),
}
COLUMNS: dict[str, Promise] = {
    "id": lazy("Number"),
    "number": lazy("Contract number"),
    "lender_id": lazy("Lender's number"),
    "lender_name": lazy("Lender"),
    "product": lazy("Product"),
    "currency": lazy("Currency"),
    "principal_minor": lazy("Principal"),
    "annual_rate_micro": lazy("Annual rate"),
    "term_months": lazy("Term in months"),
    "method": lazy("Repayment"),
    "signed_on": lazy("Signed on"),
    "first_due_on": lazy("First due on"),
    "matures_on": lazy("Matures on"),
    "region": lazy("Region"),
    "penalty_rate_micro": lazy("Penalty rate"),
    "penalty_day_basis": lazy("Days of the penalty year"),
    "penalty_on_interest": lazy("Penalty on interest"),
    "grace_days": lazy("Grace days"),
    "tolerance_pct": lazy("Tolerance in per cent"),
    "penalty_cap_pct": lazy("Penalty cap in per cent"),
    "allocation_rule": lazy("Order of allocation"),
    "opened_on": lazy("Opened on"),
    "closed_on": lazy("Closed on"),
    "state": lazy("State"),
    "bucket": lazy("Bucket"),
    "role": pgettext_lazy("inspection", "Part"),
    "kind": lazy("Kind"),
    "name_masked": lazy("Name, masked"),
    "id_type": lazy("Identity document"),
    "id_number_masked": lazy("Its number, masked"),
    "value_masked": lazy("Number or address, masked"),
    "holder": lazy("Whose"),
    "is_valid": lazy("In use"),
    "make": lazy("Make"),
    "model": lazy("Model"),
    "model_year": lazy("Model year"),
    "is_new": lazy("New when bought"),
    "colour": lazy("Colour"),
    "value_minor": lazy("Value"),
    "valued_on": lazy("Valued on"),
    "lien_registered": lazy("Lien registered"),
    "overdue_cost_minor": lazy("Costs overdue"),
    "overdue_penalty_minor": lazy("Penalty overdue"),
    "overdue_interest_minor": lazy("Interest overdue"),
    "overdue_principal_minor": lazy("Principal overdue"),
    "overdue_total_minor": lazy("Overdue in all"),
    "outstanding_principal_minor": lazy("Principal outstanding"),
    "oldest_due_on": lazy("Oldest open due"),
    "dpd_raw": lazy("Days past due"),
    "dpd_net": lazy("Days past due after grace"),
    "tier": lazy("Class"),
    "seq": lazy("Due number"),
    "due_on": lazy("Due on"),
    "interest_minor": lazy("Interest"),
    "cost_minor": lazy("Costs"),
    "principal_paid_minor": lazy("Principal paid"),
    "interest_paid_minor": lazy("Interest paid"),
    "cost_paid_minor": lazy("Costs paid"),
    "penalty_paid_minor": lazy("Penalty paid"),
    "penalty_open_minor": lazy("Penalty open"),
    "penalty_minor": lazy("Penalty"),
    "exposure_minor": lazy("Exposure"),
    "unpaid_dues": lazy("Unpaid dues"),
    "settled_on": lazy("Settled on"),
    "value_on": lazy("Value date"),
    "amount_minor": lazy("Amount"),
    "channel": lazy("Channel"),
    "reference": lazy("Reference"),
    "received_at": lazy("Received at"),
    "recorded_by": lazy("Recorded by"),
    "reversed_on": lazy("Reversed on"),
    "reversal_reason": lazy("Reason of the reversal"),
    "payment_id": lazy("Payment number"),
    "component": lazy("Settled what"),
    "debit": lazy("To account"),
    "credit": lazy("From account"),
    "booked_at": lazy("Booked at"),
    "decided_on": lazy("Decided on"),
    "months": lazy("Months"),
    "seqs": lazy("Due numbers"),
    "reason": lazy("Reason"),
    "as_of": lazy("As of"),
    "version": lazy("Strategy version"),
    "version_title": lazy("Its title"),
    "rule_position": lazy("Rule number"),
    "dpd_from": lazy("Rule: days from"),
    "dpd_to": lazy("Rule: days to"),
    "overdue_from_minor": lazy("Rule: overdue from"),
    "broken_promises_from": lazy("Rule: broken promises from"),
    "weight": lazy("Rule: weight"),
    "segment": lazy("Segment"),
    "treatment": lazy("Treatment"),
    "priority": lazy("Priority"),
    "reasons": lazy("Reasons"),
    "at": lazy("At"),
    "caller": lazy("Caller"),
    "employee_number": lazy("Employee number"),
    "inbound": lazy("They called us"),
    "person": lazy("Person, masked"),
    "contact_point": lazy("Number called, masked"),
    "result": lazy("Result"),
    "answered": lazy("Answered"),
    "right_party": lazy("The right person"),
    "identity_checked": lazy("Identity checked"),
    "note": lazy("Note"),
    "next_step": lazy("Next step"),
    "next_step_on": lazy("Next step on"),
    "taken_at": lazy("Taken at"),
    "taken_by": lazy("Taken by"),
    "paid_minor": lazy("Paid of it"),
    "business_on": lazy("Business day"),
    "actor": lazy("Who acted"),
    "facts": lazy("Details"),
    "purpose": lazy("What for"),
    "filed_at": lazy("Filed at"),
    "size_bytes": lazy("Size in bytes"),
    "sha256": lazy("SHA-256"),
    "erased_at": lazy("Erased at"),
    "who": lazy("Who"),
    "table": lazy("Table"),
    "op": lazy("Statement"),
    "rows": lazy("Rows changed"),
    "event": lazy("Event on record"),
    "act": pgettext_lazy("audit", "Act"),
}
# Which list of labels a column's codes are in, chapter by chapter where they differ.
CODES: dict[tuple[Chapter | None, str], str] = {
    (None, "method"): "method",
    (None, "role"): "party_role",
    (None, "holder"): "holder",
    (None, "tier"): "tier",
    (None, "channel"): "channel",
    (None, "segment"): "segment",
    (None, "treatment"): "treatment",
    (None, "result"): "call",
    (None, "next_step"): "next_step",
    (None, "reasons"): "reason",
    (Chapter.CASE, "state"): "case",
    (Chapter.PROMISES, "state"): "promise",
    (Chapter.CONTACT_POINTS, "kind"): "contact_kind",
    (Chapter.TIMELINE, "kind"): "timeline",
}


ACTS: dict[str, Promise] = {
    "CASE_SEEN": pgettext_lazy("audit", "Case seen"),
    "ACCOUNT_SEEN": pgettext_lazy("audit", "Account seen"),
    "LISTED": pgettext_lazy("audit", "List seen"),
    "SEARCHED": pgettext_lazy("audit", "Searched"),
    "REVEALED": pgettext_lazy("audit", "Original seen"),
    "AUDIT_SEEN": pgettext_lazy("audit", "Audit record read"),
    "INSPECTED": pgettext_lazy("audit", "Case inspected"),
    "INTAKE_SEEN": pgettext_lazy("audit", "Intake seen"),
    "PRIVACY_SEEN": pgettext_lazy("audit", "Privacy register seen"),
    "STAFF_SEEN": pgettext_lazy("audit", "Staff seen"),
    "API_READ": pgettext_lazy("audit", "Read by interface"),
    "API_CHANGED": pgettext_lazy("audit", "Changed by interface"),
    "EXPORT_ASKED": pgettext_lazy("audit", "Export asked for"),
    "EXPORT_APPROVED": pgettext_lazy("audit", "Export approved"),
    "EXPORT_REFUSED": pgettext_lazy("audit", "Export refused"),
    "EXPORTED": pgettext_lazy("audit", "Exported"),
    "DOWNLOADED": pgettext_lazy("audit", "Downloaded"),
    "SUBJECT_FILE_MADE": pgettext_lazy("audit", "Subject file made"),
    "FILE_STORED": pgettext_lazy("audit", "File stored"),
    "FILE_SEEN": pgettext_lazy("audit", "File opened"),
    "FILE_REFUSED": pgettext_lazy("audit", "File refused"),
    "FILE_FORGOTTEN": pgettext_lazy("audit", "File erased"),
    "ITEM_BORROWED": pgettext_lazy("audit", "Item borrowed"),
    "ITEM_RETURNED": pgettext_lazy("audit", "Item returned"),
    "SIGNED_IN": pgettext_lazy("audit", "Signed in"),
    "SIGN_IN_FAILED": pgettext_lazy("audit", "Sign-in failed"),
    "LOCKED_OUT": pgettext_lazy("audit", "Locked out"),
    "SIGNED_OUT": pgettext_lazy("audit", "Signed out"),
    "SESSION_ENDED": pgettext_lazy("audit", "Session ended"),
    "PASSWORD_CHANGED": pgettext_lazy("audit", "Password changed"),
    "FACTOR_ADDED": pgettext_lazy("audit", "Second factor added"),
    "FACTOR_REMOVED": pgettext_lazy("audit", "Second factor removed"),
    "FACTOR_RESET": pgettext_lazy("audit", "Second factor reset"),
    "ENROLMENT_MADE": pgettext_lazy("audit", "Enrolment code made"),
    "ENROLMENT_SHOWN": pgettext_lazy("audit", "Enrolment code shown"),
    "ENROLMENT_REFUSED": pgettext_lazy("audit", "Enrolment code refused"),
    "KEY_MADE": pgettext_lazy("audit", "Key made"),
    "KEY_REVOKED": pgettext_lazy("audit", "Key revoked"),
    "KEY_ROTATED": pgettext_lazy("audit", "Key renewed"),
    "KEY_REFUSED": pgettext_lazy("audit", "Key refused"),
    "GRANTED": pgettext_lazy("audit", "Role granted"),
    "GRANT_ENDED": pgettext_lazy("audit", "Role ended"),
    "USER_ADDED": pgettext_lazy("audit", "Person added"),
    "USER_DISABLED": pgettext_lazy("audit", "Person disabled"),
    "ROLE_CHANGED": pgettext_lazy("audit", "Role changed"),
    "ROLE_CHANGE_REFUSED": pgettext_lazy("audit", "Change of a role refused"),
    "REFUSED": pgettext_lazy("audit", "Refused"),
    "PLACED": pgettext_lazy("audit", "Placed with an agency"),
    "KEYS_MADE": pgettext_lazy("audit", "Data keys made"),
    "KEYS_ROTATED": pgettext_lazy("audit", "Data keys rotated"),
    "HOLD_SET": pgettext_lazy("audit", "Legal hold set"),
    "HOLD_LIFTED": pgettext_lazy("audit", "Legal hold lifted"),
    "RESTRICTED": pgettext_lazy("audit", "Use restricted"),
    "RESTRICTION_LIFTED": pgettext_lazy("audit", "Restriction of use lifted"),
    "PERSON_FORGOTTEN": pgettext_lazy("audit", "Person forgotten"),
    "CONSENT_GIVEN": pgettext_lazy("audit", "Consent given"),
    "CONSENT_WITHDRAWN": pgettext_lazy("audit", "Consent withdrawn"),
    "REQUEST_RECEIVED": pgettext_lazy("audit", "Request received"),
    "REQUEST_DECIDED": pgettext_lazy("audit", "Request decided"),
    "BACKED_UP": pgettext_lazy("audit", "Backed up"),
    "BACKUP_REMOVED": pgettext_lazy("audit", "Backup removed: its term is over"),
    "RESTORED": pgettext_lazy("audit", "Restored"),
    "CHANGED": pgettext_lazy("audit", "Data changed"),
    "WATCHED": pgettext_lazy("audit", "Table watched"),
    "UNWATCHED": pgettext_lazy("audit", "Table not watched any more"),
}


def act_words(code: str) -> str:
    """What an act is called; an unknown one speaks for itself."""
    return str(ACTS.get(code, code))


def column_words(code: str) -> str:
    """What a column is called."""
    return str(COLUMNS[code])


def cell_words(chapter: Chapter, code: str, value: Any, currency: str) -> str:
    """A value in the reader's language."""
    if value is None or value == "":
        return NOTHING
    if code == "act":
        return act_words(value)
    kind = CODES.get((chapter, code)) or CODES.get((None, code))
    if isinstance(value, list | tuple):
        return ", ".join(cell_words(chapter, code, one, currency) for one in value)
    if kind is not None:
        return str(label_of(kind, value).text)
    return _by_name(code, value, currency) or _by_type(value)


def _by_name(code: str, value: Any, currency: str) -> str:
    for ending, write in _ENDINGS.items():
        if code.endswith(ending):
            return write(value, currency)
    return ""


_ENDINGS: dict[str, Callable[[Any, str], str]] = {
    "_minor": lambda value, currency: money_text(Money(int(value), currency)),
    "_micro": lambda value, currency: f"{value / 10_000:g} %",
    "bucket": lambda value, currency: bucket_code(int(value)),
}


def _by_type(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)
